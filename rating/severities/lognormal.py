"""The lognormal severity."""

import math
from dataclasses import dataclass
from typing import ClassVar, Self

from product_factory.numbers.domains import Forms, require_form, require_positive
from product_factory.numbers.gamma import HALF_LOG_TWO_PI
from product_factory.numbers.normal import normal_cdf, normal_density, normal_quantile
from product_factory.numbers.portable import exp, expm1, log, log1p
from rating.kernels.distributions import LOGNORMAL
from rating.severities.severity import Severity


@dataclass(frozen=True)
class Lognormal(Severity):
    """ln X ~ Normal(mu, sigma). Mean exp(mu + sigma**2 / 2), cv sqrt(exp(sigma**2) - 1).

    mu: location of ln X, in log currency.   sigma: spread of ln X, > 0.
    """

    CODE: ClassVar[int] = LOGNORMAL
    FORMS: ClassVar[Forms] = (("mean", "cv"), ("mu", "sigma"))

    mu: float
    sigma: float

    def __post_init__(self) -> None:
        require_positive("lognormal.sigma", self.sigma)

    @classmethod
    def from_form(cls, **given: float) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        first, second = require_form("lognormal", cls.FORMS, given)
        if "mu" in given:
            return cls(first, second)
        require_positive("lognormal.mean", first)
        require_positive("lognormal.cv", second)
        square = log1p(second * second)
        return cls(log(first) - 0.5 * square, math.sqrt(square))

    def parameters(self) -> tuple[float, float, float]:
        """Return what the kernels' ``severity_quantile`` takes after the code."""
        return self.mu, self.sigma, 0.0

    def _score(self, x: float) -> float:
        return (log(x) - self.mu) / self.sigma

    def density(self, x: float) -> float:
        """Return the density at x, which leaves out any chance that sits on a single point."""
        if not 0.0 < x < math.inf:
            return 0.0
        return normal_density(self._score(x)) / (self.sigma * x)

    def log_density(self, x: float) -> float:
        """Return ln density(x), with its digits kept where the density is below every number."""
        if not 0.0 < x < math.inf:
            return -math.inf
        z = self._score(x)
        return -0.5 * z * z - HALF_LOG_TWO_PI - log(self.sigma) - log(x)

    def survival(self, x: float) -> float:
        """Return P(X > x), with its digits kept in the tail."""
        return 1.0 if x <= 0.0 else normal_cdf(-self._score(x))

    def distribution(self, x: float) -> float:
        """Return P(X <= x), with its digits kept near 0."""
        return 0.0 if x <= 0.0 else normal_cdf(self._score(x))

    def limited_mean(self, limit: float) -> float:
        """Return E[min(X, limit)]; limit may be infinite."""
        if limit <= 0.0:
            return 0.0
        if limit == math.inf:
            return self.mean
        z = self._score(limit)
        return self.mean * normal_cdf(z - self.sigma) + limit * normal_cdf(-z)

    def excess_mean(self, deductible: float) -> float:
        """Return E[max(X - deductible, 0)], with its digits kept in the tail."""
        if deductible <= 0.0:
            return self.mean - deductible
        if deductible == math.inf:
            return 0.0
        z = self._score(deductible)
        # both chances are of upper tails, taken from below 0 where they keep their digits
        above = self.mean * normal_cdf(self.sigma - z)
        return self._beyond(deductible, above, deductible * normal_cdf(-z))

    def moment(self, k: int) -> float:
        """Return E[X**k] for a whole k >= 0."""
        return exp(k * self.mu + 0.5 * k * k * self.sigma * self.sigma)

    def _above(self, chance: float) -> float:
        return exp(self.mu - self.sigma * normal_quantile(chance))

    @property
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""
        return self.mean * self.mean * expm1(self.sigma * self.sigma)
