"""The cash value of a contract, year by year: a share of the modified reserve, never below zero.

银保监办发〔2020〕7号 八-十一: the minimum cash value is r × max(PVR, 0), PVR being the prospective
reserve on the pricing incidence, the pricing rate plus 2% and the rule's loadings by year.
"""

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.errors import BadInput
from product_factory.scopes import general_scope
from rating.engines.multistate.grid import Cells, Grid
from rating.engines.multistate.model import Model, model
from rating.engines.multistate.value import modified_reserves

Floats = npt.NDArray[np.float64]
KIND = "modified_reserve"


def cash_values(product: AssembledProduct, cells: Cells) -> Floats:
    """Cash value at the end of each policy year, in the cells' currency: [cell, year]."""
    declared = product.product.values.get("cash_value")
    if declared is None:
        text = "a cover pays the cash value, and 'values' does not say how it is computed"
        raise BadInput.one(product.product.at, "values", text)
    if declared.kind != KIND:
        raise BadInput.one(
            declared.at, "values.cash_value.kind", f"expected {KIND}, got {declared.kind}"
        )
    if declared.basis not in product.bases:
        text = f"unknown basis '{declared.basis}'"
        raise BadInput.one(declared.place("basis"), "values.cash_value.basis", text)
    reserve = modified_reserves(model(product, product.bases[declared.basis], cells))[:, 1:]
    grid = Grid(product, cells, {})
    share = grid.value(declared.share, general_scope(product), None)
    return np.where(reserve > 0.0, share * reserve, 0.0)


def with_cash_value(product: AssembledProduct, basis: AssembledBasis, cells: Cells) -> Model:
    """Bind a model whose promises may read the cash value; computed where `values` says how."""
    if "cash_value" not in product.product.values:
        return model(product, basis, cells)
    return model(product, basis, cells, {"cash_value": cash_values(product, cells)})
