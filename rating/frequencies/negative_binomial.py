"""The negative binomial frequency."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from product_factory.numbers.beta import beta_side
from product_factory.numbers.domains import Forms, require, require_positive
from product_factory.numbers.portable import power
from rating.frequencies.frequency import Complex, Given, Weighted, exp_less_one, plain
from rating.kernels.distributions import (
    NEGATIVE_BINOMIAL,
    frequency_quantile,
    negative_binomial_weight,
)


@dataclass(frozen=True)
class NegativeBinomial:
    """Poisson with a gamma mean: variance = variance_over_mean * mean.

    mean: > 0, events a year.   variance_over_mean: > 1. With r = mean / (variance_over_mean - 1),
    P(N = n) = Gamma(r + n) / (Gamma(r) n!) v**-r (1 - 1/v)**n, v being variance_over_mean.
    """

    CODE: ClassVar[int] = NEGATIVE_BINOMIAL
    FORMS: ClassVar[Forms] = (("mean", "variance_over_mean"),)
    PARTS: ClassVar[tuple[str, ...]] = ()

    mean: float
    variance_over_mean: float

    def __post_init__(self) -> None:
        name = "negative_binomial.variance_over_mean"
        require_positive("negative_binomial.mean", self.mean)
        over = self.variance_over_mean
        require(name, over, "a number above 1", holds=over > 1.0)

    @classmethod
    def from_form(cls, **given: Given) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        mean, over = plain("negative_binomial", cls.FORMS, given)
        return cls(mean, over)

    @property
    def variance(self) -> float:
        """E[N**2] - E[N]**2."""
        return self.mean * self.variance_over_mean

    @property
    def r(self) -> float:
        """The shape of the gamma mean."""
        return self.mean / (self.variance_over_mean - 1.0)

    def parameters(self) -> tuple[float, float]:
        """Return what the kernels' ``frequency_quantile`` takes after the code."""
        return self.mean, self.variance_over_mean

    def probability(self, n: int) -> float:
        """Return P(N = n)."""
        if n < 0:
            return 0.0
        return negative_binomial_weight(self.mean, self.variance_over_mean, float(n))

    def distribution(self, n: int) -> float:
        """Return P(N <= n)."""
        over = self.variance_over_mean
        return 0.0 if n < 0 else beta_side(self.r, n + 1.0, 1.0 / over, (over - 1.0) / over)

    def survival(self, n: int) -> float:
        """Return P(N > n), with its digits kept in the tail."""
        over = self.variance_over_mean
        return 1.0 if n < 0 else beta_side(n + 1.0, self.r, (over - 1.0) / over, 1.0 / over)

    def panjer(self) -> tuple[float, float, float]:
        """Return (a, b, p0): p(0) = p0, p(n) = (a + b / n) p(n - 1) (Panjer 1981)."""
        a = (self.variance_over_mean - 1.0) / self.variance_over_mean
        return a, (self.r - 1.0) * a, power(self.variance_over_mean, -self.r)

    def quantile(self, u: float) -> int:
        """Return the least n with P(N <= n) >= u, for 0 < u < 1; the kernels' own function."""
        require("u", u, "a number between 0 and 1", holds=0.0 < u < 1.0)
        return frequency_quantile(self.CODE, *self.parameters(), u)

    def generating(self, z: Complex) -> Complex:
        """Return (1 - (variance_over_mean - 1) (z - 1))**-r - 1, for |z| <= 1."""
        # the logarithm is of a number whose real part is at least 1: no branch is crossed
        over = self.variance_over_mean - 1.0
        logs: Complex = np.log1p(-over * (z - 1.0))
        logs *= -self.r
        return exp_less_one(logs)

    def weighted(self) -> Weighted:
        """Return the counts of Panjer's class of which the distribution is the weighted sum."""
        return ((1.0, self),)

    def thinned(self, share: float) -> Self:
        """Return how many of the events a coin keeps that falls so with this chance."""
        return type(self)(self.mean * share, 1.0 + (self.variance_over_mean - 1.0) * share)

    def besides(self, share: float) -> Self:
        """Return the number of others in a share of the year, given that one event happens.

        The gamma mean weighted by itself is gamma again, its shape greater by 1.
        """
        over = self.variance_over_mean - 1.0
        return type(self)((self.mean + over) * share, 1.0 + over * share)

    def after(self, count: int, share: float) -> Self:
        """Return the number of events in a whole year, as known after so many in a share of one.

        The gamma mean, of shape r and scale v - 1, is then gamma of shape r + count and scale
        (v - 1) / (1 + (v - 1) share): Poisson counts and gamma means are conjugate.
        """
        over = self.variance_over_mean - 1.0
        scale = over / (1.0 + over * share)
        return type(self)((self.r + count) * scale, 1.0 + scale)

    def scaled(self, factor: float) -> Self:
        """Return the number of events of a year with `factor` times as many, as widely spread."""
        return type(self)(self.mean * factor, self.variance_over_mean)
