"""Bins of large sizes: classes that cost alike, and others that cost several times as much.

A severity may hide a peril of its own: one loss in ten thousand that costs a hundred times as much
as all others. Where a class costs far more than the ones before it begins a bin, which is drawn and
must be seen for itself.
"""

import math

import numpy as np
import numpy.typing as npt

from rating.engines.collective.happens import Draws
from rating.kernels.distributions import drawn
from sandbox.measures.exact import exact_sum
from sandbox.tail.law import LARGE, SIZES

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
GROWS = 3.0
"""A bin ends where a size is so many times the first of the bin."""
LAST = 1.0 - 1e-5 / math.e
"""The chance that stands for the last class."""
MIDDLES = (
    *(
        1.0 - math.sqrt((1.0 - low) * (1.0 - high))
        for low, high in zip((0.0, *SIZES[:-2]), SIZES[:-1], strict=True)
    ),
    LAST,
)
"""The chance that stands for each class."""


def class_sizes(draws: Draws, means: Floats) -> Floats:
    """Give what a size of each class is about, over all cells by their events, [class].

    means  [cell] events a year; combinations of choices count alike
    """
    worth: dict[str, float] = {}
    known: dict[str, Floats] = {}
    for place in np.argwhere(draws.code >= 0).tolist():
        _, cell, _ = place
        given = [float(draws.code[*place]), *draws.parameters[*place].tolist()]
        factor = float(draws.factor[cell])
        told = f"{given!r} {factor!r}"
        if told not in known:
            p0, p1, p2 = given[1:]
            sizes = [drawn(draws.pieces, int(given[0]), p0, p1, p2, u) for u in MIDDLES]
            known[told] = np.minimum(np.array(sizes) * factor, draws.most)
        worth[told] = worth.get(told, 0.0) + float(means[cell])
    total = math.fsum(worth.values())
    if total <= 0.0:
        return np.zeros(len(SIZES))
    rows = np.array([known[told] * (part / total) for told, part in worth.items()])
    return np.array([exact_sum(column) for column in rows.T])


def bins_of(sizes: Floats) -> Integers:
    """Give the bin of each class, from 0; -1 of what is not large."""
    found = np.full(len(sizes), -1, dtype=np.int64)
    begins, one = float(sizes[LARGE]), 0
    for place in range(LARGE, len(sizes)):
        if sizes[place] > GROWS * begins:
            begins, one = float(sizes[place]), one + 1
        found[place] = one
    return found
