"""The Pareto severity of type I."""

import math
from dataclasses import dataclass
from typing import ClassVar, Self

from product_factory.numbers.domains import Forms, require_form, require_positive
from product_factory.numbers.portable import exp, expm1, log, log1p, power
from rating.kernels.distributions import PARETO
from rating.severities.infinite import refuse_moment
from rating.severities.power_tail import PowerTail, power_layer


@dataclass(frozen=True)
class Pareto(PowerTail):
    """P(X > x) = (minimum / x)**alpha from the minimum on. Mean alpha minimum / (alpha - 1).

    alpha: > 0; moments of its order and above are infinite.   minimum: > 0, in currency.
    """

    CODE: ClassVar[int] = PARETO
    FORMS: ClassVar[Forms] = (("alpha", "minimum"),)

    alpha: float
    minimum: float

    def __post_init__(self) -> None:
        require_positive("pareto.alpha", self.alpha)
        require_positive("pareto.minimum", self.minimum)

    @classmethod
    def from_form(cls, **given: float) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        return cls(*require_form("pareto", cls.FORMS, given))

    def parameters(self) -> tuple[float, float, float]:
        """Return what the kernels' ``severity_quantile`` takes after the code."""
        return self.alpha, self.minimum, 0.0

    def _log_survival(self, x: float) -> float:
        return -self.alpha * log1p((x - self.minimum) / self.minimum)

    def density(self, x: float) -> float:
        """Return the density at x, which leaves out any chance that sits on a single point."""
        return self.alpha / x * self.survival(x) if self.minimum <= x < math.inf else 0.0

    def log_density(self, x: float) -> float:
        """Return ln density(x), with its digits kept where the density is below every number."""
        if not self.minimum <= x < math.inf:
            return -math.inf
        return log(self.alpha / x) + self._log_survival(x)

    def survival(self, x: float) -> float:
        """Return P(X > x), with its digits kept in the tail."""
        return 1.0 if x <= self.minimum else exp(self._log_survival(x))

    def distribution(self, x: float) -> float:
        """Return P(X <= x), with its digits kept near 0."""
        return 0.0 if x <= self.minimum else -expm1(self._log_survival(x))

    def _layer(self, deductible: float, limit: float) -> float:
        """Return the mean of a layer whose bounds have been checked."""
        if limit == math.inf:
            self._require(1)
        sure = min(max(self.minimum - deductible, 0.0), limit)
        start = max(deductible, self.minimum)
        if start == math.inf:
            return 0.0
        shape = 1.0 / self.alpha
        return sure + power_layer(self.survival(start), start * shape, shape, limit - sure)

    def _require(self, k: int) -> None:
        if not self.alpha > k:
            refuse_moment("pareto.alpha", f"above {k}", self.alpha, k)

    def moment(self, k: int) -> float:
        """Return E[X**k] for a whole k >= 0; BadValue where alpha <= k."""
        self._require(k)
        return self.alpha * power(self.minimum, k) / (self.alpha - k)

    def _above(self, chance: float) -> float:
        return self.minimum * exp(-log(chance) / self.alpha)

    @property
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""
        self._require(2)
        less = self.alpha - 1.0
        return self.alpha * self.minimum * self.minimum / (less * less * (self.alpha - 2.0))
