"""One unknown a cell: the root of a residual that is negative at 0, bracketed, then closed in on.

Anderson and Björck (1973), "A new high order method of regula falsi type", BIT 13, with a halving
whenever three steps have not halved the bracket. A cell that is done is not moved again, so that
cells do not disturb one another.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Residual = Callable[[Floats], tuple[Floats, Floats]]
"""x [cell] → residual and the scale that it is small against."""
RESIDUAL = 1e-12
"""How small a residual must be, as a share of its scale."""
DOUBLINGS = 20
"""How often a bracket is doubled: a root beyond a million times the guess is none."""
ROUNDS = 200
PATIENCE = 3


def bracketed(
    residual: Residual, start: Floats, spread: float = 1.0
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Give the root of each cell, and for which cells there is none.

    start   a first guess above 0; it is doubled until the residual is no longer negative
    spread  how far around the guess the root is looked for first, as a share of it
    """
    low, high = start * (1.0 - spread), np.maximum(start, np.finfo(np.float64).tiny)
    if spread < 1.0:
        high = high * (1.0 + spread)
    at_low, _ = residual(low)
    if (at_low > 0.0).any():
        low = np.where(at_low > 0.0, 0.0, low)
        at_low, _ = residual(low)
    at_high, scale = residual(high)
    for _ in range(DOUBLINGS):
        short = at_high < -RESIDUAL * scale
        if not short.any():
            break
        low, at_low = np.where(short, high, low), np.where(short, at_high, at_low)
        high = np.where(short, 2.0 * high, high)
        at_high, scale = residual(high)
    none = ~(at_high >= -RESIDUAL * scale)
    best, done = high.copy(), none | (np.abs(at_high) <= RESIDUAL * scale)
    since, width = np.zeros(len(start)), high - low
    for _ in range(ROUNDS):
        if done.all():
            break
        between = _between(low, high, at_low, at_high, since >= PATIENCE)
        since = np.where(since >= PATIENCE, 0.0, since)
        x = np.where(done, best, between)
        value, scale = residual(x)
        low, high, at_low, at_high = _narrowed(low, high, at_low, at_high, x, value)
        halved = high - low <= 0.5 * width
        width, since = np.where(halved, high - low, width), np.where(halved, 0.0, since + 1.0)
        closed = (np.abs(value) <= RESIDUAL * scale) | (high - low <= np.spacing(high))
        best = np.where(done, best, x)
        done = done | closed
    return best, none | ~done


def _between(
    low: Floats, high: Floats, at_low: Floats, at_high: Floats, halve: npt.NDArray[np.bool_]
) -> Floats:
    middle = low + 0.5 * (high - low)
    with np.errstate(divide="ignore", invalid="ignore"):
        line = high - at_high * (high - low) / (at_high - at_low)
    good = np.isfinite(line) & (line > low) & (line < high) & ~halve
    return np.where(good, line, middle)


def _narrowed(
    low: Floats, high: Floats, at_low: Floats, at_high: Floats, x: Floats, value: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    above = value >= 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(above, 1.0 - value / at_high, 1.0 - value / at_low)
    weight = np.where(np.isfinite(weight) & (weight > 0.0), weight, 0.5)
    return (
        np.where(above, low, x),
        np.where(above, x, high),
        np.where(above, at_low * weight, value),
        np.where(above, value, at_high * weight),
    )
