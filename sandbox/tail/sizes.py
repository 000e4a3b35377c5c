"""Sizes drawn in other shares: a severity cut at chances, and each part drawn as often as asked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from rating.engines.collective.happens import Draws
from rating.kernels.distributions import PIECES
from sandbox.tail.law import SHARES, SIZES

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Row = Sequence[float]


def in_shares(draws: Draws, shares: Floats, upto: Floats, group: Integers) -> Draws:
    """Give a mark whose classes of size are drawn in other shares; within one nothing changes.

    shares  [group, class] chance of each class, upto: cumulated
    group   [cell] the group of a cell
    """
    same = (shares == SHARES).all(axis=1).tolist()
    if all(same):
        return draws
    code, parameters = draws.code.copy(), draws.parameters.copy()
    rows: list[Row] = draws.pieces.tolist()  # of groups in which nothing changes
    known: dict[str, tuple[int, int]] = {}
    for place in zip(*np.nonzero(draws.code >= 0), strict=True):
        of = int(group[place[1]])
        if same[of]:
            continue
        given = (float(draws.code[place]), *draws.parameters[place].tolist())
        told = f"{of} {given!r}"  # a parameter that is not needed is NaN, unlike itself
        if told not in known:
            made = list(_cut(draws, given, upto[of].tolist()))
            known[told] = len(rows), len(made)
            rows += made
        first, count = known[told]
        code[place] = PIECES
        parameters[place] = (first, count, 0.0)
    return replace(draws, code=code, parameters=parameters, pieces=np.array(rows))


def _cut(draws: Draws, given: Row, upto: list[float]) -> Iterator[Row]:
    """Give the pieces of a severity, cut where a class ends, with the chances of being drawn."""
    begins, place = 0.0, 0
    for ends, kind, p0, p1, p2, low, high in _pieces(draws, given):
        start = begins
        while start < ends:
            stop = min(ends, SIZES[place])
            inner = [
                high if to == ends else low + (to - begins) / (ends - begins) * (high - low)
                for to in (start, stop)
            ]
            yield _drawn(stop, place, upto), kind, p0, p1, p2, *inner
            start = stop
            place += 1 if stop == SIZES[place] and place + 1 < len(SIZES) else 0
        begins = ends


def _pieces(draws: Draws, given: Row) -> list[Row]:
    """Give the pieces that a severity is composed of, one alone for itself."""
    if int(given[0]) != PIECES:
        return [(1.0, *given, 0.0, 1.0)]
    first, count = int(given[1]), int(given[2])
    return [tuple(row) for row in draws.pieces[first : first + count].tolist()]


def _drawn(chance: float, place: int, upto: list[float]) -> float:
    """Give the chance up to which is drawn what lies up to a chance of the original law."""
    if chance == SIZES[place]:
        return upto[place]
    low, below = (SIZES[place - 1], upto[place - 1]) if place else (0.0, 0.0)
    return below + (chance - low) / (SIZES[place] - low) * (upto[place] - below)
