"""The binomial frequency."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from product_factory.errors import BadValue
from product_factory.numbers.beta import beta_side
from product_factory.numbers.domains import Forms, require
from product_factory.numbers.portable import exp, log1p
from rating.frequencies.frequency import Complex, Frequency, Given, Weighted, exp_less_one, plain
from rating.frequencies.poisson import Poisson
from rating.kernels.distributions import BINOMIAL, binomial_count_weight, frequency_quantile

MOST_TRIALS = 1 << 31
EVEN = 0.5
"""A chance below which 1 - chance + chance z is not 0 for any |z| <= 1."""


@dataclass(frozen=True)
class Binomial:
    """P(N = n) = C(trials, n) chance**n (1 - chance)**(trials - n). The variance is below the mean.

    trials: whole, >= 1, things that may each have one event a year.   chance: of each, above 0 and
    below 1; only what `after` gives may have one above, of which a share of the year is then asked.
    """

    CODE: ClassVar[int] = BINOMIAL
    FORMS: ClassVar[Forms] = (("trials", "chance"),)
    PARTS: ClassVar[tuple[str, ...]] = ()

    trials: int
    chance: float

    @classmethod
    def from_form(cls, **given: Given) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        trials, chance = plain("binomial", cls.FORMS, given)
        whole = 1.0 <= trials <= MOST_TRIALS and trials == int(trials)
        require("binomial.trials", trials, "a whole number, 1 or more", holds=whole)
        require("binomial.chance", chance, "above 0 and below 1", holds=0.0 < chance < 1.0)
        return cls(int(trials), chance)

    @property
    def mean(self) -> float:
        """E[N]."""
        return self.trials * self.chance

    @property
    def variance(self) -> float:
        """E[N**2] - E[N]**2."""
        return self.mean * (1.0 - self.chance)

    def parameters(self) -> tuple[float, float]:
        """Return what the kernels' ``frequency_quantile`` takes after the code."""
        return float(self.trials), self.chance

    def probability(self, n: int) -> float:
        """Return P(N = n)."""
        if not 0 <= n <= self.trials:
            return 0.0
        return binomial_count_weight(float(self.trials), self.chance, float(n))

    def distribution(self, n: int) -> float:
        """Return P(N <= n)."""
        if not 0 <= n < self.trials:
            return 0.0 if n < 0 else 1.0
        return beta_side(self.trials - n, n + 1.0, 1.0 - self.chance, self.chance)

    def survival(self, n: int) -> float:
        """Return P(N > n), with its digits kept in the tail."""
        if not 0 <= n < self.trials:
            return 1.0 if n < 0 else 0.0
        return beta_side(n + 1.0, self.trials - n, self.chance, 1.0 - self.chance)

    def quantile(self, u: float) -> int:
        """Return the least n with P(N <= n) >= u, for 0 < u < 1; the kernels' own function."""
        require("u", u, "a number between 0 and 1", holds=0.0 < u < 1.0)
        return frequency_quantile(self.CODE, *self.parameters(), u)

    def generating(self, z: Complex) -> Complex:
        """Return E[z**N] - 1, E[z**N] = (1 - chance + chance z)**trials, for |z| <= 1."""
        if self.chance < EVEN:
            return exp_less_one(self.trials * np.log1p(self.chance * (z - 1.0)))
        return np.asarray((1.0 + self.chance * (z - 1.0)) ** self.trials - 1.0)

    def panjer(self) -> tuple[float, float, float]:
        """Return (a, b, p0): p(0) = p0, p(n) = (a + b / n) p(n - 1) (Panjer 1981)."""
        odds = self.chance / (1.0 - self.chance)
        return -odds, (self.trials + 1) * odds, exp(self.trials * log1p(-self.chance))

    def weighted(self) -> Weighted:
        """Return the counts of Panjer's class of which the distribution is the weighted sum."""
        return ((1.0, self),)

    def thinned(self, share: float) -> Self:
        """Return how many of the events a coin keeps: each of the trials needs both to happen."""
        return type(self)(self.trials, self.chance * share)

    def besides(self, share: float) -> Frequency:
        """Return the number of others in a share of the year, given that one event happens.

        One of the trials has had its event, and the others know nothing of it.
        """
        return _of(self.trials - 1, self.chance * share)

    def after(self, count: int, share: float) -> Frequency:
        """Return the number of events in a whole year, as known after so many in a share of one.

        Of the trials that have had none, each has one in a further share s of the year with
        chance s chance / (1 - chance share).
        """
        return _of(self.trials - count, self.chance / (1.0 - self.chance * share))

    def scaled(self, factor: float) -> Self:
        """Return as many trials, each with `factor` times the chance; BadValue from 1 on."""
        if not self.chance * factor < 1.0:
            text = f"expected a chance below 1, got {self.chance:g} x {factor:g}"
            raise BadValue(f"binomial.chance: {text}")
        return type(self)(self.trials, self.chance * factor)


def _of(trials: int, chance: float) -> Frequency:
    return Binomial(trials, chance) if trials > 0 else Poisson(0.0)
