"""The beta severity, a damage ratio."""

import math
from dataclasses import dataclass
from typing import ClassVar, Self

from product_factory.numbers.beta import (
    beta_lower,
    beta_quantile,
    beta_side,
    beta_upper,
    beta_weight,
)
from product_factory.numbers.domains import Forms, require, require_form, require_positive
from product_factory.numbers.gamma import log_gamma
from product_factory.numbers.portable import log, log1p
from rating.kernels.distributions import BETA
from rating.severities.quadrature import integral
from rating.severities.severity import Severity
from rating.severities.size import MEDIAN, THIN


@dataclass(frozen=True)
class Beta(Severity):
    """Density x**(a - 1) (1 - x)**(b - 1) on 0 to 1, normed. Mean a / (a + b).

    a, b: > 0, pure numbers.
    """

    CODE: ClassVar[int] = BETA
    FORMS: ClassVar[Forms] = (("mean", "cv"), ("a", "b"))

    a: float
    b: float

    def __post_init__(self) -> None:
        require_positive("beta.a", self.a)
        require_positive("beta.b", self.b)

    @classmethod
    def from_form(cls, **given: float) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        first, second = require_form("beta", cls.FORMS, given)
        if "a" in given:
            return cls(first, second)
        require("beta.mean", first, "a number between 0 and 1", holds=0.0 < first < 1.0)
        most = math.sqrt((1.0 - first) / first)
        expected = f"a number above 0 and below {most:g} (a mean of {first:g} allows no more)"
        require("beta.cv", second, expected, holds=0.0 < second < most)
        total = (1.0 - first) / (first * second * second) - 1.0
        return cls(first * total, (1.0 - first) * total)

    def parameters(self) -> tuple[float, float, float]:
        """Return what the kernels' ``severity_quantile`` takes after the code."""
        return self.a, self.b, 0.0

    def density(self, x: float) -> float:
        """Return the density at x, which leaves out any chance that sits on a single point."""
        if 0.0 < x < 1.0:
            return beta_weight(self.a, self.b, x, 1.0 - x) / (x * (1.0 - x))
        if x not in (0.0, 1.0):
            return 0.0
        near, far = (self.a, self.b) if x == 0.0 else (self.b, self.a)
        if near == 1.0:
            return far
        return math.inf if near < 1.0 else 0.0

    def log_density(self, x: float) -> float:
        """Return ln density(x), with its digits kept where the density is below every number."""
        if not 0.0 < x < 1.0:
            return log(self.density(x))
        norm = log_gamma(self.a + self.b) - log_gamma(self.a) - log_gamma(self.b)
        return (self.a - 1.0) * log(x) + (self.b - 1.0) * log1p(-x) + norm

    def survival(self, x: float) -> float:
        """Return P(X > x), with its digits kept in the tail."""
        return beta_upper(self.a, self.b, x)

    def distribution(self, x: float) -> float:
        """Return P(X <= x), with its digits kept near 0."""
        return beta_lower(self.a, self.b, x)

    def limited_mean(self, limit: float) -> float:
        """Return E[min(X, limit)]; limit may be infinite."""
        if limit <= 0.0:
            return 0.0
        if limit >= 1.0:
            return self.mean
        below = self.mean * beta_lower(self.a + 1.0, self.b, limit)
        return below + limit * beta_upper(self.a, self.b, limit)

    def excess_mean(self, deductible: float) -> float:
        """Return E[max(X - deductible, 0)], with its digits kept in the tail."""
        if deductible <= 0.0:
            return self.mean - deductible
        if deductible >= 1.0:
            return 0.0
        above = self.mean * beta_upper(self.a + 1.0, self.b, deductible)
        value = above - deductible * beta_upper(self.a, self.b, deductible)
        if value > THIN * above:
            return value
        # near 1 the difference would lose digits: the survival is integrated from there
        left = 1.0 - deductible
        return left * integral(lambda t: beta_side(self.b, self.a, left * t, 1.0 - left * t))

    def moment(self, k: int) -> float:
        """Return E[X**k] for a whole k >= 0."""
        value = 1.0
        for i in range(k):
            value *= (self.a + i) / (self.a + self.b + i)
        return value

    def _above(self, chance: float) -> float:
        if chance > MEDIAN:
            return self.quantile(1.0 - chance)
        return 1.0 - beta_quantile(self.b, self.a, chance)

    @property
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""
        total = self.a + self.b
        return self.a * self.b / (total * total * (total + 1.0))
