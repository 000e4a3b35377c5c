"""The interest of a basis by policy year: one rate, a schedule, a table, or a curve of spot rates.

The spot rate of t years is the yearly rate at which 1 grows over the first t policy years; what a
basis earns in year t alone (the forward rate) is (1 + s(t))^t / (1 + s(t - 1))^(t - 1) - 1.

A rate from issue of year t discounts all that falls in year t, by the time since issue; the end of
one year is the start of the next. The factor jumps where the rate does.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.by_year import by_year
from product_factory.errors import BadInput
from product_factory.numbers.portable import power

Floats = npt.NDArray[np.float64]
SPOT, FROM_ISSUE = "spot", "from_issue"
LONGEST = 130
"""As many policy years as a contract may last."""


def yearly_interest(product: AssembledProduct, basis: AssembledBasis, years: int) -> Floats:
    """Give the rate that a basis earns in each of so many policy years: [year].

    Raises BadInput where the basis states none, where it depends on more than the policy year, and
    where a year has no rate or one that leaves nothing; the message names the year.
    """
    if basis.curve == FROM_ISSUE:
        return _since_issue(rates_from_issue(product, basis, years))
    said = _said(product, basis, years)
    _rates(said, basis, "")
    if basis.curve != SPOT:
        return said
    earned = forward(said)
    _rates(earned, basis, ", which the spot rates lead to")
    return earned


def rates_from_issue(product: AssembledProduct, basis: AssembledBasis, years: int) -> Floats:
    """Give the rates that discount each year from issue, and the end of the last: [year + 1].

    Raises BadInput as above.
    """
    said = _said(product, basis, years + 1)
    _rates(said, basis, ": the end of the contract is of the year after its last")
    return said


def steps_from_issue(rates: Floats, steps: int, per_year: int) -> Floats:
    """Give the factor from each step's end to its start, from rates from issue: [step]."""
    return _from_issue(tuple(rates.tolist()), steps, per_year)


@lru_cache(maxsize=8)
def _from_issue(rates: tuple[float, ...], steps: int, per_year: int) -> Floats:
    """Powers are dear, and every block of points asks for the same ones."""
    worth = [power(1.0 + rates[k // per_year], -k / per_year) for k in range(steps + 1)]
    found: Floats = np.array(worth[1:]) / np.array(worth[:-1])
    found.setflags(write=False)
    return found


def highest_interest(product: AssembledProduct, basis: AssembledBasis) -> float:
    """Give the highest rate that a basis earns in any policy year. Raises BadInput as above."""
    said = _said(product, basis, LONGEST)
    known = said[: int(np.argmax(np.isnan(said)))] if np.isnan(said).any() else said
    earned = EARNED[basis.curve](known) if basis.curve in EARNED else known
    return float(max(earned.tolist(), default=0.0))


def forward(spot: Floats) -> Floats:
    """Give the rate of each year alone from the yearly rates of 1, 2, … years: [year].

    Exact where two neighbours are equal: the year earns what both say.
    """
    grown = [power(1.0 + rate, year + 1.0) for year, rate in enumerate(spot.tolist())]
    before = [1.0, *grown[:-1]]
    earned = np.array(grown) / np.array(before) - 1.0
    same = np.concatenate([[True], spot[1:] == spot[:-1]])
    return np.where(same, spot, earned)


def _since_issue(rates: Floats) -> Floats:
    """Give what each year earns from the rates that discount it and the next from issue."""
    worth = np.array([power(1.0 + z, -float(year)) for year, z in enumerate(rates.tolist())])
    return np.asarray(worth[:-1] / worth[1:] - 1.0, np.float64)


EARNED = {SPOT: forward, FROM_ISSUE: _since_issue}
"""Kinds of curve → what each year earns of it."""


def _said(product: AssembledProduct, basis: AssembledBasis, years: int) -> Floats:
    """Evaluate what the basis states: [year], NaN where a table ends."""
    if basis.interest is None:
        raise BadInput.one(basis.at, basis.name, "expected the key 'interest'")
    return by_year(product, basis.interest, f"{basis.name}.interest", years)


def _rates(rates: Floats, basis: AssembledBasis, how: str) -> None:
    bad = ~(np.isfinite(rates) & (rates > -1.0))
    if bad.any():
        year = int(np.argmax(bad))
        got = "no rate, the table ends" if np.isnan(rates[year]) else f"{rates[year]:.6%}"
        text = f"expected a rate above -100%, got {got} in policy year {year + 1}{how}"
        at = basis.at if basis.interest is None else basis.interest.at
        raise BadInput.one(at, f"{basis.name}.interest", text)
