"""The lines of `accepts`, each for itself."""

from product_factory.expressions.program import Builder, Program
from rating.domain import bind_line
from rating.plan import RatingPlan


def lines_program(plan: RatingPlan) -> tuple[Program, tuple[int, ...]]:
    """Bind every line of `accepts` for itself; its register holds 1 where it refuses."""
    builder = Builder()
    lines = plan.product.product.accepts
    for number, line in enumerate(lines):
        builder.results[f"{number}"] = bind_line(builder, plan.product, line)
    program = builder.finish()
    return program, tuple(program.results[f"{number}"] for number in range(len(lines)))
