"""The Burr severity (type XII)."""

import math
from dataclasses import dataclass
from typing import ClassVar, Self

from product_factory.numbers.beta import beta_side
from product_factory.numbers.domains import Forms, require_form, require_positive
from product_factory.numbers.gamma import log_gamma
from product_factory.numbers.portable import exp, expm1, log, log1p, power
from rating.kernels.distributions import BURR
from rating.severities.infinite import refuse_moment
from rating.severities.quadrature import integral, panel
from rating.severities.severity import Severity


@dataclass(frozen=True)
class Burr(Severity):
    """P(X > x) = (1 + (x / scale)**gamma)**-alpha. Moments of order alpha gamma are infinite.

    alpha, gamma: > 0, pure numbers.   scale: > 0, in currency.
    Mean scale Gamma(1 + 1/gamma) Gamma(alpha - 1/gamma) / Gamma(alpha).

    With p = v / (1 + v), v = (x / scale)**gamma, the survival integrates to the mean times the
    incomplete beta ratios of (1/gamma, alpha - 1/gamma) at p: neither side is a difference.
    """

    CODE: ClassVar[int] = BURR
    FORMS: ClassVar[Forms] = (("alpha", "gamma", "scale"),)

    alpha: float
    gamma: float
    scale: float

    def __post_init__(self) -> None:
        require_positive("burr.alpha", self.alpha)
        require_positive("burr.gamma", self.gamma)
        require_positive("burr.scale", self.scale)

    @classmethod
    def from_form(cls, **given: float) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        return cls(*require_form("burr", cls.FORMS, given))

    def parameters(self) -> tuple[float, float, float]:
        """Return what the kernels' ``severity_quantile`` takes after the code."""
        return self.alpha, self.gamma, self.scale

    def _log_survival(self, x: float) -> float:
        y = self.gamma * log(x / self.scale)
        # ln(1 + e**y), which is y where e**y is beyond every number
        return -self.alpha * (y + log1p(exp(-y)) if y > 0.0 else log1p(exp(y)))

    def density(self, x: float) -> float:
        """Return the density at x, which leaves out any chance that sits on a single point."""
        if not 0.0 <= x < math.inf:
            return 0.0
        if x > 0.0:
            p, _ = self._sides(x)
            return self.alpha * self.gamma / x * p * self.survival(x)
        if self.gamma == 1.0:
            return self.alpha / self.scale
        return math.inf if self.gamma < 1.0 else 0.0

    def log_density(self, x: float) -> float:
        """Return ln density(x), with its digits kept where the density is below every number."""
        if not 0.0 < x < math.inf:
            return log(self.density(x))
        y = self.gamma * log(x / self.scale)
        short = -log1p(exp(-y)) if y > 0.0 else y - log1p(exp(y))
        return log(self.alpha * self.gamma) - log(x) + short + self._log_survival(x)

    def _sides(self, x: float) -> tuple[float, float]:
        """Return v / (1 + v) and 1 / (1 + v), v being (x / scale)**gamma."""
        y = self.gamma * log(x / self.scale)
        if y > 0.0:
            v = exp(-y)
            return 1.0 / (1.0 + v), v / (1.0 + v)
        v = exp(y)
        return v / (1.0 + v), 1.0 / (1.0 + v)

    def survival(self, x: float) -> float:
        """Return P(X > x), with its digits kept in the tail."""
        if x == math.inf:
            return 0.0
        return 1.0 if x <= 0.0 else exp(self._log_survival(x))

    def distribution(self, x: float) -> float:
        """Return P(X <= x), with its digits kept near 0."""
        if x == math.inf:
            return 1.0
        return 0.0 if x <= 0.0 else -expm1(self._log_survival(x))

    @property
    def _rest(self) -> float:
        return self.alpha - 1.0 / self.gamma

    def limited_mean(self, limit: float) -> float:
        """Return E[min(X, limit)]; limit may be infinite."""
        if limit <= 0.0:
            return 0.0
        if limit == math.inf:
            return self.mean
        if self._rest <= 0.0:
            # no mean to take a share of: the survival is integrated
            return limit * integral(lambda t: self.survival(limit * t))
        p, q = self._sides(limit)
        return self.mean * beta_side(1.0 / self.gamma, self._rest, p, q)

    def excess_mean(self, deductible: float) -> float:
        """Return E[max(X - deductible, 0)], with its digits kept in the tail."""
        if deductible <= 0.0:
            return self.mean - deductible
        if deductible == math.inf:
            return 0.0
        p, q = self._sides(deductible)
        mean = self.mean
        return mean * beta_side(self._rest, 1.0 / self.gamma, q, p)

    def _layer(self, deductible: float, limit: float) -> float:
        """Return the mean of a layer whose bounds have been checked."""
        if self._rest > 0.0 or limit == math.inf or deductible == 0.0:
            return super()._layer(deductible, limit)
        # a tail without a mean falls slowly: panels from the deductible on, each twice the last
        total, low, top = 0.0, deductible, deductible + limit
        while low < top:
            high = min(2.0 * low, top)
            total += panel(self.survival, low, high)
            low = high
        return total

    def _require(self, k: int) -> None:
        if not self.alpha * self.gamma > k:
            product = self.alpha * self.gamma
            refuse_moment("burr.alpha × burr.gamma", f"above {k}", product, k)

    def moment(self, k: int) -> float:
        """Return E[X**k] for a whole k >= 0; BadValue where alpha gamma <= k."""
        self._require(k)
        order = k / self.gamma
        logs = log_gamma(1.0 + order) + log_gamma(self.alpha - order) - log_gamma(self.alpha)
        return power(self.scale, k) * exp(logs)

    def _above(self, chance: float) -> float:
        return self.scale * power(expm1(-log(chance) / self.alpha), 1.0 / self.gamma)

    @property
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""
        self._require(2)
        # the ratio of the moments less 1, without loss for a small spread
        one, two = 1.0 / self.gamma, 2.0 / self.gamma
        apart = log_gamma(1.0 + two) - 2.0 * log_gamma(1.0 + one)
        apart += log_gamma(self.alpha - two) - 2.0 * log_gamma(self.alpha - one)
        return self.mean * self.mean * expm1(apart + log_gamma(self.alpha))
