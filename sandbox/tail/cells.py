"""Groups of cells: those where one large event of a process costs far more than elsewhere.

One policy among ten thousand that is worth as much as all others would hardly ever be drawn; in a
group of its own it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rating.engines.collective.annual import AnnualModel
from rating.frequencies import Binomial, Poisson
from sandbox.execution import Arrays, Execution, run_task
from sandbox.simulate.annual_task import AnnualTask
from sandbox.tail.law import SIZES, original
from sandbox.tail.sizes import in_shares

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
TRIED = 8
"""Large events of each process that every cell is tried with."""
LARGEST = 0.99
"""They are sizes above this chance."""
OFTEN = (1e-5, 1e-4, 1e-3, 1e-2)
"""Where groups end: a large event as costly comes so many times a year or less."""
FAR = 2.0
"""How many times the usual cost of a large event is out of the usual."""
NEARLY_ALL = 1.0 - 2.0**-53


@dataclass(frozen=True)
class CellTask:
    """A row is a year in which one policy of every cell has one event of a process.

    within  years of the portfolio whose sizes are large;  process: its place
    """

    within: AnnualTask
    process: int

    @property
    def by_row(self) -> Sequence[str]:
        """The one array."""
        return ("cost",)

    @property
    def row_bytes(self) -> int:
        """Bytes of a row."""
        return 16 * self.within.risks.policies.size

    @property
    def work(self) -> int:
        """Every cell has an event."""
        return 4 * self.within.risks.policies.size

    @property
    def counted(self) -> Sequence[str]:
        """Nothing."""
        return ()

    def block(self, first: int, last: int) -> Arrays:
        """Pay the rows first … last - 1; cost: [row, cell] of the one policy."""
        risks = self.within.risks
        cells = risks.policies.size
        own = np.arange(len(risks.event)) == self.process

        def only(one: float, other: float) -> Floats:
            return np.repeat(np.where(own, one, other)[:, None], cells, axis=1)

        alone = risks._replace(
            policies=np.ones(cells, dtype=np.int64),
            code=only(Binomial.CODE, Poisson.CODE).astype(np.int64),
            first=only(1.0, 0.0),
            second=only(NEARLY_ALL, 1.0),
            none=only(0.0, 1.0),
            table=only(0.0, -1.0).astype(np.int64),
            tables=np.ones((1, 1)),
        )
        task = replace(
            self.within,
            risks=alone,
            storms=self.within.storms._replace(
                cumulative=np.zeros_like(self.within.storms.cumulative)
            ),
            segment=np.arange(cells, dtype=np.int64)[None, :],
            segments=cells,
        )
        return {"cost": task.block(first, last)["by_segment"]}


def with_large_sizes(model: AnnualModel) -> AnnualModel:
    """Give the year whose sizes are those above a chance alone."""
    draws = sum(len(process.draws) for process in model.collective)
    law = original(len(model.collective), 1, 1, draws)
    law.shares[:] = np.diff(np.array([0.0, *SIZES])) * (np.array(SIZES) > LARGEST)
    law.shares[:] /= law.shares[:, :, :].sum(axis=2, keepdims=True)
    upto = iter(zip(law.shares, law.upto, strict=True))
    nothing = np.zeros(model.cells.size, dtype=np.int64)
    return replace(
        model,
        collective=tuple(
            replace(
                process,
                draws=tuple(in_shares(draws, *next(upto), nothing) for draws in process.draws),
            )
            for process in model.collective
        ),
    )


def groups_of(large: AnnualTask, means: Floats, execution: Execution) -> Integers:
    """Give the group of each cell, [process, cell]: 0 for the usual, higher ones for costlier.

    large  years whose sizes are large;  means: [process, cell] events a year, of all its policies
    """
    within = replace(execution, store=None, progress=None)
    found = np.zeros(means.shape, dtype=np.int64)
    for process, mean in enumerate(means):
        cost = run_task(CellTask(large, process), TRIED, within)["cost"].max(axis=0)
        found[process] = costlier(cost, mean)
    return found


def costlier(cost: Floats, mean: Floats) -> Integers:
    """Give the group of each cell by the cost of a large event, and how often it has events."""
    order = np.lexsort((np.arange(len(cost)), -cost))
    often = np.cumsum(mean[order])
    if not often.size or often[-1] <= 0.0:
        return np.zeros(len(cost), dtype=np.int64)
    # the usual cost is what half of all events exceed
    usual = float(cost[order][np.searchsorted(often, 0.5 * often[-1])])
    place = np.searchsorted(OFTEN, often * (1.0 - LARGEST), side="left")
    found = np.empty(len(cost), dtype=np.int64)
    found[order] = len(OFTEN) + 1 - place
    found[(cost <= FAR * usual) | (mean <= 0.0)] = 0
    kept, found = np.unique(found, return_inverse=True)
    return (found + (0 if kept[0] == 0 else 1)).astype(np.int64)
