"""The minimum cash value of the Chinese rule, independent of what the product declares.

银保监办发〔2020〕7号 八-十一: MCV = r × max(PVR, 0). PVR is the prospective reserve on the pricing
incidence, the pricing rate plus a margin and the rule's loadings by year, its net premium taken
from the gross premium re-computed on that basis. r = k + t (1 - k) / min(20, n) for t below
min(20, n), else 1, with n the years of premium; a single premium has r = 1.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.expressions.tree import Binary, Name
from rating.engines.multistate.cash_value import cash_values
from rating.engines.multistate.grid import Cells
from rating.engines.multistate.model import model
from rating.engines.multistate.value import modified_reserves

Floats = npt.NDArray[np.float64]
MARGIN = "cn.life.minimum_value_interest"
SHARE = "cn.life.minimum_value_share"
YEARS = "cn.life.minimum_value_years"
LOADINGS = "minimum_value_loading"
BASIS = "minimum_value"
OWN_SCALE = ("endowment", "annuity")
"""Types of product that have a scale of loadings and a factor k of their own."""


def minimum_cash_values(product: AssembledProduct, cells: Cells, basis: str) -> Floats | None:
    """Minimum cash value at the end of each policy year: [cell, year].

    basis  the pricing basis

    None when a parameter of the rule or its table of loadings is not on the shelf.
    """
    kind = f"_{product.product.type}" if product.product.type in OWN_SCALE else ""
    loadings = f"{LOADINGS}{kind}"
    named = [product.parameters.get(name) for name in (MARGIN, f"{SHARE}{kind}", YEARS)]
    known = [entry.value for entry in named if entry and isinstance(entry.value, float)]
    pricing = product.bases[basis]
    if len(known) < len(named) or loadings not in product.tables or pricing.interest is None:
        return None
    _, share, most = known
    at = pricing.at
    interest = Binary("+", pricing.interest, Name(MARGIN, at), at)
    minimum = replace(pricing, name=BASIS, interest=interest, loading=Name(loadings, at))
    extra = {"cash_value": cash_values(product, cells)}
    bound = model(product, minimum, cells, extra)
    reserve = modified_reserves(bound)[:, 1:]
    pay = bound.due.sum(axis=1, keepdims=True)
    reach = np.minimum(most, pay)
    year = np.arange(1, bound.years + 1, dtype=np.float64)[None, :]
    factor = np.where((year < reach) & (pay > 1.0), share + year * (1.0 - share) / reach, 1.0)
    return np.where(reserve > 0.0, factor * reserve, 0.0)
