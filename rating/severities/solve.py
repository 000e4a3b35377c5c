"""Quantiles from the side that survives, where a severity has no formula for them."""

import math
from collections.abc import Callable
from typing import Protocol

from product_factory.numbers.portable import exp, log

STEPS = 200
LAST_STEP = 1e-10
"""Newton squares its error: a step this small, relative to x, leaves none to be seen."""
NEAR = 1e-9
"""Chances from here on have digits enough to be taken from the other side."""


class Surviving(Protocol):
    """What is known of a severity: where it may be, how likely it is beyond, and how fast."""

    def quantile(self, u: float) -> float:
        """Return the least x with P(X <= x) >= u."""

    def survival(self, x: float) -> float:
        """Return P(X > x)."""

    def density(self, x: float) -> float:
        """Return the density at x."""


def exceeded(model: Surviving, chance: float) -> float:
    """Return the x with P(X > x) = chance, by Newton's method on ln P as a function of ln x.

    Every step is kept within the bounds that are known; where the density fails, the interval is
    halved by magnitude.
    """
    x = model.quantile(1.0 - max(chance, NEAR))
    low, high = 0.0, math.inf
    for _ in range(STEPS):
        here = model.survival(x)
        if here == chance or not x > 0.0:
            return x
        if here > chance:
            low = max(low, x)
        else:
            high = min(high, x)
        ahead = -1.0
        slope = x * model.density(x)
        if here > 0.0 and slope > 0.0:
            step = here / slope * log(here / chance)
            # light tails are straight in x, heavy ones in ln x: the shorter step is the safe one
            ahead = x + step * x if step > 0.0 else x * exp(step)
        if abs(ahead - x) <= LAST_STEP * x:
            return ahead
        if not low < ahead < high:
            ahead = 2.0 * low if high == math.inf else 0.5 * (low + high)
        if ahead in (low, high):
            return high if math.isfinite(high) else low
        x = ahead
    return x


def between(reached: Callable[[float], bool], low: float, high: float) -> float:
    """Return the least x from low to high that has reached what high has, to the last digit."""
    if reached(low):
        return low
    while True:
        middle = low + 0.5 * (high - low)
        if not low < middle < high:
            return high
        if reached(middle):
            high = middle
        else:
            low = middle
