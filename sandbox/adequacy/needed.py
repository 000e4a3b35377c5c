"""What each simulated row needs: the rate change that would just cover it.

Covered is a row whose premium pays claims, expenses and the target profit, a share of premium. With
rates higher by a share k, premium is P(1 + k) and cost is A + Bk: expenses that are a share of
premium rise with it, and so do claims that give premium back. B is found by a second run on the
same random numbers with rates higher by a tenth, so that a contract of any kind is asked alike; of
contracts of many years, whose values at surrender do not follow the premium, by a third one with
rates as they were found to be needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from product_factory.errors import At, BadInput
from sandbox.loss_table import LossTable
from sandbox.portfolio.portfolio import Portfolio

Floats = npt.NDArray[np.float64]
MORE = 0.1
"""By how much rates are higher in the second run."""
LEAST, MOST_OFF = 0.01, 0.9
"""How small a change may be that a slope is taken from, and how far rates may fall for it."""


@dataclass(frozen=True)
class Rows:
    """Simulated rows, [row], currency; of run-offs, present values at issue.

    rises   what claims and expenses rise by when rates double
    """

    premium: Floats
    claims: Floats
    expenses: Floats
    rises: Floats

    def needed(self, target: float) -> Floats:
        """Give the rate change with which each row is just covered. Raises BadInput for none."""
        return needed(self.premium, self.claims + self.expenses, self.rises, target)

    def and_then(self, others: Sequence["Rows"]) -> "Rows":
        """Give these rows and others after them."""
        every = (self, *others)
        names = ("premium", "claims", "expenses", "rises")
        return Rows(*(np.concatenate([getattr(one, name) for one in every]) for name in names))


def needed(premium: Floats, cost: Floats, rises: Floats, target: float) -> Floats:
    """Give k with P(1 + k)(1 − target) = cost + rises × k."""
    kept = premium * (1.0 - target) - rises
    if not (kept > 0.0).all():
        share = float(np.max(rises / premium)) * 100.0
        text = f"expenses take {share:.4g}% of premium and the target {target * 100:g}%"
        raise BadInput.one(At("--target"), "", f"{text}: no rate is ever enough")
    return np.asarray((cost - premium * (1.0 - target)) / kept, np.float64)


def dearer(portfolio: Portfolio, more: float = MORE) -> Portfolio:
    """Give the portfolio with rates higher by a share."""
    return replace(portfolio, premiums=portfolio.premiums * (1.0 + more))


def rows_of(table: LossTable, dear: LossTable, more: float = MORE) -> Rows:
    """Give the rows of a run, with those of the run whose rates are higher by a share."""
    cost, higher = (one.total() + _spent(one) for one in (table, dear))
    return Rows(table.premium, table.total(), _spent(table), (higher - cost) / more)


def step_to(change: float) -> float:
    """Give the share by which rates move in a run that shall show the cost at this change.

    A line through rates as they are and through those asked for is exact where it is needed; a
    change too small to tell a slope by, or to almost nothing, is not taken.
    """
    return change if abs(change) >= LEAST and change >= -MOST_OFF else MORE


def _spent(table: LossTable) -> Floats:
    return np.zeros(table.years) if table.expenses is None else table.expenses
