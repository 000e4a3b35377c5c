"""`decline`: the risk is not written; the price stands for information."""

from typing import Literal

from product_factory.expressions.bind import Bound
from rating.steps.decision import Decision, bind_decision
from rating.steps.step import Context


class Decline(Decision):
    """`when` decides, `says` is what the customer is told."""

    kind: Literal["decline"]


def bind(step: Decline, context: Context) -> Bound:
    """Bind the step. Raises BadInput for unknown names."""
    return bind_decision(step, context)
