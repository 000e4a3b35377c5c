"""A body and a tail, joined at a threshold."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

from product_factory.errors import BadValue
from product_factory.numbers.domains import Forms, require, require_positive
from product_factory.numbers.portable import log, power
from rating.severities.composed import (
    Composed,
    Given,
    Piece,
    joined,
    number,
    part,
    pieces_of,
    within,
)
from rating.severities.quadrature import integral
from rating.severities.size import Size
from rating.severities.solve import between


@dataclass(frozen=True)
class Spliced(Composed):
    """P(X > threshold) = weight; below, X is the body given that it is; above, the tail likewise.

    threshold: > 0, in currency.   weight: of the tail, above 0 and below 1; a spliced severity
    whose weight is body.survival(threshold) is the body as it is, below the threshold.
    """

    FORMS: ClassVar[Forms] = (
        ("body", "tail", "threshold", "weight"),
        ("body", "tail", "threshold"),
    )
    PARTS: ClassVar[tuple[str, ...]] = ("body", "tail")

    body: Size
    tail: Size
    threshold: float
    weight: float

    def __post_init__(self) -> None:
        require_positive("spliced.threshold", self.threshold)
        between_ = 0.0 < self.weight < 1.0
        require("spliced.weight", self.weight, "a number between 0 and 1", holds=between_)
        below, above = self.body.distribution(self.threshold), self.tail.survival(self.threshold)
        for name, chance in (("body, below", below), ("tail, above", above)):
            if chance <= 0.0:
                text = f"a {name.partition(',')[0]} that may be {name.partition(', ')[2]}"
                raise BadValue(f"spliced.threshold: expected {text} {self.threshold:g}")

    @classmethod
    def from_form(cls, **given: Given) -> Self:
        """Return the splice of one of FORMS; BadValue for anything else."""
        weight = number("spliced.weight", given) if "weight" in given else None
        body, tail = part("spliced.body", given), part("spliced.tail", given)
        return cls.of(body, tail, number("spliced.threshold", given), weight)

    def pieces(self) -> tuple[Piece, ...]:
        """Return what each share of the chances is drawn from: the body, then the tail."""
        below = self.body.distribution(self.threshold)
        # from the side that survives, so that a far threshold keeps its digits
        above = 1.0 - self.tail.survival(self.threshold)
        body = within(pieces_of(self.body), 0.0, below)
        tail = within(pieces_of(self.tail), above, 1.0)
        return joined([(1.0 - self.weight, body), (self.weight, tail)])

    @classmethod
    def of(cls, body: Size, tail: Size, threshold: float, weight: float | None = None) -> Self:
        """Return the splice; without a weight, that of the body above the threshold."""
        chance = body.survival(threshold) if weight is None else weight
        return cls(body, tail, threshold, chance)

    @cached_property
    def _low(self) -> float:
        """What a chance of the body counts for."""
        return (1.0 - self.weight) / self.body.distribution(self.threshold)

    @cached_property
    def _high(self) -> float:
        """What a chance of the tail counts for."""
        return self.weight / self.tail.survival(self.threshold)

    def density(self, x: float) -> float:
        """Return the density at x, which leaves out any chance that sits on a single point."""
        if x <= self.threshold:
            return self._low * self.body.density(x)
        return self._high * self.tail.density(x)

    def log_density(self, x: float) -> float:
        """Return ln density(x), with its digits kept where the density is below every number."""
        if x <= self.threshold:
            return log(self._low) + self.body.log_density(x)
        return log(self._high) + self.tail.log_density(x)

    def survival(self, x: float) -> float:
        """Return P(X > x), with its digits kept in the tail."""
        if x > self.threshold:
            return self._high * self.tail.survival(x)
        apart = self.body.survival(x) - self.body.survival(self.threshold)
        return self.weight + self._low * max(0.0, apart)

    def distribution(self, x: float) -> float:
        """Return P(X <= x), with its digits kept near 0."""
        if x <= self.threshold:
            return self._low * self.body.distribution(x)
        return 1.0 - self._high * self.tail.survival(x)

    def _quantile(self, u: float) -> float:
        if u > 1.0 - self.weight:
            return self._above(1.0 - u)
        chance = u / self._low
        found = self.body.quantile(chance) if chance < 1.0 else self.threshold
        return min(found, self.threshold)

    def _above(self, chance: float) -> float:
        if chance < self.weight:
            return max(self.tail.quantile_above(chance / self._high), self.threshold)
        return between(lambda x: self.survival(x) <= chance, 0.0, self.threshold)

    def limited_mean(self, limit: float) -> float:
        """Return E[min(X, limit)]; limit may be infinite."""
        return self._layer(0.0, limit) if limit > 0.0 else 0.0

    def excess_mean(self, deductible: float) -> float:
        """Return E[max(X - deductible, 0)], with its digits kept in the tail."""
        return self._layer(max(deductible, 0.0), math.inf) - min(deductible, 0.0)

    def _layer(self, deductible: float, limit: float) -> float:
        """Return the mean of a layer whose bounds have been checked."""
        below = min(max(self.threshold - deductible, 0.0), limit)
        start = max(deductible, self.threshold)
        tail = self._high * self.tail.expected_layer(start, limit - below) if limit > below else 0.0
        if below == 0.0:
            return tail
        # of the body, what ends at the threshold: its own layer less the part that goes beyond
        body = self.body.expected_layer(deductible, below)
        beyond = below * self.body.survival(self.threshold)
        return self.weight * below + self._low * max(0.0, body - beyond) + tail

    def moment(self, k: int) -> float:
        """Return E[X**k] for a whole k >= 0; BadValue where the tail has none."""
        if k < 2:  # noqa: PLR2004 - the mean has a way of its own
            return self._layer(0.0, math.inf) if k == 1 else 1.0
        top, power_ = self.threshold, power(self.threshold, k)

        def below(size: Size) -> float:
            """Return E[min(X, threshold)**k]."""
            return power_ * integral(lambda t: k * power(t, k - 1.0) * size.survival(top * t))

        tail = self.tail.moment(k) - below(self.tail) + power_ * self.tail.survival(top)
        body = below(self.body) - power_ * self.body.survival(top)
        return self._low * body + self._high * tail

    @property
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""
        mean = self.mean
        return max(0.0, self.moment(2) - mean * mean)
