"""Rounding to a unit, exactly as the decimal that a person reads would be rounded.

The value of a double x is taken to be ``Decimal(repr(x))``, the shortest decimal that reads back
as x. A unit is the fraction numerator / denominator of two whole numbers: a cent is 1 / 100, ten
yuan are 10 / 1. Every function returns the double nearest to the decimal result, and 0.0 where
that is zero; a value that is not finite is returned as it is.

The contract holds where |x| is below 1e11 and below 1e14 units. There a halfway point has at
most 15 significant digits, so that one double reads back as it and no other decimal of that length
does; hence "Decimal(repr(x)) is at or above the halfway point" is "x >= h" with h the halfway
point as a double, which is one division of whole numbers, correctly rounded. Above 2**52 units
a double has no digits below the unit and is returned as it is.

The scalar functions are plain and compile; ``round_array`` is for numpy columns.
"""

import math

import numpy as np
from numpy.typing import NDArray

HALF_UP = 0
HALF_EVEN = 1
DOWN = 2
UP = 3

MODES = {"half_up": HALF_UP, "half_even": HALF_EVEN, "down": DOWN, "up": UP}
"""The names of the modes: those of the decimal module, where down is towards zero."""

MOST_UNITS = 4503599627370496.0
"""2**52."""


def round_by(x: float, numerator: float, denominator: float, mode: int) -> float:
    """Return x rounded to whole units of numerator / denominator; mode is a value of MODES."""
    size = abs(x)
    if not size * denominator < MOST_UNITS * numerator:
        return x
    units = float(math.floor(size * denominator / numerator))
    # the product may be off by one at a boundary: the comparisons below decide
    if units * numerator / denominator > size:
        units -= 1.0
    elif (units + 1.0) * numerator / denominator <= size:
        units += 1.0
    if mode == UP:
        more = units * numerator / denominator < size
    elif mode == DOWN:
        more = False
    else:
        half = (2.0 * units + 1.0) * numerator / (2.0 * denominator)
        more = size >= half
        if mode == HALF_EVEN and size == half:
            more = 2.0 * float(math.floor(0.5 * units)) != units
    if more:
        units += 1.0
    value = units * numerator / denominator
    # 0.0 - value, since -value would give -0.0
    return 0.0 - value if x < 0.0 else value


def round_half_up(x: float, numerator: float, denominator: float) -> float:
    """Return x rounded to units, halves away from zero (ROUND_HALF_UP)."""
    return round_by(x, numerator, denominator, HALF_UP)


def round_half_even(x: float, numerator: float, denominator: float) -> float:
    """Return x rounded to units, halves to the even unit (ROUND_HALF_EVEN)."""
    return round_by(x, numerator, denominator, HALF_EVEN)


def round_down(x: float, numerator: float, denominator: float) -> float:
    """Return x rounded to units towards zero (ROUND_DOWN)."""
    return round_by(x, numerator, denominator, DOWN)


def round_up(x: float, numerator: float, denominator: float) -> float:
    """Return x rounded to units away from zero (ROUND_UP)."""
    return round_by(x, numerator, denominator, UP)


def round_array(
    values: NDArray[np.float64], numerator: float, denominator: float, mode: int = HALF_UP
) -> NDArray[np.float64]:
    """Return every value rounded as ``round_by`` rounds it, to the bit."""
    size = np.abs(values)
    settled = ~(size * denominator < MOST_UNITS * numerator)
    size = np.where(settled, 0.0, size)
    units = np.floor(size * denominator / numerator)
    above = units * numerator / denominator > size
    below = (units + 1.0) * numerator / denominator <= size
    units = units - above + below
    if mode == UP:
        more = units * numerator / denominator < size
    elif mode == DOWN:
        more = np.zeros(size.shape, dtype=np.bool_)
    else:
        half = (2.0 * units + 1.0) * numerator / (2.0 * denominator)
        more = size >= half
        if mode == HALF_EVEN:
            odd = 2.0 * np.floor(0.5 * units) != units
            more &= (size != half) | odd
    rounded = (units + more) * numerator / denominator
    signed = np.where(values < 0.0, 0.0 - rounded, rounded)
    return np.where(settled, values, signed)
