"""A rate of a basis that is one for all, or one by policy year."""

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder
from product_factory.expressions.run import run
from product_factory.expressions.tree import Expression
from product_factory.scopes import general_scope
from product_factory.types import Type

Floats = npt.NDArray[np.float64]
RATIO = Type("ratio")
YEAR = "policy_year"


def by_year(product: AssembledProduct, rate: Expression, path: str, years: int) -> Floats:
    """Evaluate a rate for each of so many policy years: [year], NaN where a table ends.

    Raises BadInput where it depends on more than the policy year.
    """
    builder = Builder()
    bound = Binder(builder).value(rate, general_scope(product), RATIO)
    builder.results["value"] = bound.register
    program = builder.finish()
    odd = [entry.name for entry in program.inputs if entry.name != YEAR]
    if odd:
        text = f"expected one rate for all, or one by policy year, got one that depends on {odd[0]}"
        raise BadInput.one(rate.at, path, text)
    year = np.arange(1, years + 1, dtype=np.float64)
    found = run(program, {YEAR: year} if program.inputs else {})[program.results["value"]]
    return np.broadcast_to(found, (years,)).astype(np.float64)
