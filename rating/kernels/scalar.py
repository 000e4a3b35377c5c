"""A program run for one claim: the operations of `product_factory.expressions`, one register each.

Plain functions; the same operations as `product_factory.expressions.run` and
`rating.kernels.program`.
"""

import math

import numpy as np
import numpy.typing as npt

from product_factory.numbers.portable import power
from product_factory.numbers.rounding import round_down, round_half_even, round_half_up, round_up

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def divide(a: float, b: float) -> float:
    """Divide as IEEE does, also by zero, in plain Python too."""
    if b != 0.0:
        return a / b
    if math.isnan(a) or a == 0.0:
        return math.nan
    return math.inf if (a > 0.0) == (math.copysign(1.0, b) > 0.0) else -math.inf


def key_exact(a: float, data: Floats, first: int, size: int) -> float:
    """Give the place of a among the keys, -1 when it is not there."""
    for place in range(size):
        if data[first + place] == a:
            return float(place)
    return -1.0


def key_step(a: float, data: Floats, first: int, size: int) -> float:
    """Give the place of the largest key not above a, -1 below the first."""
    found = -1.0
    for place in range(size):
        if data[first + place] <= a:
            found = float(place)
    return found


def execute(code: Integers, first: int, last: int, base: int, r: Floats, data: Floats) -> None:
    """Run the operations first … last - 1; each writes the register base + its own number."""
    for number in range(first, last):
        op, a = code[number, 0], r[code[number, 1]]
        i, j = code[number, 2], code[number, 3]
        value = math.nan
        if op == 1:
            value = a + r[i]
        elif op == 2:
            value = a - r[i]
        elif op == 3:
            value = a * r[i]
        elif op == 4:
            value = divide(a, r[i])
        elif op == 5:
            value = power(a, r[i])
        elif op == 6:
            value = -a
        elif op == 7:
            value = min(a, r[i])
        elif op == 8:
            value = max(a, r[i])
        elif op == 9:
            value = 1.0 if a < r[i] else 0.0
        elif op == 10:
            value = 1.0 if a <= r[i] else 0.0
        elif op == 11:
            value = 1.0 if a > r[i] else 0.0
        elif op == 12:
            value = 1.0 if a >= r[i] else 0.0
        elif op == 13:
            value = 1.0 if a == r[i] else 0.0
        elif op == 14:
            value = 1.0 if a != r[i] else 0.0
        elif op == 15:
            value = 1.0 if a != 0.0 and r[i] != 0.0 else 0.0
        elif op == 16:
            value = 1.0 if a != 0.0 or r[i] != 0.0 else 0.0
        elif op == 17:
            value = 1.0 if a == 0.0 else 0.0
        elif op == 18:
            value = r[i] if a != 0.0 else r[j]
        elif op == 19:
            value = key_exact(a, data, i, j)
        elif op == 20:
            value = key_step(a, data, i, j)
        elif op == 21:
            place = key_step(a, data, i, j)
            value = place if place >= 0.0 and a < data[i + j + int(place)] else -1.0
        elif op == 22:
            value = -1.0 if a < 0.0 or r[i] < 0.0 else a * j + r[i]
        elif op == 23:
            value = math.nan if a < 0.0 else data[i + int(a)]
        elif op == 24:
            value = round_half_up(a, r[i], r[j])
        elif op == 25:
            value = round_half_even(a, r[i], r[j])
        elif op == 26:
            value = round_up(a, r[i], r[j])
        elif op == 27:
            value = round_down(a, r[i], r[j])
        elif op == 28:
            value = a
        r[base + number - first] = value
