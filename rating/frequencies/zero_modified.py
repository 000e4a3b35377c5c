"""A frequency whose chance of no event is stated by itself."""

from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from product_factory.errors import BadValue
from product_factory.numbers.domains import Forms, require
from rating.frequencies.frequency import Complex, Frequency, Given, Weighted, named
from rating.frequencies.poisson import Poisson


@dataclass(frozen=True)
class ZeroModified:
    """P(N = n) = weight P(M = n) for n >= 1, what is left being the chance of no event.

    weight: > 0; above 1 zeros are fewer than M has, below 1 they are more.   of: M. A product file
    gives `none`, the chance of no event: weight = (1 - none) / P(M > 0) (Klugman, Panjer and
    Willmot, Loss Models, 2019, 6.6). With none = 0 the count is zero-truncated.
    """

    FORMS: ClassVar[Forms] = (("none", "of"),)
    PARTS: ClassVar[tuple[str, ...]] = ("of",)

    weight: float
    of: Frequency

    @classmethod
    def from_form(cls, **given: Given) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        named("zero_modified", cls.FORMS, given)
        none, of = given["none"], given["of"]
        if not isinstance(none, int | float):
            raise BadValue("zero_modified.none: expected a number")
        if isinstance(of, tuple | list) and len(of) == 1:
            of = of[0]
        if not isinstance(of, Frequency):
            raise BadValue("zero_modified.of: expected one frequency")
        require("zero_modified.none", none, "0 or more and below 1", holds=0.0 <= none < 1.0)
        if not of.mean > 0.0:
            raise BadValue(f"zero_modified.of: expected a mean above 0, got {of.mean:g}")
        return cls((1.0 - none) / of.survival(0), of)

    @property
    def none(self) -> float:
        """The chance of no event."""
        return max(0.0, 1.0 - self.weight * self.of.survival(0))

    @property
    def mean(self) -> float:
        """E[N]."""
        return self.weight * self.of.mean

    @property
    def variance(self) -> float:
        """E[N**2] - E[N]**2."""
        mean = self.of.mean
        return self.weight * (self.of.variance + mean * mean * (1.0 - self.weight))

    def probability(self, n: int) -> float:
        """Return P(N = n)."""
        return self.none if n == 0 else self.weight * self.of.probability(n)

    def distribution(self, n: int) -> float:
        """Return P(N <= n)."""
        return 0.0 if n < 0 else 1.0 - self.survival(n)

    def survival(self, n: int) -> float:
        """Return P(N > n), with its digits kept in the tail."""
        return 1.0 if n < 0 else min(1.0, self.weight * self.of.survival(n))

    def quantile(self, u: float) -> int:
        """Return the least n with P(N <= n) >= u, for 0 < u < 1."""
        require("u", u, "a number between 0 and 1", holds=0.0 < u < 1.0)
        beyond = (1.0 - u) / self.weight
        if beyond >= self.of.survival(0):
            return 0
        if self.weight <= 1.0:
            return max(1, self.of.quantile(1.0 - beyond))
        # so far in the tail of M that 1 - beyond has lost its digits, or is 1
        low, high = 0, 1
        while self.of.survival(high) > beyond:
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            if self.of.survival(middle) > beyond:
                low = middle
            else:
                high = middle
        return high

    def generating(self, z: Complex) -> Complex:
        """Return E[z**N] - 1, for |z| <= 1: that of M, times the weight."""
        return np.asarray(self.weight * self.of.generating(z))

    def weighted(self) -> Weighted:
        """Return the counts of Panjer's class of which the distribution is the weighted sum.

        So Panjer's recursion serves the classes (a, b, 0) and (a, b, 1) alike: the chances of M,
        times `weight`, and the rest at 0.
        """
        parts = tuple((self.weight * weight, count) for weight, count in self.of.weighted())
        return (*parts, (1.0 - self.weight, Poisson(0.0)))

    def thinned(self, share: float) -> Self:
        """Return how many of the events a coin keeps: M thinned, under the same weight.

        With G the generating function of M, that of N at 1 - share + share z is
        1 + weight (G(1 - share + share z) - 1), in which M alone is thinned: again zero-modified,
        by none' = 1 - (1 - none) P(M' > 0) / P(M > 0).
        """
        return type(self)(self.weight, self.of.thinned(share))

    def besides(self, share: float) -> Frequency:
        """Return the number of others in a share of the year, given that one event happens.

        Then there was not none, and the weight falls out: N and M have the same.
        """
        return self.of.besides(share)

    def after(self, count: int, share: float) -> Frequency:
        """Return the number of events in a whole year, as known after so many in a share of one.

        After an event N is as M. After none, the chance that the year is M's has fallen.
        """
        later = self.of.after(count, share)
        if count > 0:
            return later
        beyond = self.weight * self.of.thinned(share).survival(0)
        silent = self.weight - beyond
        return type(self)(silent / (1.0 - beyond), later)

    def scaled(self, factor: float) -> Self:
        """Return a count with `factor` times the chance of any event, those that claim as before.

        BadValue where the chance would be above 1.
        """
        weight = self.weight * factor
        if not weight * self.of.survival(0) <= 1.0:
            some = self.weight * self.of.survival(0)
            text = f"expected a chance of any event of at most 1, got {some:g} x {factor:g}"
            raise BadValue(f"zero_modified.none: {text}")
        return type(self)(weight, self.of)
