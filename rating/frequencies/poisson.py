"""The Poisson frequency."""

from dataclasses import dataclass
from typing import ClassVar, Self

from product_factory.numbers.domains import Forms, require
from product_factory.numbers.gamma import gamma_lower, gamma_upper, poisson_weight
from product_factory.numbers.portable import exp
from rating.frequencies.frequency import Complex, Given, Weighted, exp_less_one, plain
from rating.kernels.distributions import POISSON, frequency_quantile


@dataclass(frozen=True)
class Poisson:
    """P(N = n) = mean**n exp(-mean) / n!. Variance and mean are equal.

    mean: >= 0, events a year.
    """

    CODE: ClassVar[int] = POISSON
    FORMS: ClassVar[Forms] = (("mean",),)
    PARTS: ClassVar[tuple[str, ...]] = ()

    mean: float

    def __post_init__(self) -> None:
        require("poisson.mean", self.mean, "0 or more", holds=self.mean >= 0.0)

    @classmethod
    def from_form(cls, **given: Given) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        (mean,) = plain("poisson", cls.FORMS, given)
        return cls(mean)

    @property
    def variance(self) -> float:
        """E[N**2] - E[N]**2, which is the mean."""
        return self.mean

    def parameters(self) -> tuple[float, float]:
        """Return what the kernels' ``frequency_quantile`` takes after the code."""
        return self.mean, 1.0

    def probability(self, n: int) -> float:
        """Return P(N = n)."""
        return 0.0 if n < 0 else poisson_weight(float(n), self.mean)

    def distribution(self, n: int) -> float:
        """Return P(N <= n)."""
        return 0.0 if n < 0 else gamma_upper(n + 1.0, self.mean)

    def survival(self, n: int) -> float:
        """Return P(N > n), with its digits kept in the tail."""
        return 1.0 if n < 0 else gamma_lower(n + 1.0, self.mean)

    def panjer(self) -> tuple[float, float, float]:
        """Return (a, b, p0): p(0) = p0, p(n) = (a + b / n) p(n - 1) (Panjer 1981)."""
        return 0.0, self.mean, exp(-self.mean)

    def quantile(self, u: float) -> int:
        """Return the least n with P(N <= n) >= u, for 0 < u < 1; the kernels' own function."""
        require("u", u, "a number between 0 and 1", holds=0.0 < u < 1.0)
        return frequency_quantile(self.CODE, *self.parameters(), u)

    def generating(self, z: Complex) -> Complex:
        """Return E[z**N] - 1 = exp(mean (z - 1)) - 1, for |z| <= 1."""
        less = z - 1.0
        less *= self.mean
        return exp_less_one(less)

    def weighted(self) -> Weighted:
        """Return the counts of Panjer's class of which the distribution is the weighted sum."""
        return ((1.0, self),)

    def thinned(self, share: float) -> Self:
        """Return how many of the events a coin keeps that falls so with this chance."""
        return type(self)(self.mean * share)

    def besides(self, share: float) -> Self:
        """Return the number of others in a share of the year: one event tells nothing of them."""
        return self.thinned(share)

    def after(self, count: int, share: float) -> Self:  # noqa: ARG002 - events tell nothing
        """Return the number of events in a whole year: those that were seen tell nothing of it."""
        return self

    def scaled(self, factor: float) -> Self:
        """Return the number of events of a year that has `factor` times as many on average."""
        return type(self)(self.mean * factor)
