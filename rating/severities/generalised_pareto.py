"""The generalised Pareto severity, the limit of what exceeds a high threshold."""

import math
from dataclasses import dataclass
from typing import ClassVar, Self

from product_factory.numbers.domains import Forms, require, require_form, require_positive
from product_factory.numbers.portable import exp, expm1, log, power
from rating.kernels.distributions import GENERALISED_PARETO, log1p_ratio
from rating.kernels.tails import stretched
from rating.severities.infinite import refuse_moment
from rating.severities.power_tail import PowerTail, power_layer


@dataclass(frozen=True)
class GeneralisedPareto(PowerTail):
    """P(X > x) = (1 + shape (x - threshold) / scale)**(-1 / shape) from the threshold on.

    shape: any number; above 0 moments of order 1 / shape are infinite, at 0 the excess is
    exponential, below 0 X ends at threshold - scale / shape.   scale: > 0, in currency.
    threshold: >= 0, in currency.   Mean threshold + scale / (1 - shape).
    """

    CODE: ClassVar[int] = GENERALISED_PARETO
    FORMS: ClassVar[Forms] = (("shape", "scale"), ("shape", "scale", "threshold"))

    shape: float
    scale: float
    threshold: float = 0.0

    def __post_init__(self) -> None:
        require("generalised_pareto.shape", self.shape, "a number", holds=True)
        require_positive("generalised_pareto.scale", self.scale)
        name = "generalised_pareto.threshold"
        require(name, self.threshold, "0 or more", holds=self.threshold >= 0.0)

    @classmethod
    def from_form(cls, **given: float) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        return cls(*require_form("generalised_pareto", cls.FORMS, given))

    def parameters(self) -> tuple[float, float, float]:
        """Return what the kernels' ``severity_quantile`` takes after the code."""
        return self.shape, self.scale, self.threshold

    def _log_survival(self, x: float) -> float:
        """Return ln P(X > x) for x from the threshold on."""
        excess = (x - self.threshold) / self.scale
        ratio = self.shape * excess
        return -math.inf if ratio <= -1.0 else -excess * log1p_ratio(ratio)

    def _local(self, x: float) -> float:
        """Return the scale of what exceeds x: scale + shape (x - threshold)."""
        return self.scale + self.shape * (x - self.threshold)

    def density(self, x: float) -> float:
        """Return the density at x, which leaves out any chance that sits on a single point."""
        if not self.threshold <= x < math.inf:
            return 0.0
        local = self._local(x)
        if local > 0.0:
            return self.survival(x) / local
        # where X ends: the density is S**(1 + shape) / scale
        if self.shape == -1.0 and local == 0.0:
            return 1.0 / self.scale
        return math.inf if self.shape < -1.0 and local == 0.0 else 0.0

    def log_density(self, x: float) -> float:
        """Return ln density(x), with its digits kept where the density is below every number."""
        if not self.threshold <= x < math.inf:
            return -math.inf
        local = self._local(x)
        return self._log_survival(x) - log(local) if local > 0.0 else log(self.density(x))

    def survival(self, x: float) -> float:
        """Return P(X > x), with its digits kept in the tail."""
        if x == math.inf:
            return 0.0
        return 1.0 if x <= self.threshold else exp(self._log_survival(x))

    def distribution(self, x: float) -> float:
        """Return P(X <= x), with its digits kept near 0."""
        if x == math.inf:
            return 1.0
        return 0.0 if x <= self.threshold else -expm1(self._log_survival(x))

    def _layer(self, deductible: float, limit: float) -> float:
        """Return the mean of a layer whose bounds have been checked."""
        if limit == math.inf:
            self._require(1)
        sure = min(max(self.threshold - deductible, 0.0), limit)
        start = max(deductible, self.threshold)
        alive = self.survival(start)
        if alive == 0.0:
            return sure
        return sure + power_layer(alive, self._local(start), self.shape, limit - sure)

    def _require(self, k: int) -> None:
        if k > 0 and not self.shape * k < 1.0:
            bound = "below 1" if k == 1 else f"below 1/{k}"
            refuse_moment("generalised_pareto.shape", bound, self.shape, k)

    def moment(self, k: int) -> float:
        """Return E[X**k] for a whole k >= 0; BadValue where shape >= 1 / k."""
        self._require(k)
        total = 0.0
        excess = 1.0
        for i in range(k + 1):
            if i > 0:
                excess *= self.scale * i / (1.0 - i * self.shape)
            total += math.comb(k, i) * power(self.threshold, k - i) * excess
        return total

    def _above(self, chance: float) -> float:
        return self.threshold + self.scale * stretched(-log(chance), self.shape)

    @property
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""
        self._require(2)
        rate = 1.0 - self.shape
        return self.scale * self.scale / (rate * rate * (1.0 - 2.0 * self.shape))
