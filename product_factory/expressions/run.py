"""The evaluator without numba: a program over columns, with numpy.

It runs the same operations as `rating/kernels/program.py` and agrees with it to the bit.
"""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from product_factory.expressions.operations import Op
from product_factory.expressions.program import Operation, Program
from product_factory.numbers.portable import power
from product_factory.numbers.rounding import (
    round_down,
    round_half_even,
    round_half_up,
    round_up,
)

Floats = npt.NDArray[np.float64]
MANY = 64
"""Rows from which on it pays to look for equal ones."""
ROUNDERS: dict[Op, Callable[[float, float, float], float]] = {
    Op.ROUND_HALF_UP: round_half_up,
    Op.ROUND_HALF_EVEN: round_half_even,
    Op.ROUND_UP: round_up,
    Op.ROUND_DOWN: round_down,
}


def run(
    program: Program, columns: Mapping[str, Floats], offsets: npt.NDArray[np.int64] | None = None
) -> list[Floats]:
    """Run a program and give every register, so that a worksheet can show each step.

    columns  input name → values, one a policy or one an item after the input's level
    offsets  first item of each policy, then the number of items; None when nothing has items
    """
    registers: list[Floats] = [
        np.asarray(columns[entry.name], np.float64) for entry in program.inputs
    ]
    registers += [np.float64(value).reshape(1) for value in program.constants]
    with np.errstate(all="ignore"):
        for line in program.operations:
            registers.append(step(line, registers, program.data, offsets))
    return registers


def step(  # noqa: C901, PLR0911, PLR0912 - one branch an operation is the plainest form
    line: Operation, r: list[Floats], data: Floats, offsets: npt.NDArray[np.int64] | None
) -> Floats:
    """Run one operation on registers, as `run` does one after another."""
    op, a = line.op, r[line.a]
    match op:
        case Op.ADD:
            return a + r[line.b]
        case Op.SUB:
            return a - r[line.b]
        case Op.MUL:
            return a * r[line.b]
        case Op.DIV:
            return a / r[line.b]
        case Op.POW:
            return _each(power, a, r[line.b])
        case Op.NEG:
            return -a
        case Op.MIN:
            return np.where(r[line.b] < a, r[line.b], a)
        case Op.MAX:
            return np.where(r[line.b] > a, r[line.b], a)
        case Op.LT:
            return _truth(a < r[line.b])
        case Op.LE:
            return _truth(a <= r[line.b])
        case Op.GT:
            return _truth(a > r[line.b])
        case Op.GE:
            return _truth(a >= r[line.b])
        case Op.EQ:
            return _truth(a == r[line.b])
        case Op.NE:
            return _truth(a != r[line.b])
        case Op.AND:
            return _truth((a != 0.0) & (r[line.b] != 0.0))
        case Op.OR:
            return _truth((a != 0.0) | (r[line.b] != 0.0))
        case Op.NOT:
            return _truth(a == 0.0)
        case Op.WHERE:
            return np.where(a != 0.0, r[line.b], r[line.c])
        case Op.KEY_EXACT | Op.KEY_STEP | Op.KEY_BAND:
            return _key(
                op, a, data[line.b : line.b + line.c * (2 if op is Op.KEY_BAND else 1)], line.c
            )
        case Op.COMBINE:
            b = r[line.b]
            return np.where((a < 0.0) | (b < 0.0), -1.0, a * line.c + b)
        case Op.CELL:
            cells = data[line.b : line.b + line.c]
            inside = (a >= 0.0) & (a < line.c)
            return np.where(inside, cells[np.where(inside, a, 0.0).astype(np.int64)], np.nan)
        case Op.GATHER | Op.TOTAL_SUM | Op.TOTAL_MAX | Op.TOTAL_COUNT:
            return _between(op, a, offsets)
        case _:
            return _each(ROUNDERS[op], a, r[line.b], r[line.c])


def _truth(holds: npt.NDArray[np.bool_]) -> Floats:
    return holds.astype(np.float64)


def _each(function: Callable[..., float], *columns: Floats) -> Floats:
    """Apply a portable scalar function to every distinct row; speed is the kernel's business."""
    table = np.stack(np.broadcast_arrays(*columns))
    place = None
    if table.shape[1] > MANY:
        # compared as bits, so that 0.0 and -0.0 stay two numbers
        _, kept, place = np.unique(
            table.view(np.int64), axis=1, return_index=True, return_inverse=True
        )
        table = table[:, kept]
    rows = zip(*table.tolist(), strict=True)
    found = np.array([function(*row) for row in rows], dtype=np.float64)
    return found if place is None else found[place.ravel()]


def _key(op: Op, a: Floats, grid: Floats, size: int) -> Floats:
    values = grid[:size]
    if op is Op.KEY_EXACT:
        order = np.argsort(values, kind="stable")
        place = np.minimum(np.searchsorted(values[order], a), size - 1)
        found = order[place]
        return np.where(values[found] == a, found, -1).astype(np.float64)
    place = np.searchsorted(values, a, side="right") - 1
    if op is Op.KEY_BAND:
        inside = (place >= 0) & (a < grid[size:][np.maximum(place, 0)])
        place = np.where(inside, place, -1)
    return np.where(np.isnan(a), -1, place).astype(np.float64)


def _between(op: Op, a: Floats, offsets: npt.NDArray[np.int64] | None) -> Floats:
    if offsets is None:
        offsets = np.arange(len(a) + 1)
    counts = np.diff(offsets)
    if op is Op.GATHER:
        return np.repeat(np.broadcast_to(a, counts.shape), counts)
    if op is Op.TOTAL_COUNT:
        return counts.astype(np.float64)
    total = np.zeros(len(counts)) if op is Op.TOTAL_SUM else np.full(len(counts), -np.inf)
    items = np.broadcast_to(a, (int(offsets[-1]),))
    for number in range(int(counts.max(initial=0))):
        # item by item, so that sums run in the order of the items and not pairwise
        has = counts > number
        value = items[offsets[:-1][has] + number]
        so_far = total[has]
        if op is Op.TOTAL_SUM:
            total[has] = so_far + value
        else:
            # not np.maximum, which may give either of 0.0 and -0.0
            total[has] = np.where((value > so_far) | np.isnan(value), value, so_far)
    return total
