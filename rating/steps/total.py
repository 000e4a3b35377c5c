"""`total`: from the items of a policy up to the policy."""

from typing import Literal

from product_factory.errors import BadInput
from product_factory.expressions.bind import Bound
from product_factory.expressions.operations import ITEM, TOTALS
from product_factory.strict import Word
from product_factory.types import Type
from rating.steps.step import Context, RatingStep


class Total(RatingStep):
    """`of` is an earlier step of the items; `by` says how they become one."""

    kind: Literal["total"]
    of: Word
    by: Literal["sum", "max", "count"]


def bind(step: Total, context: Context) -> Bound:
    """Bind the step. Raises BadInput when `of` is no value of items."""
    at, builder = step.place("of"), context.binder.builder
    value = context.step_value(step.of, at)
    if builder.level(value.register) != ITEM:
        raise BadInput.one(at, "of", f"expected a step of level item, '{step.of}' is of the policy")
    register = builder.emit(TOTALS[step.by], value.register)
    return Bound(register, Type("integer") if step.by == "count" else value.type)
