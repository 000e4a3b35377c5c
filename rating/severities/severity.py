"""What every severity model promises."""

import math
from abc import ABC, abstractmethod
from typing import ClassVar, Self

from product_factory.numbers.domains import Forms, require
from rating.kernels.distributions import severity_quantile

MEDIAN = 0.5


class Severity(ABC):
    """The size X >= 0 of one loss, in currency, or as a share of the sum insured for ratios.

    Every figure rests on product_factory.numbers and is the same to the bit everywhere.
    """

    CODE: ClassVar[int]
    """What kernels call the kind."""
    FORMS: ClassVar[Forms]
    """The sets of parameters that a product file may give."""

    @classmethod
    @abstractmethod
    def from_form(cls, **given: float) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""

    @abstractmethod
    def parameters(self) -> tuple[float, float, float]:
        """Return what the kernels' ``severity_quantile`` takes after the code."""

    @abstractmethod
    def density(self, x: float) -> float:
        """Return the density at x, which leaves out any chance that sits on a single point."""

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
        """Return E[X**k] for a whole k >= 0."""

    @property
    def mean(self) -> float:
        """E[X]."""
        return self.moment(1)

    @property
    @abstractmethod
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""

    def quantile(self, u: float) -> float:
        """Return the least x with P(X <= x) >= u, for 0 < u < 1; the kernels' own function."""
        require("u", u, "a number between 0 and 1", holds=0.0 < u < 1.0)
        return severity_quantile(self.CODE, *self.parameters(), u)

    def expected_layer(self, deductible: float, limit: float = math.inf) -> float:
        """Return E[min(max(X - deductible, 0), limit)]; limit may be infinite."""
        require("deductible", deductible, "0 or more", holds=deductible >= 0.0)
        if not limit >= 0.0:
            require("limit", limit, "0 or more", holds=False)
        return self._layer(deductible, limit)

    def _layer(self, deductible: float, limit: float) -> float:
        """Return the mean of a layer whose bounds have been checked."""
        top = deductible + limit
        # the difference is taken from the side that has lost less
        if self.survival(deductible) > MEDIAN and limit < math.inf:
            return max(0.0, self.limited_mean(top) - self.limited_mean(deductible))
        if limit == math.inf:
            return self.excess_mean(deductible)
        return max(0.0, self.excess_mean(deductible) - self.excess_mean(top))
