"""The gamma severity."""

import math
from dataclasses import dataclass
from typing import ClassVar, Self

from product_factory.numbers.domains import Forms, require_form, require_positive
from product_factory.numbers.gamma import gamma_lower, gamma_upper, log_gamma, poisson_weight
from product_factory.numbers.portable import log
from rating.kernels.distributions import GAMMA
from rating.severities.severity import Severity


@dataclass(frozen=True)
class Gamma(Severity):
    """Density x**(shape - 1) exp(-x / scale), normed. Mean shape * scale, cv 1 / sqrt(shape).

    shape: > 0, a pure number.   scale: > 0, in currency.
    """

    CODE: ClassVar[int] = GAMMA
    FORMS: ClassVar[Forms] = (("mean", "cv"), ("shape", "scale"))

    shape: float
    scale: float

    def __post_init__(self) -> None:
        require_positive("gamma.shape", self.shape)
        require_positive("gamma.scale", self.scale)

    @classmethod
    def from_form(cls, **given: float) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        first, second = require_form("gamma", cls.FORMS, given)
        if "shape" in given:
            return cls(first, second)
        require_positive("gamma.mean", first)
        require_positive("gamma.cv", second)
        square = second * second
        return cls(1.0 / square, first * square)

    def parameters(self) -> tuple[float, float, float]:
        """Return what the kernels' ``severity_quantile`` takes after the code."""
        return self.shape, self.scale, 0.0

    def density(self, x: float) -> float:
        """Return the density at x, which leaves out any chance that sits on a single point."""
        if not 0.0 <= x < math.inf:
            return 0.0
        if x > 0.0:
            return self.shape * poisson_weight(self.shape, x / self.scale) / x
        if self.shape == 1.0:
            return 1.0 / self.scale
        return math.inf if self.shape < 1.0 else 0.0

    def log_density(self, x: float) -> float:
        """Return ln density(x), with its digits kept where the density is below every number."""
        if not 0.0 < x < math.inf:
            return log(self.density(x))
        y = x / self.scale
        return (self.shape - 1.0) * log(y) - y - log_gamma(self.shape) - log(self.scale)

    def survival(self, x: float) -> float:
        """Return P(X > x), with its digits kept in the tail."""
        return gamma_upper(self.shape, x / self.scale)

    def distribution(self, x: float) -> float:
        """Return P(X <= x), with its digits kept near 0."""
        return gamma_lower(self.shape, x / self.scale)

    def limited_mean(self, limit: float) -> float:
        """Return E[min(X, limit)]; limit may be infinite."""
        if limit <= 0.0:
            return 0.0
        if limit == math.inf:
            return self.mean
        x = limit / self.scale
        below = self.shape * gamma_lower(self.shape + 1.0, x)
        return self.scale * (below + x * gamma_upper(self.shape, x))

    def excess_mean(self, deductible: float) -> float:
        """Return E[max(X - deductible, 0)], with its digits kept in the tail."""
        if deductible <= 0.0:
            return self.mean - deductible
        if deductible == math.inf:
            return 0.0
        x = deductible / self.scale
        # Q(shape + 1, x) = Q(shape, x) + weight: one tail less to subtract
        weight = self.shape * poisson_weight(self.shape, x)
        alive = gamma_upper(self.shape, x)
        above = self.scale * (self.shape * alive + weight)
        return self._beyond(deductible, above, deductible * alive)

    def moment(self, k: int) -> float:
        """Return E[X**k] for a whole k >= 0."""
        value = 1.0
        for i in range(k):
            value *= self.scale * (self.shape + i)
        return value

    @property
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""
        return self.shape * self.scale * self.scale
