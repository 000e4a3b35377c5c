"""The Weibull severity."""

import math
from dataclasses import dataclass
from typing import ClassVar, Self

from product_factory.numbers.domains import Forms, require_form, require_positive
from product_factory.numbers.gamma import gamma_lower, gamma_upper, log_gamma
from product_factory.numbers.portable import exp, expm1, log, power
from rating.kernels.distributions import WEIBULL
from rating.severities.severity import Severity


@dataclass(frozen=True)
class Weibull(Severity):
    """P(X > x) = exp(-(x / scale)**shape). Mean scale Gamma(1 + 1 / shape).

    shape: > 0, a pure number; below 1 the tail is heavier than exponential.   scale: > 0, currency.

    With t = (x / scale)**shape the survival integrates to the mean times the incomplete gamma
    ratios of 1 / shape at t, so that neither side of a limit is a difference.
    """

    CODE: ClassVar[int] = WEIBULL
    FORMS: ClassVar[Forms] = (("shape", "scale"),)

    shape: float
    scale: float

    def __post_init__(self) -> None:
        require_positive("weibull.shape", self.shape)
        require_positive("weibull.scale", self.scale)

    @classmethod
    def from_form(cls, **given: float) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        return cls(*require_form("weibull", cls.FORMS, given))

    def parameters(self) -> tuple[float, float, float]:
        """Return what the kernels' ``severity_quantile`` takes after the code."""
        return self.shape, self.scale, 0.0

    def _power(self, x: float) -> float:
        return power(x / self.scale, self.shape)

    def density(self, x: float) -> float:
        """Return the density at x, which leaves out any chance that sits on a single point."""
        if not 0.0 <= x < math.inf:
            return 0.0
        if x == 0.0:
            if self.shape == 1.0:
                return 1.0 / self.scale
            return math.inf if self.shape < 1.0 else 0.0
        t = self._power(x)
        return self.shape / x * t * exp(-t) if t < math.inf else 0.0

    def log_density(self, x: float) -> float:
        """Return ln density(x), with its digits kept where the density is below every number."""
        if not 0.0 < x < math.inf:
            return log(self.density(x))
        y = log(x / self.scale)
        return log(self.shape / self.scale) + (self.shape - 1.0) * y - exp(self.shape * y)

    def survival(self, x: float) -> float:
        """Return P(X > x), with its digits kept in the tail."""
        return 1.0 if x <= 0.0 else exp(-self._power(x))

    def distribution(self, x: float) -> float:
        """Return P(X <= x), with its digits kept near 0."""
        return 0.0 if x <= 0.0 else -expm1(-self._power(x))

    def limited_mean(self, limit: float) -> float:
        """Return E[min(X, limit)]; limit may be infinite."""
        if limit <= 0.0:
            return 0.0
        return self.mean * gamma_lower(1.0 / self.shape, self._power(limit))

    def excess_mean(self, deductible: float) -> float:
        """Return E[max(X - deductible, 0)], with its digits kept in the tail."""
        if deductible <= 0.0:
            return self.mean - deductible
        return self.mean * gamma_upper(1.0 / self.shape, self._power(deductible))

    def moment(self, k: int) -> float:
        """Return E[X**k] for a whole k >= 0."""
        return power(self.scale, k) * exp(log_gamma(1.0 + k / self.shape))

    def _above(self, chance: float) -> float:
        return self.scale * power(-log(chance), 1.0 / self.shape)

    @property
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""
        # near 0 for a large shape: the ratio of the moments less 1, without loss
        inverse = 1.0 / self.shape
        apart = log_gamma(1.0 + 2.0 * inverse) - 2.0 * log_gamma(1.0 + inverse)
        return self.mean * self.mean * expm1(apart)
