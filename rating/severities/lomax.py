"""The Lomax severity, which is Pareto of type II."""

import math
from dataclasses import dataclass
from typing import ClassVar, Self

from product_factory.numbers.domains import Forms, require_form, require_positive
from product_factory.numbers.portable import exp, expm1, log, log1p
from rating.kernels.distributions import LOMAX
from rating.severities.infinite import refuse_moment
from rating.severities.power_tail import PowerTail, power_layer


@dataclass(frozen=True)
class Lomax(PowerTail):
    """P(X > x) = (1 + x / scale)**-alpha. Mean scale / (alpha - 1).

    alpha: > 0; moments of its order and above are infinite.   scale: > 0, in currency.
    """

    CODE: ClassVar[int] = LOMAX
    FORMS: ClassVar[Forms] = (("alpha", "scale"),)

    alpha: float
    scale: float

    def __post_init__(self) -> None:
        require_positive("lomax.alpha", self.alpha)
        require_positive("lomax.scale", self.scale)

    @classmethod
    def from_form(cls, **given: float) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        return cls(*require_form("lomax", cls.FORMS, given))

    def parameters(self) -> tuple[float, float, float]:
        """Return what the kernels' ``severity_quantile`` takes after the code."""
        return self.alpha, self.scale, 0.0

    def _log_survival(self, x: float) -> float:
        return -self.alpha * log1p(x / self.scale)

    def density(self, x: float) -> float:
        """Return the density at x, which leaves out any chance that sits on a single point."""
        if not 0.0 <= x < math.inf:
            return 0.0
        return self.alpha / (self.scale + x) * self.survival(x)

    def log_density(self, x: float) -> float:
        """Return ln density(x), with its digits kept where the density is below every number."""
        if not 0.0 <= x < math.inf:
            return -math.inf
        return log(self.alpha / (self.scale + x)) + self._log_survival(x)

    def survival(self, x: float) -> float:
        """Return P(X > x), with its digits kept in the tail."""
        return 1.0 if x <= 0.0 else exp(self._log_survival(x))

    def distribution(self, x: float) -> float:
        """Return P(X <= x), with its digits kept near 0."""
        return 0.0 if x <= 0.0 else -expm1(self._log_survival(x))

    def _layer(self, deductible: float, limit: float) -> float:
        """Return the mean of a layer whose bounds have been checked."""
        if limit == math.inf:
            self._require(1)
        if deductible == math.inf:
            return 0.0
        shape = 1.0 / self.alpha
        scale = (self.scale + deductible) * shape
        return power_layer(self.survival(deductible), scale, shape, limit)

    def _require(self, k: int) -> None:
        if not self.alpha > k:
            refuse_moment("lomax.alpha", f"above {k}", self.alpha, k)

    def moment(self, k: int) -> float:
        """Return E[X**k] for a whole k >= 0; BadValue where alpha <= k."""
        self._require(k)
        value = 1.0
        for i in range(1, k + 1):
            value *= self.scale * i / (self.alpha - i)
        return value

    def _above(self, chance: float) -> float:
        return self.scale * expm1(-log(chance) / self.alpha)

    @property
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""
        self._require(2)
        return self.mean * self.mean * self.alpha / (self.alpha - 2.0)
