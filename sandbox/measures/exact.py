"""Sums that are the same to the bit on every machine and in every order."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_CHUNK = 65_536


def exact_sum(values: NDArray[np.float64]) -> float:
    """Give the sum of the values, correctly rounded once (Shewchuk 1997, as `math.fsum` has it).

    A correctly rounded sum depends neither on the order of its terms nor on vector widths, so
    that blocks, threads and machines cannot show in a figure.
    """
    return math.fsum(_floats(values))


def _floats(values: NDArray[np.float64]) -> Iterator[float]:
    """Give Python floats chunk by chunk: ten million years must not become one list."""
    for start in range(0, len(values), _CHUNK):
        yield from values[start : start + _CHUNK].tolist()
