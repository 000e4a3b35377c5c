"""What the values of a promise read: facts, marks, and names of the closed list."""

from product_factory import promise
from product_factory.assembled import AssembledProduct, Cover
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder
from product_factory.expressions.tree import Conditions, Expression
from product_factory.types import Type
from rating.payout import PayoutPlan, computed_marks


def reads(
    product: AssembledProduct,
    cover: Cover,
    value: Expression | Conditions | None,
    wanted: Type | None = None,
) -> set[str]:
    """List what a value of a cover must be given: facts, marks, and names of the closed list."""
    if value is None:
        return set()
    builder = Builder()
    binder = Binder(builder)
    scope = promise.scope(product, cover)
    if isinstance(value, Conditions):
        binder.conditions(value, scope)
    else:
        binder.value(value, scope, wanted)
    return {entry.name for entry in builder.inputs}


def varies(product: AssembledProduct, cover: Cover) -> set[str]:
    """List what differs from event to event: marks, and what the lines above leave."""
    return {*promise.marks(product, cover), "so_far"}


def marks_read(payout: PayoutPlan, event: str) -> frozenset[str]:
    """List the marks on which the payout of an event depends, also through computed marks."""
    product = payout.product
    alias = event.partition(".")[0]
    computed = computed_marks(product, payout.basis, alias)
    found: set[str] = set()
    for entry in payout.entries:
        if event not in entry.events:
            continue
        for part in promise.parts(entry.cover):
            found |= reads(product, entry.cover, part.value, part.wanted)
        for name, value in reversed(computed.items()):
            if name in found:
                found |= reads(product, entry.cover, value)
    return frozenset(found)
