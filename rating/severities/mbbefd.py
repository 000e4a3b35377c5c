"""The MBBEFD severity, a damage ratio with a chance of total loss."""

from dataclasses import dataclass
from typing import ClassVar, Self

from product_factory.numbers.domains import Forms, require, require_form, require_positive
from product_factory.numbers.portable import exp, expm1, log, power
from rating.kernels.distributions import MBBEFD, log1p_ratio
from rating.severities.quadrature import integral
from rating.severities.severity import Severity

SMALL = 0.1


@dataclass(frozen=True)
class Mbbefd(Severity):
    """P(X > x) = (1 - b) / ((g - 1) b**(1 - x) + 1 - g b) for x < 1, and 1/g is the chance of 1.

    b: > 0.   g: >= 1, the inverse chance of a total loss.   Form c: the Swiss Re curves,
    b = exp(3.1 - 0.15 c (1 + c)), g = exp(c (0.78 + 0.12 c)); c = 1.5, 2, 3, 4 are Swiss Re's
    Y1 to Y4, and 5 is Lloyd's. S. Bernegger, "The Swiss Re exposure curves and the MBBEFD
    distribution class", ASTIN Bulletin 27 (1997).

    The formulas below are Bernegger's, written in odds = P(X <= x) / P(X > x), which is
    b (g - 1) (b**-x - 1) / (1 - b): so they need no special cases at b = 1 and b g = 1.
    """

    CODE: ClassVar[int] = MBBEFD
    FORMS: ClassVar[Forms] = (("c",), ("b", "g"))

    b: float
    g: float

    def __post_init__(self) -> None:
        require_positive("mbbefd.b", self.b)
        require("mbbefd.g", self.g, "1 or more", holds=self.g >= 1.0)

    @classmethod
    def from_form(cls, **given: float) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        values = require_form("mbbefd", cls.FORMS, given)
        if "c" not in given:
            return cls(*values)
        c = values[0]
        require("mbbefd.c", c, "0 or more", holds=c >= 0.0)
        return cls(exp(3.1 - 0.15 * c * (1.0 + c)), exp(c * (0.78 + 0.12 * c)))

    def parameters(self) -> tuple[float, float, float]:
        """Return what the kernels' ``severity_quantile`` takes after the code."""
        bend = 0.0 if self.g == 1.0 else (1.0 - self.b) / (self.b * (self.g - 1.0))
        return self._rate, bend, 1.0 - 1.0 / self.g

    @property
    def _bent(self) -> float:
        """Return ln b / (b - 1), which is 1 where b is 1."""
        # of a small b, b - 1 has lost the digits
        return log(self.b) / (self.b - 1.0) if self.b < SMALL else log1p_ratio(self.b - 1.0)

    @property
    def _rate(self) -> float:
        """The odds at a small x, by x."""
        return self.b * (self.g - 1.0) * self._bent

    def _odds(self, x: float) -> float:
        return self._rate * self._stretch(x, -1.0)

    def _stretch(self, x: float, sign: float) -> float:
        """Return (b**(sign x) - 1) / (sign ln b), which is x where b is 1."""
        slope = sign * log(self.b)
        return x if slope == 0.0 else expm1(slope * x) / slope

    def density(self, x: float) -> float:
        """Return the density at x, which leaves out any chance that sits on a single point."""
        if not 0.0 <= x < 1.0:
            return 0.0
        alive = self.survival(x)
        return alive * alive * self._rate * exp(-x * log(self.b))

    def log_density(self, x: float) -> float:
        """Return ln density(x), of which the chance of a total loss is no part."""
        return log(self.density(x))

    def survival(self, x: float) -> float:
        """Return P(X > x), with its digits kept in the tail."""
        if x >= 1.0:
            return 0.0
        return 1.0 if x <= 0.0 else 1.0 / (1.0 + self._odds(x))

    def distribution(self, x: float) -> float:
        """Return P(X <= x), with its digits kept near 0."""
        if x >= 1.0:
            return 1.0
        if x <= 0.0:
            return 0.0
        odds = self._odds(x)
        return odds / (1.0 + odds)

    def _between(self, low: float, high: float) -> float:
        """Return the integral of the survival from low to high, 0 <= low <= high <= 1."""
        # above low the survival is survival(low) times one of the same family, so that a thin
        # layer loses nothing
        width = self._stretch(high - low, 1.0)
        alive = self.survival(low)
        bend = (self.b * self.g - 1.0) * self._bent
        return alive * width * log1p_ratio(bend * alive * width)

    def limited_mean(self, limit: float) -> float:
        """Return E[min(X, limit)]; limit may be infinite."""
        return self._between(0.0, min(max(limit, 0.0), 1.0))

    def excess_mean(self, deductible: float) -> float:
        """Return E[max(X - deductible, 0)], with its digits kept in the tail."""
        if deductible <= 0.0:
            return self.mean - deductible
        return self._between(min(deductible, 1.0), 1.0)

    def _layer(self, deductible: float, limit: float) -> float:
        """Return the mean of a layer whose bounds have been checked."""
        return self._between(min(deductible, 1.0), min(deductible + limit, 1.0))

    def moment(self, k: int) -> float:
        """Return E[X**k] for a whole k >= 0."""
        if k == 0:
            return 1.0
        if k == 1:
            return self._between(0.0, 1.0)
        # the second moment is a dilogarithm: the integral of k x**(k-1) P(X > x) is as exact
        return integral(lambda x: k * power(x, k - 1.0) * self.survival(x))

    def _above(self, chance: float) -> float:
        rate, bend, _ = self.parameters()
        if chance * self.g <= 1.0:
            return 1.0
        odds = (1.0 - chance) / chance
        return min(odds / rate * log1p_ratio(bend * odds), 1.0)

    @property
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""
        return max(0.0, self.moment(2) - self.mean * self.mean)
