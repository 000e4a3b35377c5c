"""Rows that a tariff leaves without a rate: which step has none, and why."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from product_factory.expressions.operations import POLICY
from product_factory.expressions.program import Program
from product_factory.expressions.run import run
from rating.book.block import Block
from rating.book.columns import Mask
from rating.book.rejects import Reject
from rating.book.source import Rows
from rating.missing import Said, item_of, missing_said
from rating.plan import RatingPlan

Floats = npt.NDArray[np.float64]

AT_ONCE = 1_024
"""Policies that are run together."""


def unrated_rows(
    plan: RatingPlan, block: Block, unrated: Mask, numbers: Rows, of_items: Rows | None = None
) -> list[Reject]:
    """Say of each row without a rate which step has none, by running it without the kernel.

    unrated   which of the good rows of the block;  numbers: of those rows
    of_items  the rows of the items, where they have rows of their own
    """
    found: list[Reject] = []
    rows = np.flatnonzero(unrated)
    for first in range(0, len(rows), AT_ONCE):
        found += _told(plan, block, rows[first : first + AT_ONCE], numbers, of_items)
    return found


def _told(
    plan: RatingPlan, block: Block, rows: Rows, numbers: Rows, of_items: Rows | None
) -> Iterator[Reject]:
    program = plan.program
    levels = {entry.name: entry.level for entry in program.inputs}
    counts = np.ones(len(rows), np.int64)
    places = rows
    if block.offsets is not None:
        starts, counts = block.offsets[rows], np.diff(block.offsets)[rows]
        places = np.concatenate([np.arange(s, s + n) for s, n in zip(starts, counts, strict=True)])
    columns = {
        name: values[places if levels.get(name, POLICY) else rows].astype(np.float64)
        for name, values in block.columns.items()
    }
    edges = np.concatenate([[0], np.cumsum(counts)])
    registers = run(program, columns, None if block.offsets is None else edges)
    for place, row in enumerate(rows.tolist()):
        one = _OneRow(program, registers, place, int(edges[place]), int(edges[place + 1]))
        step, said = missing_said(plan, one) or ("", Said(zh="没有费率", en="has no rate"))
        number = int(numbers[row])
        if of_items is not None and block.offsets is not None:
            number = int(of_items[block.offsets[row] + item_of(plan, one, step)])
        yield Reject(number, step, "", said.en, reason_zh=said.zh)


class _OneRow(Sequence[Floats]):
    """The registers of one policy among those of many; a constant has one value for all."""

    def __init__(
        self, program: Program, registers: Sequence[Floats], row: int, first: int, last: int
    ) -> None:
        self._levels = program.levels
        self._registers = registers
        self._row, self._first, self._last = row, first, last

    def __len__(self) -> int:
        return len(self._registers)

    def __getitem__(self, register: int) -> Floats:  # type: ignore[override]
        values = self._registers[register]
        if values.size == 1:
            return values
        if self._levels[register]:
            return values[self._first : self._last]
        return values[self._row : self._row + 1]
