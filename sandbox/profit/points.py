"""The model points of a projection: one risk, or the product's own portfolio."""

from collections.abc import Mapping

import numpy as np

from product_factory.assembled import AssembledProduct
from rating.cash_flows import Points
from rating.cash_flows.project import basis_of
from sandbox.profit.sensitivity import insured


def points_of(product: AssembledProduct, given: Mapping[str, object], basis: str) -> Points:
    """Give one point, or where nothing is given those of the product's own portfolio.

    Raises BadInput for a product that cannot be projected on the basis, or has no portfolio.
    """
    basis_of(product, basis)
    sold = insured(product, given)
    number = np.arange(1, sold.cells.size + 1, dtype=np.int64)
    columns = {name: column.astype(np.float64) for name, column in sold.cells.columns.items()}
    return Points(number, columns, sold.policies, sold.premiums)
