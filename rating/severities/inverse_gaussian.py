"""The inverse Gaussian severity."""

import math
from dataclasses import dataclass
from typing import ClassVar, Self

from product_factory.numbers.domains import Forms, require_form, require_positive
from product_factory.numbers.gamma import HALF_LOG_TWO_PI
from product_factory.numbers.normal import mills, normal_cdf, normal_density
from product_factory.numbers.portable import log
from rating.kernels.distributions import INVERSE_GAUSSIAN
from rating.kernels.tails import inverse_gaussian_density, inverse_gaussian_sides
from rating.severities.severity import Severity


@dataclass(frozen=True)
class InverseGaussian(Severity):
    """Density sqrt(shape / (2 pi x**3)) exp(-shape (x - mean)**2 / (2 mean**2 x)).

    mu: the mean, > 0, in currency, `mean` in product files.
    shape: > 0, in currency; cv = sqrt(mean / shape).
    """

    CODE: ClassVar[int] = INVERSE_GAUSSIAN
    FORMS: ClassVar[Forms] = (("mean", "cv"), ("mean", "shape"))

    mu: float
    shape: float

    def __post_init__(self) -> None:
        require_positive("inverse_gaussian.mean", self.mu)
        require_positive("inverse_gaussian.shape", self.shape)

    @classmethod
    def from_form(cls, **given: float) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        first, second = require_form("inverse_gaussian", cls.FORMS, given)
        if "shape" in given:
            return cls(first, second)
        require_positive("inverse_gaussian.cv", second)
        return cls(first, first / (second * second))

    def parameters(self) -> tuple[float, float, float]:
        """Return what the kernels' ``severity_quantile`` takes after the code."""
        return self.mu, self.shape, 0.0

    def density(self, x: float) -> float:
        """Return the density at x, which leaves out any chance that sits on a single point."""
        if not 0.0 < x < math.inf:
            return 0.0
        return inverse_gaussian_density(self.mu, self.shape, x)

    def log_density(self, x: float) -> float:
        """Return ln density(x), with its digits kept where the density is below every number."""
        if not 0.0 < x < math.inf:
            return -math.inf
        apart = x / self.mu - 1.0
        power = 0.5 * self.shape / x * apart * apart
        return 0.5 * log(self.shape / x) - log(x) - HALF_LOG_TWO_PI - power

    def survival(self, x: float) -> float:
        """Return P(X > x), with its digits kept in the tail."""
        if not 0.0 < x < math.inf:
            return 1.0 if x <= 0.0 else 0.0
        return inverse_gaussian_sides(self.mu, self.shape, x)[1]

    def distribution(self, x: float) -> float:
        """Return P(X <= x), with its digits kept near 0."""
        if not 0.0 < x < math.inf:
            return 0.0 if x <= 0.0 else 1.0
        return inverse_gaussian_sides(self.mu, self.shape, x)[0]

    def _scores(self, x: float) -> tuple[float, float]:
        root = math.sqrt(self.shape / x)
        return root * (x / self.mu - 1.0), root * (x / self.mu + 1.0)

    def limited_mean(self, limit: float) -> float:
        """Return E[min(X, limit)]; limit may be infinite."""
        if limit <= 0.0:
            return 0.0
        if limit == math.inf:
            return self.mean
        low, high = self._scores(limit)
        far = normal_density(low) * mills(high)
        mean = self.mu
        return limit * normal_cdf(-low) + mean * normal_cdf(low) - (limit + mean) * far

    def excess_mean(self, deductible: float) -> float:
        """Return E[max(X - deductible, 0)], with its digits kept in the tail."""
        if deductible <= 0.0:
            return self.mean - deductible
        if deductible == math.inf:
            return 0.0
        low, high = self._scores(deductible)
        mean = self.mu
        far = (deductible + mean) * normal_density(low) * mills(high)
        apart = (deductible - mean) * normal_cdf(-low)
        if apart <= 0.0:
            return far - apart
        return self._beyond(deductible, far, apart)

    def moment(self, k: int) -> float:
        """Return E[X**k] for a whole k >= 0."""
        # E[X**(k+1)] = (2k - 1) mean**2 / shape E[X**k] + mean**2 E[X**(k-1)] (Tweedie 1957)
        before, value = 1.0 / self.mu, 1.0
        square = self.mu * self.mu
        for i in range(k):
            before, value = value, (2 * i - 1) * square / self.shape * value + square * before
            if i == 0:
                value = self.mu
        return value

    @property
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""
        return self.mu * self.mu * self.mu / self.shape
