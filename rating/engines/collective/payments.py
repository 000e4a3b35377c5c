"""What a policy of each cell is paid a year on average: the figure of a rate table."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.errors import BadInput, both
from rating.engines.collective.annual import annual_model
from rating.engines.collective.by_cover import cover_costs
from rating.engines.collective.cells import risk_cells

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Payments:
    """Expected payments of all covers together, and what they may be off at most: [cell]."""

    value: Floats
    bound: Floats


def expected_payments(
    product: AssembledProduct, basis: AssembledBasis, columns: Mapping[str, Floats]
) -> Payments:
    """Compute the expected payments of a policy of each cell in a year, in currency.

    columns  policy variable → [cell], choices as their place

    Raises BadInput where a variable is missing or a product has items, and at terms under which no
    method without random numbers exists.
    """
    missing = [name for name in product.variables if name not in columns]
    if missing or product.items:
        needs = f"without {both(missing)}" if missing else "of a product with items"
        text = f"expected axes that say all of a risk, got a rate table {needs}"
        raise BadInput.one(product.files["rating"][0].at, "axes", text)
    size = len(next(iter(columns.values())))
    nothing = np.zeros((size, 1), dtype=np.int64)
    model = annual_model(
        product, basis, risk_cells(product, np.ones(size, dtype=np.int64), columns, {}, nothing)
    )
    cost = cover_costs(model)
    return Payments(_summed(cost.value), _summed(cost.bound))


def _summed(columns: Floats) -> Floats:
    return np.array([math.fsum(row) for row in columns.tolist()])
