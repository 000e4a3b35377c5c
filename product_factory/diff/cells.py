"""Two tables → how many cells of a column moved, and which moved most."""

import math

import numpy as np

from product_factory.diff.change import Move, Moves
from product_factory.table_axis import Axis
from product_factory.tables import Table
from product_factory.types import number

LARGEST = 3
"""How many of the cells that moved most are named."""


def moves(old: Table, new: Table, column: str) -> Moves:
    """Compare the cells of one column, key by key."""
    before, after = _cells(old, column), _cells(new, column)
    shared = before.keys() & after.keys()
    moved = [key for key in shared if before[key] != after[key]]
    moved.sort(key=lambda key: (-_far(before[key], after[key]), key))
    return Moves(
        cells=len(shared),
        moved=len(moved),
        added=len(after) - len(shared),
        removed=len(before) - len(shared),
        largest=tuple(
            Move(", ".join(key), _shown(before[key]), _shown(after[key])) for key in moved[:LARGEST]
        ),
    )


def _cells(table: Table, column: str) -> dict[tuple[str, ...], float | str]:
    cells, declared = table.cells[column], table.types[column]
    found: dict[tuple[str, ...], float | str] = {}
    for places in np.argwhere(~np.isnan(cells)):
        where = tuple(int(place) for place in places)
        key = tuple(_key(axis, place) for axis, place in zip(table.axes, where, strict=True))
        value = float(cells[where])
        found[key] = declared.of[int(value)] if declared.chosen else value
    return found


def _key(axis: Axis, place: int) -> str:
    if axis.type.kind == "choice":
        return f"{axis.name} {axis.labels[place]}"
    if axis.key == "band":
        end = axis.below[place]
        upper = "" if math.isinf(end) else f" to {number(end)}"
        return f"{axis.name} {number(axis.values[place])}{upper}"
    return f"{axis.name} {number(axis.values[place])}"


def _far(old: float | str, new: float | str) -> float:
    """How far a cell moved, relative to what stood there; a word is as far as can be."""
    if isinstance(old, str) or isinstance(new, str) or old == 0.0:
        return math.inf
    return abs(new / old - 1.0)


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else number(value)
