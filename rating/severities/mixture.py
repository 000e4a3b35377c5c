"""A mixture of severities: each loss is of one kind, which chance decides."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from product_factory.errors import BadValue
from product_factory.numbers.domains import Forms, require
from product_factory.numbers.portable import exp, log
from rating.severities.composed import Composed, Given, Piece, joined, parameters, parts, pieces_of
from rating.severities.size import MEDIAN, Size
from rating.severities.solve import between

SUM = 1e-9
"""How far weights may be from adding up to 1."""


@dataclass(frozen=True)
class Mixture(Composed):
    """P(X > x) = the sum of weights[i] P(Xi > x). Moments and layers are the same sums.

    weights: > 0, with sum 1.   parts: as many severities. `of` makes both.
    """

    FORMS: ClassVar[Forms] = (("of", "weights"),)
    PARTS: ClassVar[tuple[str, ...]] = ("of",)

    weights: tuple[float, ...]
    parts: tuple[Size, ...]

    @classmethod
    def from_form(cls, **given: Given) -> Self:
        """Return the mixture of one of FORMS; BadValue for anything else."""
        return cls.of(parameters("mixture.weights", given), parts("mixture.of", given))

    def pieces(self) -> tuple[Piece, ...]:
        """Return what each share of the chances is drawn from."""
        whole = zip(self.weights, self.parts, strict=True)
        return joined((weight, pieces_of(part)) for weight, part in whole)

    @classmethod
    def of(cls, weights: Sequence[float], parts: Sequence[Size]) -> Self:
        """Return the mixture; BadValue where weights and parts do not fit."""
        if not parts or len(weights) != len(parts):
            text = f"as many weights as parts ({len(parts)}, at least 1), got {len(weights)}"
            raise BadValue(f"mixture.weights: expected {text}")
        for place, weight in enumerate(weights):
            name = f"mixture.weights[{place}]"
            require(name, weight, "a number above 0", holds=weight > 0.0)
        total = math.fsum(weights)
        require("mixture.weights", total, "a sum of 1", holds=abs(total - 1.0) < SUM)
        return cls(tuple(weight / total for weight in weights), tuple(parts))

    def _sum(self, figure: Callable[[Size], float]) -> float:
        pairs = zip(self.weights, self.parts, strict=True)
        return math.fsum(weight * figure(part) for weight, part in pairs)

    def density(self, x: float) -> float:
        """Return the density at x, which leaves out any chance that sits on a single point."""
        found = [part.density(x) for part in self.parts]
        if math.inf in found:
            return math.inf
        return math.fsum(w * value for w, value in zip(self.weights, found, strict=True))

    def log_density(self, x: float) -> float:
        """Return ln density(x), with its digits kept where the density is below every number."""
        logs = [
            log(weight) + part.log_density(x)
            for weight, part in zip(self.weights, self.parts, strict=True)
        ]
        most = max(logs)
        if not math.isfinite(most):
            return most
        return most + log(math.fsum(exp(one - most) for one in logs))

    def survival(self, x: float) -> float:
        """Return P(X > x), with its digits kept in the tail."""
        return 1.0 if x < 0.0 else self._sum(lambda part: part.survival(x))

    def distribution(self, x: float) -> float:
        """Return P(X <= x), with its digits kept near 0."""
        return 1.0 if x == math.inf else self._sum(lambda part: part.distribution(x))

    def _quantile(self, u: float) -> float:
        if u > MEDIAN:
            return self._above(1.0 - u)
        found = [part.quantile(u) for part in self.parts]
        return between(lambda x: self.distribution(x) >= u, min(found), max(found))

    def _above(self, chance: float) -> float:
        found = [part.quantile_above(chance) for part in self.parts]
        return between(lambda x: self.survival(x) <= chance, min(found), max(found))

    def limited_mean(self, limit: float) -> float:
        """Return E[min(X, limit)]; limit may be infinite."""
        return self._sum(lambda part: part.limited_mean(limit))

    def excess_mean(self, deductible: float) -> float:
        """Return E[max(X - deductible, 0)], with its digits kept in the tail."""
        return self._sum(lambda part: part.excess_mean(deductible))

    def _layer(self, deductible: float, limit: float) -> float:
        """Return the mean of a layer whose bounds have been checked."""
        return self._sum(lambda part: part.expected_layer(deductible, limit))

    def moment(self, k: int) -> float:
        """Return E[X**k] for a whole k >= 0; BadValue where a part has none."""
        return 1.0 if k == 0 else self._sum(lambda part: part.moment(k))

    @property
    def variance(self) -> float:
        """E[X**2] - E[X]**2."""
        mean = self.mean
        within = self._sum(lambda part: part.variance)
        return within + self._sum(lambda part: (part.mean - mean) * (part.mean - mean))
