"""Values of a term: one number, or several where the plan or an optional rider decides."""

from decimal import Decimal

from clause_templates.facts import InCase, Named
from product_factory.assembled import AssembledProduct, TermValue
from product_factory.constants import constant
from product_factory.expressions.scope import Layers
from product_factory.expressions.tree import Call, Expression, Name
from product_factory.scopes import LazyTerms, general_scope

NUMBERS = frozenset({"money", "ratio", "number", "integer", "days", "months", "years", "age"})


def decimal(value: float) -> Decimal:
    """The shortest decimal that reads back as the float: what the author wrote, without zeros."""
    number = Decimal(repr(value))
    return number.to_integral_value() if number == number.to_integral_value() else number


def scalar(product: AssembledProduct, term: TermValue, said: Expression) -> Decimal | Named:
    """A number of the definition, or the name of the quantity that it is."""
    own = LazyTerms(product, product.uses[term.cover])
    number = constant(said, Layers((own, general_scope(product))), term.type)
    named = said.name if isinstance(said, Name) else term.full_name
    return Named(named) if number is None else decimal(number)


def in_cases(product: AssembledProduct, term: TermValue) -> tuple[InCase, ...]:
    """The values of a term that the plan decides, or an optional rider."""
    if term.type.kind not in NUMBERS:
        return ()
    plans = product.product.plans
    found = tuple(
        InCase(plans[one.plan].title.both, scalar(product, term, one.expression), one.at)
        for one in term.plans
    )
    rider = term.expression
    if found or not term.amended or not isinstance(rider, Call):
        return found
    chosen, amended, plain = rider.arguments
    if not isinstance(chosen, Name):
        return found
    title = product.uses[chosen.name].title.both
    with_it = {"zh": f"选择{title['zh']}的，", "en": f"with {title['en']}, "}
    without = {"zh": f"未选择{title['zh']}的，", "en": f"without {title['en']}, "}
    return (
        InCase(without, scalar(product, term, plain), plain.at),
        InCase(with_it, scalar(product, term, amended), term.amended[-1].at),
    )
