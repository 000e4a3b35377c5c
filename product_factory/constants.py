"""The value of an expression that depends on nothing but the definition and the day."""

from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder
from product_factory.expressions.run import run
from product_factory.expressions.scope import Scope
from product_factory.expressions.tree import Expression
from product_factory.types import Type


def constant(expression: Expression, scope: Scope, wanted: Type | None = None) -> float | None:
    """Give the value, or None when it depends on a risk, an event or the time.

    Raises BadInput for unknown names and units that do not fit.
    """
    builder = Builder()
    bound = Binder(builder).value(expression, scope, wanted)
    builder.results["value"] = bound.register
    program = builder.finish()
    if program.inputs:
        return None
    return float(run(program, {})[program.results["value"]][0])
