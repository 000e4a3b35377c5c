"""What each risk loses in each event, gathered block by block for reinsurance."""

import os
from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from sandbox.kernels.year import Losses, RiskLosses

Integers = npt.NDArray[np.int64]
ROOM = 4096
"""Rows that a block has room for at first; where it needs more it is computed again with room."""
BYTES = 48
"""Of a row as it is kept."""
PEAK = 4 * BYTES
"""Of a row while all are put in order and settled."""
SURE = 0.1
"""Part of the years after which the number of rows of all can be told."""


def memory() -> float:
    """Give the bytes that the machine has; no bound where it does not tell."""
    if not hasattr(os, "sysconf"):
        return np.inf
    return float(os.sysconf("SC_PAGE_SIZE")) * os.sysconf("SC_PHYS_PAGES")


class Gathered:
    """The losses of all blocks. Each block has an entry of its own, so that threads never meet."""

    def __init__(self, entries: Sequence[str], protects: Sequence[str], years: int) -> None:
        """Mark the entries that count; without any, no room is made."""
        self.protects = np.array([int(name in protects) for name in entries], dtype=np.int64)
        self._years = years
        self._most = memory() / PEAK
        self._room = ROOM if protects else 0
        self._blocks: dict[int, RiskLosses] = {}
        self._lock = Lock()
        self._done, self._seen = 0, 0

    def fill(
        self, first: int, last: int, work: Callable[[Losses], None], clear: Callable[[], None]
    ) -> None:
        """Compute the years first … last - 1, again with more room where it was too small.

        Raises BadValue as soon as it is plain that the rows of all years will not fit in memory.
        """
        losses = self._empty(self._room)
        work(losses)
        used = int(losses.used[0])
        self._hold(last - first, used)
        if used > len(losses.rows.year):
            self._room = max(self._room, used + used // 4)
            losses = self._empty(used)
            clear()
            work(losses)
        self._blocks[first] = RiskLosses._make(column[:used].copy() for column in losses.rows)

    def ordered(self) -> RiskLosses:
        """Give all rows in order of year, time and event; those of one event as they were found."""
        blocks = [self._empty(0).rows, *(self._blocks[first] for first in sorted(self._blocks))]
        joined = RiskLosses._make(map(np.concatenate, zip(*blocks, strict=True)))
        order = np.lexsort((joined.event, joined.time, joined.year))
        return RiskLosses._make(column[order] for column in joined)

    def _hold(self, years: int, rows: int) -> None:
        """Count rows, and refuse more of them than the machine can hold."""
        with self._lock:
            self._done += years
            self._seen += rows
            whole = self._seen / max(self._done / self._years, SURE)
        if whole > self._most:
            message = (
                f"reinsurance risk by risk: expected at most {self._most:,.0f} losses, which the "
                f"memory of this machine holds, got {whole:,.0f} in {self._years:,} years; "
                "simulate fewer years"
            )
            raise BadValue(message)

    def _empty(self, rows: int) -> Losses:
        year, event, cell = np.zeros((3, rows), dtype=np.int64)
        policies, time, amount = np.zeros((3, rows))
        used = np.zeros(1, dtype=np.int64)
        return Losses(self.protects, used, RiskLosses(year, event, cell, policies, time, amount))
