"""Nodes on the unit interval for the quantile of a mark: panels that halve towards both ends.

Quantile functions bend without end near 0 and 1, and jump to a total loss with the chance of one:
there the interval is cut, and above the last cut one node is enough.
"""

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from rating.severities.quadrature import NODES

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Grading:
    """How fine: halvings towards 0 and towards 1, and pieces of each panel."""

    low: int
    high: int
    pieces: int


LINE = Grading(40, 40, 8)
"""For one quantile: about 10,000 nodes."""
PLANE = Grading(12, 24, 1)
"""For each of two independent quantiles: about 300,000 nodes together."""
LEAST, MOST = 2.0**-1000, 1.0 - 2.0**-53
"""Nodes lie within 0 and 1, where quantiles are finite, however narrow their panel."""


@dataclass(frozen=True)
class Nodes:
    """Nodes in (0, 1) with weights that add up to 1; part: between which cuts each lies."""

    u: Floats
    weight: Floats
    part: Integers


@lru_cache(maxsize=64)
def unit_nodes(
    cuts: tuple[float, ...],
    *,
    constant_above: bool,
    grading: Grading,
    level: tuple[float, ...] = (),
) -> Nodes:
    """Give nodes, fine and in a fixed order.

    cuts            chances between 0 and 1 where the integrand jumps or bends
    constant_above  whether it is constant above the last cut
    level           the cuts, and 1, below which it is constant from the cut before on
    """
    bounds = [0.0, *sorted(set(cuts)), 1.0]
    u: list[float] = []
    weight: list[float] = []
    sizes: list[int] = []
    for low, high in itertools.pairwise(bounds):
        above = constant_above and high == 1.0 and len(bounds) > 2  # noqa: PLR2004 - there is a cut
        if above or high in level:
            u.append(0.5 * (low + high))
            weight.append(high - low)
            sizes.append(1)
            continue
        edges = _edges(low, high, grading)
        for left, right in itertools.pairwise(edges):
            half = 0.5 * (right - left)
            for node, share in NODES:
                u += [left + half * (1.0 - node), right - half * (1.0 - node)]
                weight += [half * share, half * share]
        sizes.append(2 * len(NODES) * (len(edges) - 1))
    part = np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)
    return Nodes(np.clip(u, LEAST, MOST), np.array(weight), part)


def _edges(low: float, high: float, grading: Grading) -> list[float]:
    width = high - low
    places = [0.0]
    places += [0.5**k for k in range(grading.low, 0, -1)]
    places += [1.0 - 0.5**k for k in range(2, grading.high + 1)]
    places.append(1.0)
    if grading.pieces < 1:
        # half as fine: every second edge
        places = [*places[:-1:2], 1.0]
        return [low + width * place for place in places]
    fine = [
        left + (right - left) * piece / grading.pieces
        for left, right in itertools.pairwise(places)
        for piece in range(grading.pieces)
    ]
    return [low + width * place for place in [*fine, 1.0]]


def halved(grading: Grading) -> Grading:
    """Give the grading with half as many panels."""
    return Grading(grading.low, grading.high, grading.pieces // 2)
