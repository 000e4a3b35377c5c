"""What each event of the catalogue would cost the portfolio, and classes of events by that."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rating.engines.collective.periods import YEAR
from sandbox.execution import Arrays
from sandbox.kernels.year import simulate_block
from sandbox.simulate.annual_task import AnnualTask
from sandbox.simulate.losses import empty

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
RATES = (1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2)
"""Where classes end: as costly a storm comes so many times a year or less."""


@dataclass(frozen=True)
class StormTask:
    """Each event of a catalogue alone: a row is an event, in a year in which nothing else happens.

    within  a task of the portfolio, for its risks, catalogue and terms
    """

    within: AnnualTask

    @property
    def by_row(self) -> Sequence[str]:
        """The one array."""
        return ("storm",)

    @property
    def row_bytes(self) -> int:
        """Bytes of a row."""
        return 16

    @property
    def work(self) -> int:
        """Every cell is looked at."""
        return self.within.risks.policies.size

    @property
    def counted(self) -> Sequence[str]:
        """Nothing."""
        return ()

    def block(self, first: int, last: int) -> Arrays:
        """Pay the events first … last - 1."""
        task = self.within
        found = np.zeros(last - first)
        days = np.zeros_like(task.risks.days)
        days[:, 1] = YEAR  # what an event costs those on risk, whatever its day
        risks = task.risks._replace(none=np.ones_like(task.risks.none), days=days)
        nothing = np.zeros_like(task.storms.cumulative)
        entries = len(task.protects)
        for row in range(last - first):
            simulate_block(
                task.plan,
                risks,
                task.storms._replace(cumulative=nothing, always=first + row),
                np.uint64(task.seed),
                first + row,
                np.ones((1, len(risks.event))),
                np.array([0, 1], dtype=np.int64),
                np.zeros((0, risks.policies.size), dtype=np.int64),
                np.zeros((1, entries)),
                np.zeros((1, 0)),
                found[row : row + 1],
                np.zeros(1, dtype=np.int64),
                empty(np.zeros(entries, dtype=np.int64), 0),
                task.room_of_sizes(1),
            )
        return {"storm": found}


def classes_of(losses: Floats, rates: Floats) -> tuple[Integers, Floats]:
    """Give the class of each event, costlier ones in a higher one, and the rate of each class.

    Class 0 holds what costs nothing; the others are cut by how often as costly an event comes.
    """
    order = np.lexsort((np.arange(len(losses)), -losses))
    often = np.cumsum(rates[order])
    place = np.searchsorted(RATES, often, side="left")
    found = np.empty(len(losses), dtype=np.int64)
    found[order] = len(RATES) + 1 - place
    found[losses <= 0.0] = 0
    kept, found = np.unique(found, return_inverse=True)
    if kept.size and kept[0] != 0:
        found += 1
    classes = int(found.max(initial=0)) + 1
    each = np.zeros(classes)
    for event, one in enumerate(found.tolist()):
        each[one] += rates[event]
    return found.astype(np.int64), each
