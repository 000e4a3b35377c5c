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
REACH = np.array([1.0 - node for node, _ in NODES])
SHARE = np.array([share for _, share in NODES])
"""How far from the ends of a panel its pairs of nodes lie, in halves of it, and their weights."""


@dataclass(frozen=True)
class Nodes:
    """Nodes in (0, 1) with weights that add up to 1; part: between which cuts each lies."""

    u: Floats
    weight: Floats
    part: Integers


FEW, SOME = 4, 12
"""Jumps up to which panels have all their pieces, and half of them; beyond that, a quarter."""


def unit_nodes(
    cuts: tuple[float, ...],
    *,
    constant_above: bool,
    grading: Grading,
    level: tuple[float, ...] = (),
    jumps: tuple[float, ...] = (),
) -> Nodes:
    """Give nodes, fine and in a fixed order.

    cuts            chances between 0 and 1 where the integrand jumps or bends
    constant_above  whether it is constant above the last of them
    level           the cuts, and 1, below which it is constant from the cut before on
    jumps           chances of further cuts; the more there are, the fewer the pieces between them
    """
    bounds = [0.0, *sorted({*cuts, *jumps}), 1.0]
    last = max(cuts, default=1.0)
    places = _places(_between(grading, len(jumps)))
    parts: list[tuple[Floats, Floats]] = []
    for low, high in itertools.pairwise(bounds):
        if (constant_above and low >= last) or high in level:
            parts.append((np.array([0.5 * (low + high)]), np.array([high - low])))
        else:
            parts.append(_panels(low + (high - low) * places))
    part = np.repeat(np.arange(len(parts), dtype=np.int64), [u.size for u, _ in parts])
    u, weight = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Nodes(np.clip(u, LEAST, MOST), weight, part)


def _between(grading: Grading, jumps: int) -> Grading:
    """Give the grading between so many jumps; half as fine a one stays half as fine."""
    fewer = 1 if jumps <= FEW else 2 if jumps <= SOME else 4
    return Grading(grading.low, grading.high, grading.pieces // fewer)


def _panels(edges: Floats) -> tuple[Floats, Floats]:
    """Give the nodes and the weights of panels, pair by pair."""
    left, right = edges[:-1, None], edges[1:, None]
    half = 0.5 * (right - left)
    u = np.stack([left + half * REACH, right - half * REACH], axis=2)
    return u.ravel(), np.repeat((half * SHARE).ravel(), 2)


@lru_cache
def _places(grading: Grading) -> Floats:
    """Give the edges of the panels of the unit interval."""
    places = [0.0]
    places += [0.5**k for k in range(grading.low, 0, -1)]
    places += [1.0 - 0.5**k for k in range(2, grading.high + 1)]
    places.append(1.0)
    if grading.pieces < 1:
        # half as fine: every second edge
        return np.array([*places[:-1:2], 1.0])
    fine = [
        left + (right - left) * piece / grading.pieces
        for left, right in itertools.pairwise(places)
        for piece in range(grading.pieces)
    ]
    return np.array([*fine, 1.0])


def halved(grading: Grading) -> Grading:
    """Give the grading with half as many panels."""
    return Grading(grading.low, grading.high, grading.pieces // 2)
