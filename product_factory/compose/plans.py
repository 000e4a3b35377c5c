"""Plans: named sets of values that the customer chooses as one (`plan`).

`set` gives terms their value under the plan; `offers` narrows what may be chosen with it. The plan
is a choice like any other, so tables, quotes, `accepts`, portfolio and wording can read it.
"""

from collections.abc import Iterator

from product_factory.assembled import How, PlanValue
from product_factory.compose.made import Said, made
from product_factory.declared import Accepts, Variable
from product_factory.effective.text import as_written
from product_factory.errors import At, Problem, nearest
from product_factory.expressions.tree import Cases, Conditions, Expression, Test
from product_factory.nodes import Map, Node, Seq, Text, said
from product_factory.product import Plan, Product
from product_factory.strict import read

PLAN = "plan"
BOUNDS = {"min": ">=", "max": "<="}


def with_plans(product: Product, problems: list[Problem]) -> Product:
    """Give the product with its plans as a choice, and what each offers as lines of `accepts`."""
    if not product.plans:
        return product
    at = product.place("plans")
    if PLAN in (*product.insured, *product.offers):
        text = f"the plans make a choice of that name; name the other one otherwise than '{PLAN}'"
        problems.append(Problem(product.place("offers"), f"offers.{PLAN}", text))
        return product
    titles = {"zh": "计划", "en": "Plan"}
    node = made(at, {"type": "choice", "of": list(product.plans), "title": titles})
    offers = {PLAN: read(Variable, node), **product.offers}
    lines = [
        line
        for name, plan in product.plans.items()
        for line in _lines(product, name, plan, problems)
    ]
    update = {"offers": offers, "accepts": (*product.accepts, *lines)}
    return product.model_copy(update=update)


def _lines(product: Product, name: str, plan: Plan, problems: list[Problem]) -> Iterator[Accepts]:
    for offer, node in plan.offers.items():
        path = f"plans.{name}.offers.{offer}"
        declared = product.offers.get(offer)
        if declared is None:
            hint = nearest(offer, product.offers)
            problems.append(Problem(node.at, path, f"unknown choice '{offer}'{hint}"))
            continue
        try:
            when, require = _narrowed(declared, offer, node)
        except ValueError as error:
            problems.append(Problem(node.at, path, str(error)))
            continue
        if declared.title is None:
            text = f"the customer is told of '{offer}'; give offers.{offer} a title"
            problems.append(Problem(node.at, path, text))
            continue
        zh, en = declared.title.zh, declared.title.en
        says: Said = {
            "zh": f"{plan.title.zh}不提供所选的{zh}",
            "en": f"{plan.title.en} does not offer the {en} that was chosen",
        }
        line: Said = {
            "name": f"{name}_{offer}",
            "when": {PLAN: name, **when},
            "require": require,
            "says": says,
        }
        yield read(Accepts, made(node.at, line))


def _narrowed(declared: Variable, offer: str, node: Node) -> tuple[dict[str, list[str]], str]:
    """Give conditions and a requirement that hold a choice to what the plan offers."""
    if isinstance(node, Map):
        unknown = next((key for key in node if key not in BOUNDS), None)
        if unknown is not None or not node:
            message = f"expected a value, a list of values, or {{min: , max: }}, got {said(node)}"
            raise ValueError(message)
        return {}, " and ".join(f"{offer} {BOUNDS[key]} {value}" for key, value in node.items())
    allowed = [str(part) for part in node] if isinstance(node, Seq) else [str(node)]
    if not declared.of or "." in declared.of[0]:
        return {}, " or ".join(f"{offer} == {value}" for value in allowed)
    wrong = next((value for value in allowed if value not in declared.of), None)
    if wrong is not None:
        message = f"'{offer}' does not offer '{wrong}'{nearest(wrong, declared.of)}"
        raise ValueError(message)
    others = [value for value in declared.of if value not in allowed]
    if not others:
        message = "this offers all there is to choose; leave it out"
        raise ValueError(message)
    return {offer: others}, "1 > 2"


def target_at(plan: Plan, target: str) -> At:
    """Give the place of a value that a plan sets."""
    node = plan.set[target]
    return node.at if isinstance(node, Text | Seq | Map) else plan.place("set")


def by_plan(
    product: Product, set_by: tuple[PlanValue, ...], else_: tuple[Expression, How, At] | None
) -> tuple[tuple[Expression, How, At], tuple[PlanValue, ...]]:
    """Write a term as cases on the plan, and give its value under each.

    set_by  what the plans set it to
    else_   what it is under a plan that does not set it; None where every plan does
    """
    held = {value.plan: value for value in set_by}
    if else_ is not None:
        expression, _, at = else_
        for plan in product.plans:
            held.setdefault(plan, PlanValue(plan, expression, as_written(expression), at))
    whole = tuple(held[plan] for plan in product.plans if plan in held)
    *first, last = whole
    lines = tuple(
        (Conditions((Test(PLAN, (value.plan,), (), value.at),), value.at), value.expression)
        for value in first
    )
    at = set_by[0].at
    return (Cases(lines, last.expression, at), "planned", at), whole
