"""Sine and cosine of an angle in degrees, equal to the bit on every machine.

The mathematics libraries of two systems may differ in the last bit of `math.sin`, so figures that
depend on a direction or a latitude use these. An angle in degrees is brought into
[-45, 45] exactly (the remainder of a multiple of 90 has no rounding), then the Taylor series is
summed from its smallest term. Domain: |degrees| at most 1e6. Absolute error below 3e-16.
"""

import math

_RADIANS_PER_DEGREE = 0.017453292519943295  # pi / 180, nearest double
_QUARTER = 90.0


def _sine_series(angle: float) -> float:
    """Give sin(angle), |angle| at most pi / 4 radians; the first term left out is below 1e-19."""
    square = angle * angle
    tail = 1.0 / 355687428096000.0
    tail = tail * square - 1.0 / 1307674368000.0
    tail = tail * square + 1.0 / 6227020800.0
    tail = tail * square - 1.0 / 39916800.0
    tail = tail * square + 1.0 / 362880.0
    tail = tail * square - 1.0 / 5040.0
    tail = tail * square + 1.0 / 120.0
    tail = tail * square - 1.0 / 6.0
    return angle + angle * square * tail


def _cosine_series(angle: float) -> float:
    """Give cos(angle), |angle| at most pi / 4 radians; the first term left out is below 3e-18."""
    square = angle * angle
    tail = 1.0 / 20922789888000.0
    tail = tail * square - 1.0 / 87178291200.0
    tail = tail * square + 1.0 / 479001600.0
    tail = tail * square - 1.0 / 3628800.0
    tail = tail * square + 1.0 / 40320.0
    tail = tail * square - 1.0 / 720.0
    tail = tail * square + 1.0 / 24.0
    return 1.0 - square * (0.5 - square * tail)


def sine_degrees(degrees: float) -> float:
    """Give the sine of an angle in degrees; exact at every multiple of 90."""
    turns = math.floor(degrees / _QUARTER + 0.5)
    angle = (degrees - turns * _QUARTER) * _RADIANS_PER_DEGREE
    quadrant = turns % 4
    if quadrant == 0:
        return _sine_series(angle)
    if quadrant == 1:
        return _cosine_series(angle)
    if quadrant == 2:
        return -_sine_series(angle)
    return -_cosine_series(angle)


def cosine_degrees(degrees: float) -> float:
    """Give the cosine of an angle in degrees; exact at every multiple of 90."""
    turns = math.floor(degrees / _QUARTER + 0.5)
    angle = (degrees - turns * _QUARTER) * _RADIANS_PER_DEGREE
    quadrant = turns % 4
    if quadrant == 0:
        return _cosine_series(angle)
    if quadrant == 1:
        return -_sine_series(angle)
    if quadrant == 2:
        return -_cosine_series(angle)
    return _sine_series(angle)
