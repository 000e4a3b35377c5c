"""Increased limit factors, and relativities of deductibles, from the claims that a sum is made of.

Both are ratios of expected payments, in which the number of claims falls out: with d the deductible
and L the limit of a claim X, the factor of L is E[min((X - d)+, L)] over that of the basic limit,
and the relativity of d that of d over that of the basic deductible. What a deductible eliminates,
1 less its relativity, is the loss elimination ratio (Klugman, Panjer and Willmot, Loss Models, 8).
The first of the limits, or deductibles, is the basic one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from product_factory.errors import BadValue
from rating.aggregate.grid import Source


@dataclass(frozen=True)
class LimitFactor:
    """A limit of a claim, the mean payment of a year under it, and its factor."""

    limit: float
    mean: float
    factor: float


@dataclass(frozen=True)
class DeductibleFactor:
    """A deductible of a claim, the mean payment of a year above it, and its relativity.

    claims  how many claims a year are above it, relative to the basic deductible
    """

    deductible: float
    mean: float
    factor: float
    claims: float

    @property
    def eliminated(self) -> float:
        """The loss elimination ratio."""
        return 1.0 - self.factor


def limit_factors(sources: Sequence[Source], limits: Sequence[float]) -> tuple[LimitFactor, ...]:
    """Return the factors, by limit.

    Raises BadValue for a limit of 0 or that comes twice, and where nothing is paid under the basic
    one.
    """
    _apart("limits", limits)
    if min(limits) <= 0.0:
        raise BadValue(f"limits: expected above 0, got {min(limits):g}")

    def mean(limit: float) -> float:
        return math.fsum(one.frequency.mean * one.claim.limited(limit) for one in sources)

    basic = mean(limits[0])
    if not basic > 0.0:
        got = f"{limits[0]:g}, under which nothing is paid"
        raise BadValue(f"limits: expected a basic one under which claims are paid, got {got}")
    return tuple(LimitFactor(limit, mean(limit), mean(limit) / basic) for limit in sorted(limits))


def deductible_factors(
    sources: Sequence[Source], deductibles: Sequence[float]
) -> tuple[DeductibleFactor, ...]:
    """Return the relativities, by deductible.

    Raises BadValue for a deductible below 0 or that comes twice, and where nothing is above the
    basic one.
    """
    _apart("deductibles", deductibles)
    if min(deductibles) < 0.0:
        raise BadValue(f"deductibles: expected 0 or more, got {min(deductibles):g}")

    def above(deductible: float) -> tuple[float, float]:
        found = [(one.frequency.mean, *one.claim.above(deductible)) for one in sources]
        return math.fsum(n * mean for n, mean, _ in found), math.fsum(n * p for n, _, p in found)

    basic_mean, basic_claims = above(deductibles[0])
    if not basic_mean > 0.0:
        got = f"{deductibles[0]:g}, above which nothing is paid"
        raise BadValue(f"deductibles: expected a basic one that claims exceed, got {got}")
    found: list[DeductibleFactor] = []
    for one in sorted(deductibles):
        mean, claims = above(one)
        found.append(DeductibleFactor(one, mean, mean / basic_mean, claims / basic_claims))
    return tuple(found)


def _apart(name: str, given: Sequence[float]) -> None:
    if len(given) < 2 or len(set(given)) < len(given):  # noqa: PLR2004 - a basic one and another
        got = ", ".join(f"{one:g}" for one in given) or "none"
        raise BadValue(f"{name}: expected two or more, each once, got {got}")
