"""What each risk loses in each event, gathered block by block for reinsurance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sandbox.kernels.year import Losses

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
ROOM = 4096
"""Rows that a block has room for at first; where it needs more it is computed again with room."""


@dataclass(frozen=True, eq=False)
class RiskLosses:
    """Losses of equal policies in one event, a row each, in order of year and time.

    year, event, cell  [row] the event's number is of its year
    policies           [row] how many policies lost the same;  amount: all of them together
    time               [row] part of the year gone by
    """

    year: Integers
    event: Integers
    cell: Integers
    policies: Floats
    time: Floats
    amount: Floats


class Gathered:
    """The losses of all blocks. Each block has an entry of its own, so that threads never meet."""

    def __init__(self, entries: Sequence[str], protects: Sequence[str]) -> None:
        """Mark the entries that count; without any, no room is made."""
        self.protects = np.array([int(name in protects) for name in entries], dtype=np.int64)
        self._room = ROOM if protects else 0
        self._blocks: dict[int, RiskLosses] = {}

    def fill(self, first: int, work: Callable[[Losses], None], clear: Callable[[], None]) -> None:
        """Compute the block that begins at `first`, again with more room where it was too small."""
        losses = self._empty(self._room)
        work(losses)
        used = int(losses.used[0])
        if used > len(losses.year):
            self._room = max(self._room, used + used // 4)
            losses = self._empty(used)
            clear()
            work(losses)
        self._blocks[first] = _rows(losses, np.arange(used))

    def ordered(self) -> RiskLosses:
        """Give all rows in order of year, time and event; those of one event as they were found."""
        blocks = [self._blocks[first] for first in sorted(self._blocks)]
        if not blocks:
            return _rows(self._empty(0), np.arange(0))
        joined = RiskLosses(
            np.concatenate([block.year for block in blocks]),
            np.concatenate([block.event for block in blocks]),
            np.concatenate([block.cell for block in blocks]),
            np.concatenate([block.policies for block in blocks]),
            np.concatenate([block.time for block in blocks]),
            np.concatenate([block.amount for block in blocks]),
        )
        return _rows(joined, np.lexsort((joined.event, joined.time, joined.year)))

    def _empty(self, rows: int) -> Losses:
        counts, amounts = np.zeros((3, rows), dtype=np.int64), np.zeros((3, rows))
        used = np.zeros(1, dtype=np.int64)
        year, event, cell = counts
        policies, time, amount = amounts
        return Losses(self.protects, used, year, event, cell, policies, time, amount)


def _rows(losses: Losses | RiskLosses, rows: Integers) -> RiskLosses:
    return RiskLosses(
        losses.year[rows],
        losses.event[rows],
        losses.cell[rows],
        losses.policies[rows],
        losses.time[rows],
        losses.amount[rows],
    )
