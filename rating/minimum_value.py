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
from rating.engines.multistate.grid import Cells
from rating.engines.multistate.unknowns import bound
from rating.engines.multistate.value import falls_due, modified_reserves
from rating.minimum_value_reads import Scale

Floats = npt.NDArray[np.float64]
BASIS = "minimum_value"


def minimum_cash_values(
    product: AssembledProduct, cells: Cells, basis: str, premium: Floats | None = None
) -> Floats | None:
    """Minimum cash value at the end of each policy year, before what falls due: [cell, year].

    basis    the pricing basis
    premium  [cell] the yearly premium that is charged

    None when a parameter of the rule or its table of loadings is not on the shelf.
    """
    scale = Scale.of(product)
    named = [product.parameters.get(name) for name in scale.parameters]
    known = [entry.value for entry in named if entry and isinstance(entry.value, float)]
    pricing = product.bases[basis]
    if len(known) < len(named) or scale.loadings not in product.tables or pricing.interest is None:
        return None
    _, share, most = known
    place = pricing.at
    interest = Binary("+", pricing.interest, Name(scale.margin, place), place)
    minimum = replace(pricing, name=BASIS, interest=interest, loading=Name(scale.loadings, place))
    at = bound(product, minimum, cells, premium)
    owed = falls_due(at)[:, at.per_year :: at.per_year]
    reserve = modified_reserves(at)[:, at.per_year :: at.per_year] - owed
    pay = at.due.sum(axis=1, keepdims=True)
    reach = np.minimum(most, pay)
    year = np.arange(1, at.years + 1, dtype=np.float64)[None, :]
    factor = np.where((year < reach) & (pay > 1.0), share + year * (1.0 - share) / reach, 1.0)
    return np.where(reserve > 0.0, factor * reserve, 0.0) + owed
