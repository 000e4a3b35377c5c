"""What each step of a tariff reads of dated parameters and tables, before any table is built."""

from collections.abc import Iterator

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput
from product_factory.expressions.bind import Binder, Bound
from product_factory.expressions.operations import POLICY
from product_factory.expressions.program import Builder
from product_factory.expressions.units import LITERAL
from product_factory.reading import Reading
from product_factory.reads import of_reads
from rating.steps import BoundStep, Context, RatingStep, Technical, bind_step


def step_readings(product: AssembledProduct) -> Iterator[Reading]:
    """Give what `rating.yaml` reads; a step that cannot be bound gives what it read until then."""
    builder = Builder()
    earlier: dict[str, BoundStep] = {}
    for step in product.files.get("rating", ()):
        binder = Binder(builder)
        bound = _bound(step, Context(product, binder, earlier))
        earlier[step.name] = BoundStep(step, bound.register, bound, POLICY, (), ())
        yield from of_reads(product, f"rating.{step.name}", binder.reads)


def _bound(step: RatingStep, context: Context) -> Bound:
    """Bind a step; a rate that an engine builds reads its basis, and stands for any number."""
    if not isinstance(step, Technical):
        try:
            return bind_step(step, context)
        except BadInput:
            pass  # told where the tariff is bound
    return Bound(context.binder.builder.constant(0.0), LITERAL)
