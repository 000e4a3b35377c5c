"""Inflation of what the events of a year cost, by policy year.

Losses of policy year t are those of the first year times (1 + i(2)) × … × (1 + i(t)). They grow
before any term applies, so that a fixed deductible or limit bites less or more with every year.
"""

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.by_year import by_year
from product_factory.errors import BadInput

Floats = npt.NDArray[np.float64]


def price_level(product: AssembledProduct, basis: AssembledBasis, years: int) -> Floats:
    """Give by how much losses are larger in each of so many policy years than in the first: [year].

    Raises BadInput where the rate depends on more than the policy year, and where a year from the
    second on has no rate or one that leaves nothing; the message names the year.
    """
    grown = np.ones(years)
    if basis.inflation is None:
        return grown
    path = f"{basis.name}.inflation"
    rates = by_year(product, basis.inflation, path, years)
    for year, rate in enumerate(rates.tolist()[1:], 2):
        if not (np.isfinite(rate) and rate > -1.0):
            got = "no rate, the table ends" if np.isnan(rate) else f"{rate:.6%}"
            text = f"expected a rate above -100%, got {got} in policy year {year}"
            raise BadInput.one(basis.inflation.at, path, text)
        grown[year - 1] = grown[year - 2] * (1.0 + rate)
    return grown


def least_inflation(product: AssembledProduct, basis: AssembledBasis, years: int) -> float | None:
    """Give the lowest rate of the policy years 2 … years, as far as a table of them goes.

    None where the basis states none.
    """
    if basis.inflation is None or years <= 1:
        return None
    rates = by_year(product, basis.inflation, f"{basis.name}.inflation", years)
    known = rates[1:][np.isfinite(rates[1:])]
    return float(known.min()) if known.size else None
