"""A task that is small enough to be looked at, and whose rows say which they are."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sandbox.execution import Arrays


@dataclass(frozen=True)
class Counting:
    """Row n has `paid` n times the factor in two columns, and n % 3 events of amount n.

    marks    nothing: something else to be made of
    fails    rows whose block fails;  seconds: that each block takes
    seen     the blocks that were asked for
    """

    factor: float = 2.0
    marks: tuple[object, ...] = ()
    fails: tuple[int, ...] = field(default=(), compare=False)
    seconds: float = field(default=0.0, compare=False)
    seen: list[tuple[int, int]] = field(default_factory=list, compare=False)

    @property
    def by_row(self) -> Sequence[str]:
        return ("paid", "events")

    @property
    def row_bytes(self) -> int:
        return 16

    @property
    def counted(self) -> Sequence[str]:
        return ("events",)

    @property
    def work(self) -> int:
        return 1

    def block(self, first: int, last: int) -> Arrays:
        self.seen.append((first, last))
        time.sleep(self.seconds)
        if any(first <= row < last for row in self.fails):
            raise KeyboardInterrupt
        rows = np.arange(first, last)
        paid = self.factor * rows[:, None] * np.array([1.0, 0.5])
        amount = np.repeat(rows.astype(np.float64), rows % 3)
        return {"paid": paid, "amount": amount, "events": rows % 3}


def expected(rows: int, factor: float = 2.0) -> Arrays:
    """The arrays of all rows, without blocks."""
    return Counting(factor).block(0, rows)
