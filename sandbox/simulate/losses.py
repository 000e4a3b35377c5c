"""What each risk loses in each event, for reinsurance: room for it, and its order."""

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from sandbox.execution import Arrays
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


def empty(protects: Integers, rows: int) -> Losses:
    """Make room for so many rows of the entries that are protected."""
    year, event, cell = np.zeros((3, rows), dtype=np.int64)
    policies, time, amount = np.zeros((3, rows))
    used = np.zeros(1, dtype=np.int64)
    return Losses(protects, used, RiskLosses(year, event, cell, policies, time, amount))


def used(losses: Losses) -> Arrays:
    """Give the rows that were written, by name."""
    rows = int(losses.used[0])
    return {name: column[:rows].copy() for name, column in losses.rows._asdict().items()}


def ordered(arrays: Arrays) -> RiskLosses:
    """Give all rows in order of year, time and event; those of one event as they were found."""
    columns = RiskLosses._make(arrays.pop(name) for name in RiskLosses._fields)
    order = np.lexsort((columns.event, columns.time, columns.year))
    return RiskLosses._make(column[order] for column in columns)


class Held:
    """Counts rows as they come, and refuses more of them than may be held."""

    def __init__(self, years: int, memory: float) -> None:
        """Take how many years there will be, and the bytes that their rows may take."""
        self._years = years
        self._most = memory / PEAK
        self._done, self._seen = 0, 0

    def count(self, arrays: Arrays, years: int) -> None:
        """Count a block. Raises BadValue as soon as it is plain that all will not fit."""
        self._done += years
        self._seen += len(arrays["amount"])
        whole = self._seen / max(self._done / self._years, SURE)
        if whole > self._most:
            message = (
                f"reinsurance risk by risk: expected at most {self._most:,.0f} losses, which the "
                f"memory that may be taken holds, got {whole:,.0f} in {self._years:,} years; "
                "simulate fewer years"
            )
            raise BadValue(message)
