"""A finite mixture of frequencies: each policy's year is of one kind, which chance decides."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from product_factory.errors import BadValue
from product_factory.numbers.domains import Forms, require
from rating.frequencies.frequency import Complex, Frequency, Given, Weighted, named

SUM = 1e-9
"""How far weights may be from adding up to 1."""


@dataclass(frozen=True)
class Mixed:
    """P(N = n) = the sum of weights[i] P(Ni = n): careful and careless drivers in one tariff cell.

    weights: > 0, with sum 1.   of: as many frequencies. A continuous mixture of Poisson counts
    with a gamma mean is `negative_binomial`.
    """

    FORMS: ClassVar[Forms] = (("of", "weights"),)
    PARTS: ClassVar[tuple[str, ...]] = ("of",)

    weights: tuple[float, ...]
    of: tuple[Frequency, ...]

    @classmethod
    def from_form(cls, **given: Given) -> Self:
        """Return the model with the parameters of one of FORMS; BadValue for any others."""
        named("mixed", cls.FORMS, given)
        weights = _numbers(given["weights"])
        parts = _frequencies(given["of"])
        if not parts or len(weights) != len(parts):
            text = f"as many weights as frequencies ({len(parts)}, at least 1), got {len(weights)}"
            raise BadValue(f"mixed.weights: expected {text}")
        for place, weight in enumerate(weights):
            require(f"mixed.weights[{place}]", weight, "a number above 0", holds=weight > 0.0)
        total = math.fsum(weights)
        require("mixed.weights", total, "a sum of 1", holds=abs(total - 1.0) < SUM)
        return cls(tuple(weight / total for weight in weights), parts)

    def _sum(self, figure: Callable[[Frequency], float]) -> float:
        pairs = zip(self.weights, self.of, strict=True)
        return math.fsum(weight * figure(part) for weight, part in pairs)

    def _weighed(
        self, chance: Callable[[Frequency], float], law: Callable[[Frequency], Frequency]
    ) -> Self:
        """Weigh each part anew by what it made likely (Bayes)."""
        total = self._sum(chance)
        pairs = zip(self.weights, self.of, strict=True)
        weights = [weight * chance(part) / total for weight, part in pairs]
        kept = [place for place, weight in enumerate(weights) if weight > 0.0]
        return type(self)(
            tuple(weights[place] for place in kept), tuple(law(self.of[place]) for place in kept)
        )

    @property
    def mean(self) -> float:
        """E[N]."""
        return self._sum(lambda part: part.mean)

    @property
    def variance(self) -> float:
        """E[N**2] - E[N]**2: within the parts, and between their means."""
        mean = self.mean
        between = self._sum(lambda part: (part.mean - mean) * (part.mean - mean))
        return between + self._sum(lambda part: part.variance)

    def probability(self, n: int) -> float:
        """Return P(N = n)."""
        return self._sum(lambda part: part.probability(n))

    def distribution(self, n: int) -> float:
        """Return P(N <= n)."""
        return self._sum(lambda part: part.distribution(n))

    def survival(self, n: int) -> float:
        """Return P(N > n), with its digits kept in the tail."""
        return self._sum(lambda part: part.survival(n))

    def quantile(self, u: float) -> int:
        """Return the least n with P(N <= n) >= u, for 0 < u < 1: between those of its parts."""
        require("u", u, "a number between 0 and 1", holds=0.0 < u < 1.0)
        found = [part.quantile(u) for part in self.of]
        low, high = min(found), max(found)
        while low < high:
            middle = (low + high) // 2
            if self.distribution(middle) >= u:
                high = middle
            else:
                low = middle + 1
        return low

    def generating(self, z: Complex) -> Complex:
        """Return E[z**N] - 1, for |z| <= 1."""
        total = np.zeros_like(z)
        for weight, part in zip(self.weights, self.of, strict=True):
            total = total + weight * part.generating(z)
        return total

    def weighted(self) -> Weighted:
        """Return the counts of Panjer's class of which the distribution is the weighted sum."""
        return tuple(
            (weight * inner, count)
            for weight, part in zip(self.weights, self.of, strict=True)
            for inner, count in part.weighted()
        )

    def thinned(self, share: float) -> Self:
        """Return how many of the events a coin keeps: each part is thinned."""
        return type(self)(self.weights, tuple(part.thinned(share) for part in self.of))

    def besides(self, share: float) -> Self:
        """Return the number of others in a share of the year, given that one event happens.

        The event is likelier to be of a part that has many.
        """
        return self._weighed(lambda part: part.mean, lambda part: part.besides(share))

    def after(self, count: int, share: float) -> Self:
        """Return the number of events in a whole year, as known after so many in a share of one."""
        return self._weighed(
            lambda part: part.thinned(share).probability(count),
            lambda part: part.after(count, share),
        )

    def scaled(self, factor: float) -> Self:
        """Return the mixture of its parts, each scaled; BadValue where one cannot be."""
        return type(self)(self.weights, tuple(part.scaled(factor) for part in self.of))


def _numbers(value: Given) -> tuple[float, ...]:
    listed = value if isinstance(value, Sequence) else (value,)
    if not all(isinstance(one, int | float) for one in listed):
        raise BadValue("mixed.weights: expected numbers")
    return tuple(float(one) for one in listed if isinstance(one, int | float))


def _frequencies(value: Given) -> tuple[Frequency, ...]:
    listed = value if isinstance(value, Sequence) else (value,)
    if not all(isinstance(one, Frequency) for one in listed):
        raise BadValue("mixed.of: expected frequencies")
    return tuple(one for one in listed if isinstance(one, Frequency))
