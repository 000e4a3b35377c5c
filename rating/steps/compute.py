"""`compute`: arithmetic over what is known; minimum, cap, floor and discount are written so."""

from typing import Literal

from pydantic import Field

from product_factory.expressions.bind import Bound
from product_factory.expressions.scope import Home
from product_factory.expressions.units import at_product
from product_factory.strict import Value
from rating.steps.step import Context, Level, RatingStep


class Compute(RatingStep):
    """`is` is a value: a name, an expression, or a list of cases."""

    kind: Literal["compute"]
    formula: Value = Field(alias="is")
    level: Level = "policy"


def bind(step: Compute, context: Context) -> Bound:
    """Bind the step. Raises BadInput for unknown names and units that do not fit.

    A step of money is in the product's currency: what is in another is converted inside of it.
    """
    bound = context.binder.value(step.formula, context.scope)
    at_product(bound.type, step.place("is"), Home.of(context.scope))
    return context.at_level(bound, step.level, step.place("is"))
