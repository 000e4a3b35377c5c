"""The empirical severity: losses as they were, each with its weight."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import ClassVar, Self

from product_factory.errors import BadValue
from product_factory.numbers.domains import Forms, require
from rating.severities.composed import Composed, Given, Piece, joined, parameters


@dataclass(frozen=True)
class Empirical(Composed):
    """P(X = values[i]) = weights[i]. Every chance sits on a single point: there is no density.

    values: >= 0, in currency, from the least.   weights: >= 0, with sum 1. `of` makes both.
    """

    FORMS: ClassVar[Forms] = (("values",), ("values", "weights"))

    values: tuple[float, ...]
    weights: tuple[float, ...]

    @classmethod
    def from_form(cls, **given: Given) -> Self:
        """Return losses of one of FORMS; BadValue for anything else."""
        weights = parameters("empirical.weights", given) if "weights" in given else None
        return cls.of(parameters("empirical.values", given), weights)

    def pieces(self) -> tuple[Piece, ...]:
        """Return each loss with its share of the chances."""
        pairs = zip(self.values, self.weights, strict=True)
        return joined((weight, (Piece.point(value),)) for value, weight in pairs)

    @classmethod
    def of(cls, values: Sequence[float], weights: Sequence[float] | None = None) -> Self:
        """Return losses in any order, with weights of any sum, alike where there are none."""
        if not values:
            raise BadValue("empirical.values: expected at least one value, got none")
        given = [1.0] * len(values) if weights is None else list(weights)
        if len(given) != len(values):
            text = f"one weight a value ({len(values)}), got {len(given)}"
            raise BadValue(f"empirical.weights: expected {text}")
        for name, column in (("values", values), ("weights", given)):
            for place, value in enumerate(column):
                require(f"empirical.{name}[{place}]", value, "0 or more", holds=value >= 0.0)
        total = math.fsum(given)
        require("empirical.weights", total, "a sum above 0", holds=total > 0.0)
        order = sorted(range(len(values)), key=lambda place: values[place])
        return cls(
            tuple(float(values[place]) for place in order),
            tuple(given[place] / total for place in order),
        )

    @cached_property
    def _from(self) -> tuple[float, ...]:
        """The chance of values[i] or more, summed from the largest; 0 after the last."""
        return (*tuple(accumulate(reversed(self.weights)))[::-1], 0.0)

    @cached_property
    def _to(self) -> tuple[float, ...]:
        """The chance of less than values[i], summed from the least; 1 after the last."""
        return (0.0, *accumulate(self.weights))

    def density(self, x: float) -> float:  # noqa: ARG002 - there is none anywhere
        """Return 0."""
        return 0.0

    def log_density(self, x: float) -> float:  # noqa: ARG002 - there is none anywhere
        """Return minus infinity."""
        return -math.inf

    def survival(self, x: float) -> float:
        """Return P(X > x), with its digits kept in the tail."""
        place = bisect_right(self.values, x)
        return 1.0 if place == 0 else self._from[place]

    def distribution(self, x: float) -> float:
        """Return P(X <= x), with its digits kept near 0."""
        place = bisect_right(self.values, x)
        return 1.0 if place == len(self.values) else self._to[place]

    def _quantile(self, u: float) -> float:
        return self.values[min(bisect_left(self._to, u, 1) - 1, len(self.values) - 1)]

    def _above(self, chance: float) -> float:
        """Return the least x with P(X > x) <= chance."""
        place = bisect_left(self._from, -chance, 1, key=lambda one: -one)
        return self.values[place - 1]

    def limited_mean(self, limit: float) -> float:
        """Return E[min(X, limit)]; limit may be infinite."""
        return self._layer(0.0, limit) if limit > 0.0 else 0.0

    def excess_mean(self, deductible: float) -> float:
        """Return E[max(X - deductible, 0)], with its digits kept in the tail."""
        return self._layer(max(deductible, 0.0), math.inf) - min(deductible, 0.0)

    def _layer(self, deductible: float, limit: float) -> float:
        """Return the mean of a layer whose bounds have been checked: a sum over the losses."""
        place = bisect_right(self.values, deductible)
        pairs = zip(self.values[place:], self.weights[place:], strict=True)
        return math.fsum(weight * min(value - deductible, limit) for value, weight in pairs)

    def moment(self, k: int) -> float:
        """Return E[X**k] for a whole k >= 0."""
        if k == 0:
            return 1.0
        pairs = zip(self.values, self.weights, strict=True)
        return math.fsum(weight * float(value**k) for value, weight in pairs)

    @property
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""
        mean = self.mean
        pairs = zip(self.values, self.weights, strict=True)
        return math.fsum(weight * (value - mean) * (value - mean) for value, weight in pairs)
