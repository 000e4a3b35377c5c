"""`refer`: a person underwrites; the price stands."""

from typing import Literal

from product_factory.expressions.bind import Bound
from rating.steps.decision import Decision, bind_decision
from rating.steps.step import Context


class Refer(Decision):
    """`when` decides, `says` is what the customer is told."""

    kind: Literal["refer"]


def bind(step: Refer, context: Context) -> Bound:
    """Bind the step. Raises BadInput for unknown names."""
    return bind_decision(step, context)
