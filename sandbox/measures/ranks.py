"""Order statistics: which rank estimates a quantile, and which ranks enclose it.

Levels are read as the decimal that the author wrote (0.995 is 995/1000), so that a rank never
moves by one through the binary form of a level.
"""

from fractions import Fraction
from typing import NamedTuple

from product_factory.errors import BadValue

_TAIL = 0.025
_NEGLIGIBLE = 1e-20


class Ranks(NamedTuple):
    """Ranks, 1-based, among n ascending values; `low` 0 and `high` n + 1 lie outside of them."""

    at: int
    low: int
    high: int


def decimal(level: float) -> Fraction:
    """Give the level as the decimal that prints as it; it must lie between 0 and 1."""
    if not 0.0 < level < 1.0:
        msg = f"level: expected a number between 0 and 1, got {level}"
        raise BadValue(msg)
    return Fraction(repr(float(level)))


def ranks(n: int, level: Fraction) -> Ranks:
    """Give the rank of the quantile and the ranks of its 95% interval.

    at:   the smallest k with k / n >= level, so that x_(k) is the smallest value whose empirical
          distribution function reaches the level (type 1 of Hyndman and Fan 1996).
    low:  the largest r with P(B < r) <= 2.5%, B ~ Binomial(n, level) the number of values that
          do not exceed the quantile; 0 if there is none.
    high: the smallest s with P(B >= s) <= 2.5%; n + 1 if there is none.
    [x_(low), x_(high)] holds the true quantile with probability 95% or more, whatever the
    distribution (David and Nagaraja 2003, Order Statistics, 7.1).
    """
    at = -((-n * level.numerator) // level.denominator)
    first, weights = _binomial(n, level)
    total = sum(weights)
    low, below = first, 0.0
    for weight in weights:
        below += weight
        if below > _TAIL * total:
            break
        low += 1
    high, above = first + len(weights), 0.0
    for weight in reversed(weights):
        above += weight
        if above > _TAIL * total:
            break
        high -= 1
    return Ranks(at, low, high)


def _binomial(n: int, level: Fraction) -> tuple[int, list[float]]:
    """Give the first count and the weights of Binomial(n, level), relative to its mode.

    Walked from the mode by the ratio of neighbours until negligible: basic operations only,
    about 20 standard deviations of steps, no special functions whose last bits differ.
    """
    odds = float(level / (1 - level))
    mode = min(n, (n + 1) * level.numerator // level.denominator)
    down: list[float] = []
    weight, k = 1.0, mode
    while k > 0 and weight > _NEGLIGIBLE:
        weight *= k / (n - k + 1) / odds
        k -= 1
        down.append(weight)
    up: list[float] = []
    weight, k = 1.0, mode
    while k < n and weight > _NEGLIGIBLE:
        weight *= (n - k) / (k + 1) * odds
        k += 1
        up.append(weight)
    return mode - len(down), [*reversed(down), 1.0, *up]
