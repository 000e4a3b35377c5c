"""What a layer with terms of the year recovers of finitely many events, by recursion over the year.

Events come as a Poisson process, each loss with its own rate. The year's sum is put on a lattice
twice, every loss rounded down and rounded up: what is known of the two holds the truth between
them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rating.aggregate.recursion import compounded
from rating.frequencies import Poisson
from sandbox.reinsurance import ExcessOfLoss

Floats = npt.NDArray[np.float64]
POINTS = 1 << 13
NODES, WEIGHTS = np.polynomial.legendre.leggauss(12)
"""Of the time within a year, where the price of a reinstatement depends on it."""


@dataclass(frozen=True)
class Known:
    """A mean, and what it may be off at most, in currency a year."""

    value: float
    bound: float


@dataclass(frozen=True)
class StormLayer:
    """A layer and the events that reach it.

    rates  [event] a year;  found: [event] what the layer meets of each, before terms of the year
    """

    contract: ExcessOfLoss
    rates: Floats
    found: Floats

    def recovered(self) -> Known:
        """Give the mean recovery of a year, of the part that is placed."""
        share = self.contract.share
        known = self._between(lambda paid: share * paid, 1.0)
        return Known(*known)

    def charged(self, premium: float) -> Known:
        """Give the mean reinstatement premium of a year; premium: of the part that is placed.

        The limit is filled up for the j-th time by the part of the recovery between (j - 1) and j
        limits. A year's charge by amount is the price of that part; one that falls with the rest of
        the year is the integral over the year of the charge so far, since events come at any time
        alike: E sum (1 - t) dC(t) = integral of E C(t) dt.
        """
        prices, limit = self.contract.reinstatements or (), self.contract.limit

        def charge(paid: Floats) -> Floats:
            total = np.zeros_like(paid)
            for place, price in enumerate(prices):
                filled = np.clip(paid - place * limit, 0.0, limit)
                total += price * filled / limit
            return premium * total

        if self.contract.pro_rata == "amount":
            return Known(*self._between(charge, 1.0))
        means = [self._between(charge, 0.5 * (1.0 + node)) for node in NODES.tolist()]
        values, bounds = 0.5 * (WEIGHTS @ np.array(means))
        return Known(float(values), float(bounds))

    def _between(self, of_paid: Callable[[Floats], Floats], part: float) -> tuple[float, float]:
        """Give the mean of what never falls with the year's recovery, for a part of the year."""
        deductible = self.contract.aggregate_deductible
        top = deductible + self._most()
        step = top / POINTS
        means = []
        for whole in (np.floor, np.ceil):
            chances = self._sum(whole(np.minimum(self.found, top) / step), part)
            sums = step * np.arange(POINTS)
            paid = np.clip(sums - deductible, 0.0, None)
            rest = max(0.0, 1.0 - float(chances.sum()))
            means.append(
                float(chances @ of_paid(paid)) + rest * float(of_paid(np.array([self._most()]))[0])
            )
        low, high = means
        return 0.5 * (low + high), 0.5 * abs(high - low)

    def _most(self) -> float:
        """Give the most that the whole layer recovers in a year."""
        filled = self.contract.reinstatements
        most = np.inf if filled is None else self.contract.limit * (1.0 + len(filled))
        if self.contract.aggregate_limit is not None:
            most = min(most, self.contract.aggregate_limit)
        # without an end to the year: so many losses of the whole layer as no year has
        likely = float(self.rates.sum())
        return float(min(most, self.contract.limit * (20.0 + 10.0 * likely)))

    def _sum(self, steps: Floats, part: float) -> Floats:
        """Give the chances of 0 … POINTS - 1 steps in a part of the year."""
        rate = float(self.rates.sum()) * part
        chances = np.bincount(steps.astype(np.int64), self.rates, POINTS + 1) / self.rates.sum()
        return compounded(Poisson(rate), chances)
