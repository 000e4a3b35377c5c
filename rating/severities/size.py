"""What every size of loss promises."""

import math
from abc import ABC, abstractmethod

from product_factory.numbers.domains import require
from rating.severities.quadrature import panels, tail_integral
from rating.severities.solve import exceeded

MEDIAN = 0.5
THIN = 0.25
"""A layer with less of the mean than this share of what lies beside it is integrated instead."""
SMOOTH = 0.5
"""But only where the survival keeps this share of itself over the layer: else it may bend there."""


class Size(ABC):
    """The size X >= 0 of one loss, in currency, or as a share of the sum insured for ratios.

    Every figure rests on product_factory.numbers and is the same to the bit everywhere.
    """

    @abstractmethod
    def density(self, x: float) -> float:
        """Return the density at x, which leaves out any chance that sits on a single point."""

    @abstractmethod
    def log_density(self, x: float) -> float:
        """Return ln density(x), with its digits kept where the density is below every number."""

    @abstractmethod
    def survival(self, x: float) -> float:
        """Return P(X > x), with its digits kept in the tail."""

    @abstractmethod
    def distribution(self, x: float) -> float:
        """Return P(X <= x), with its digits kept near 0."""

    @abstractmethod
    def limited_mean(self, limit: float) -> float:
        """Return E[min(X, limit)]; limit may be infinite."""

    @abstractmethod
    def excess_mean(self, deductible: float) -> float:
        """Return E[max(X - deductible, 0)], with its digits kept in the tail."""

    @abstractmethod
    def moment(self, k: int) -> float:
        """Return E[X**k] for a whole k >= 0; BadValue, which says why, where it is infinite."""

    @property
    def mean(self) -> float:
        """E[X]."""
        return self.moment(1)

    @property
    @abstractmethod
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""

    def quantile(self, u: float) -> float:
        """Return the least x with P(X <= x) >= u, for 0 < u < 1."""
        require("u", u, "a number between 0 and 1", holds=0.0 < u < 1.0)
        return self._quantile(u)

    @abstractmethod
    def _quantile(self, u: float) -> float:
        """Return the quantile at a chance that has been checked."""

    def quantile_above(self, chance: float) -> float:
        """Return the x with P(X > x) = chance, however small, for 0 < chance < 1."""
        require("chance", chance, "a number between 0 and 1", holds=0.0 < chance < 1.0)
        return self._above(chance)

    def _above(self, chance: float) -> float:
        return exceeded(self, chance)

    def expected_layer(self, deductible: float, limit: float = math.inf) -> float:
        """Return E[min(max(X - deductible, 0), limit)]; limit may be infinite."""
        require("deductible", deductible, "0 or more", holds=deductible >= 0.0)
        if not limit >= 0.0:
            require("limit", limit, "0 or more", holds=False)
        return self._layer(deductible, limit)

    def _beyond(self, deductible: float, above: float, below: float) -> float:
        """Return above - below, the mean beyond a deductible, without loss in the far tail."""
        value = above - below
        density = self.density(deductible)
        if value > THIN * above or density <= 0.0:
            return max(0.0, value)
        width = min(self.survival(deductible) / density, deductible)
        return tail_integral(self.survival, deductible, width)

    def _layer(self, deductible: float, limit: float) -> float:
        """Return the mean of a layer whose bounds have been checked."""
        if limit == math.inf:
            return self.excess_mean(deductible)
        top = deductible + limit
        alive = self.survival(deductible)
        # the difference is taken from the side that has lost less
        most, value = self._difference(deductible, top, below=alive > MEDIAN)
        if value > THIN * most:
            return value
        if self.survival(top) >= SMOOTH * alive:
            # a layer so thin that the difference would lose digits: there the survival is smooth
            return panels(self.survival, deductible, top)
        # it falls within the layer, so that the other side has lost less
        others, other = self._difference(deductible, top, below=not alive > MEDIAN)
        return other if other * most > value * others else value

    def _difference(self, low: float, high: float, *, below: bool) -> tuple[float, float]:
        """Return the larger mean of two limits, or excesses, and how much larger it is."""
        if below:
            most = self.limited_mean(high)
            return most, most - self.limited_mean(low)
        most = self.excess_mean(low)
        return most, most - self.excess_mean(high)
