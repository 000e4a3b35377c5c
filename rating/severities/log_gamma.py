"""The log-gamma severity: its logarithm is gamma."""

import math
from dataclasses import dataclass
from typing import ClassVar, Self

from product_factory.numbers.domains import Forms, require_form, require_positive
from product_factory.numbers.gamma import gamma_lower, gamma_upper, log_gamma, poisson_weight
from product_factory.numbers.portable import exp, expm1, log, log1p, power
from rating.kernels.distributions import LOG_GAMMA
from rating.severities.infinite import refuse_moment
from rating.severities.quadrature import integral, tail_integral
from rating.severities.severity import Severity
from rating.severities.size import MEDIAN, THIN


@dataclass(frozen=True)
class LogGamma(Severity):
    """ln(X / minimum) ~ Gamma(shape, 1 / rate). Mean minimum (1 - 1 / rate)**-shape.

    minimum: > 0, in currency, the least X.   rate: > 0; moments of its order are infinite.
    shape: > 0, a pure number; at 1 this is Pareto with alpha = rate.
    """

    CODE: ClassVar[int] = LOG_GAMMA
    FORMS: ClassVar[Forms] = (("minimum", "rate", "shape"),)

    minimum: float
    rate: float
    shape: float

    def __post_init__(self) -> None:
        require_positive("log_gamma.minimum", self.minimum)
        require_positive("log_gamma.rate", self.rate)
        require_positive("log_gamma.shape", self.shape)

    @classmethod
    def from_form(cls, **given: float) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        return cls(*require_form("log_gamma", cls.FORMS, given))

    def parameters(self) -> tuple[float, float, float]:
        """Return what the kernels' ``severity_quantile`` takes after the code."""
        return self.minimum, self.rate, self.shape

    def _log(self, x: float) -> float:
        """Return ln(x / minimum) without loss near the minimum."""
        return log1p((x - self.minimum) / self.minimum)

    def density(self, x: float) -> float:
        """Return the density at x, which leaves out any chance that sits on a single point."""
        if not self.minimum <= x < math.inf:
            return 0.0
        y = self._log(x)
        if y > 0.0:
            return self.shape * poisson_weight(self.shape, self.rate * y) / (y * x)
        if self.shape == 1.0:
            return self.rate / self.minimum
        return math.inf if self.shape < 1.0 else 0.0

    def log_density(self, x: float) -> float:
        """Return ln density(x), with its digits kept where the density is below every number."""
        if not self.minimum < x < math.inf:
            return log(self.density(x))
        y = self.rate * self._log(x)
        return (self.shape - 1.0) * log(y) - y - log_gamma(self.shape) + log(self.rate) - log(x)

    def survival(self, x: float) -> float:
        """Return P(X > x), with its digits kept in the tail."""
        return 1.0 if x <= self.minimum else gamma_upper(self.shape, self.rate * self._log(x))

    def distribution(self, x: float) -> float:
        """Return P(X <= x), with its digits kept near 0."""
        return 0.0 if x <= self.minimum else gamma_lower(self.shape, self.rate * self._log(x))

    def _in_logs(self, y: float) -> float:
        """Return P(X > x) dx/dy at x = minimum e**y, what is integrated over y."""
        return self.minimum * exp(y) * gamma_upper(self.shape, self.rate * y)

    def limited_mean(self, limit: float) -> float:
        """Return E[min(X, limit)]; limit may be infinite."""
        if limit <= self.minimum:
            return max(limit, 0.0)
        if limit == math.inf:
            return self.mean
        y = self._log(limit)
        if self.rate <= 1.0:
            return self.minimum + y * integral(lambda t: self._in_logs(y * t))
        below = self.mean * gamma_lower(self.shape, (self.rate - 1.0) * y)
        return below + limit * gamma_upper(self.shape, self.rate * y)

    def excess_mean(self, deductible: float) -> float:
        """Return E[max(X - deductible, 0)], with its digits kept in the tail."""
        mean = self.mean
        if deductible <= self.minimum:
            return mean - deductible
        if deductible == math.inf:
            return 0.0
        y, less = self._log(deductible), self.rate - 1.0
        above = mean * gamma_upper(self.shape, less * y)
        value = above - deductible * gamma_upper(self.shape, self.rate * y)
        if value > THIN * above or above == 0.0:
            return max(0.0, value)
        return tail_integral(self._in_logs, y, min(1.0 / less, y))

    def _layer(self, deductible: float, limit: float) -> float:
        """Return the mean of a layer whose bounds have been checked."""
        top = deductible + limit
        sure = min(max(self.minimum - deductible, 0.0), limit)
        if limit == math.inf or top <= self.minimum:
            return sure if top <= self.minimum else super()._layer(deductible, limit)
        start = max(deductible, self.minimum)
        if self.rate > 1.0 and self.survival(start) <= MEDIAN:
            return super()._layer(deductible, limit)
        low = self._log(start)
        width = log1p((top - start) / start)
        return sure + width * integral(lambda t: self._in_logs(low + width * t))

    def _require(self, k: int) -> None:
        if not self.rate > k:
            refuse_moment("log_gamma.rate", f"above {k}", self.rate, k)

    def moment(self, k: int) -> float:
        """Return E[X**k] for a whole k >= 0; BadValue where rate <= k."""
        self._require(k)
        return power(self.minimum, k) * exp(-self.shape * log1p(-k / self.rate))

    @property
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""
        self._require(2)
        # the ratio of the moments less 1, without loss for a small spread
        apart = self.shape * log1p(1.0 / (self.rate * (self.rate - 2.0)))
        return self.mean * self.mean * expm1(apart)
