"""The kinds of rating steps, by the word that stands after `kind:`."""

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias

from pydantic import Field, TypeAdapter

from product_factory.errors import BadInput, nearest
from product_factory.expressions.bind import Bound
from rating.steps import compute, decline, lookup, refer, round, technical, total  # noqa: A004 - a kind is named as the YAML names it
from rating.steps.compute import Compute
from rating.steps.decline import Decline
from rating.steps.lookup import Lookup
from rating.steps.refer import Refer
from rating.steps.round import Round
from rating.steps.step import BoundStep, Context, RatingStep
from rating.steps.technical import Technical
from rating.steps.total import Total

Step: TypeAlias = Annotated[
    Technical | Lookup | Compute | Round | Total | Refer | Decline, Field(discriminator="kind")
]
STEPS: TypeAdapter[tuple[Step, ...]] = TypeAdapter(tuple[Step, ...])
BINDERS: dict[type[RatingStep], Callable[[Any, Context], Bound]] = {
    Technical: technical.bind,
    Lookup: lookup.bind,
    Compute: compute.bind,
    Round: round.bind,
    Total: total.bind,
    Refer: refer.bind,
    Decline: decline.bind,
}


def bind_step(step: RatingStep, context: Context) -> Bound:
    """Bind a step of any kind to the register that will hold its value.

    Raises BadInput for a cover that the product has not, and as each kind does.
    """
    covers = context.product.covers
    if step.cover is not None and step.cover not in covers:
        text = f"unknown cover '{step.cover}'{nearest(step.cover, covers)}"
        raise BadInput.one(step.place("cover"), "cover", text)
    return BINDERS[type(step)](step, context)


__all__ = [
    "BINDERS",
    "STEPS",
    "BoundStep",
    "Compute",
    "Context",
    "Decline",
    "Lookup",
    "RatingStep",
    "Refer",
    "Round",
    "Step",
    "Technical",
    "Total",
    "bind_step",
]
