"""Years drawn by a law, with how much likelier any law makes each of them than the original one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from product_factory.numbers.hashing import hash64
from product_factory.numbers.portable import log
from sandbox.execution import Arrays, Execution, run_task
from sandbox.kernels.annual import storm_counts
from sandbox.kernels.tail import Classes, Seen, see_years
from sandbox.simulate.annual import AnnualRun, simulate_annual
from sandbox.simulate.annual_task import AnnualTask
from sandbox.tail.ground import Ground, years_of
from sandbox.tail.law import SHARES, Law, stacked_times

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SeeTask:
    """Years that are read again: see `sandbox.kernels.tail`, whose `Seen` a block gives.

    drawn    the years as they were drawn
    factor   [year, process] what a shared factor multiplied mean counts by
    storm_factor  [year] the same of storms
    classes  of storms and sizes, and the laws;  storm_classes: how many of storms
    """

    drawn: AnnualTask
    factor: Floats
    storm_factor: Floats
    classes: Classes
    storm_classes: int

    @property
    def by_row(self) -> Sequence[str]:
        """Names of its arrays, each with a place for each year."""
        return Seen._fields

    @property
    def row_bytes(self) -> int:
        """Bytes of a year."""
        laws, processes, groups = self.classes.times.shape
        choices = self.drawn.risks.chances.shape[0] * self.drawn.risks.chances.shape[3]
        counts = self.storm_classes + processes * groups + self.classes.upto.size + choices
        return 8 * int(counts + len(self.classes.upto) + laws)

    @property
    def work(self) -> int:
        """As drawing them was."""
        return self.drawn.work

    @property
    def counted(self) -> Sequence[str]:
        """Nothing that a person wants to know."""
        return ()

    def block(self, first: int, last: int) -> Arrays:
        """Read the years first … last - 1."""
        task, years, word = self.drawn, last - first, np.uint64(self.drawn.seed)
        laws, *events = self.classes.times.shape
        chances = task.risks.chances.shape
        seen = Seen(
            np.zeros((years, self.storm_classes), dtype=np.int64),
            np.zeros((years, *events), dtype=np.int64),
            np.zeros((years, *self.classes.upto.shape), dtype=np.int64),
            np.zeros((years, chances[0], chances[3]), dtype=np.int64),
            np.zeros((years, len(self.classes.upto))),
            np.zeros((years, laws)),
        )
        counts = np.zeros(years, dtype=np.int64)
        storm_counts(
            task.storms, task.risks.drivers, word, first, self.storm_factor[first:last], counts
        )
        see_years(
            task.risks,
            task.storms,
            self.classes,
            word,
            first,
            self.factor[first:last],
            np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            seen,
        )
        return seen._asdict()


@dataclass(frozen=True, eq=False)
class Drawn:
    """Years that were drawn by a law.

    run     what was paid;  factor: [year, process] what a shared factor multiplied mean counts by
    seen    storms, events and sizes by class, [year, …]
    ratios  [year, law] log of how much likelier each law asked for makes the year
    """

    run: AnnualRun
    factor: Floats
    storm_factor: Floats
    seen: Seen
    ratios: Floats


def draw(  # noqa: PLR0913, PLR0917 - each is a part of what is drawn
    ground: Ground,
    law: Law,
    laws: Sequence[Law],
    years: int,
    seed: int,
    name: str,
    execution: Execution,
    shared: Mapping[str, Floats],
    protects: Sequence[str] = (),
) -> Drawn:
    """Draw years by a law, and hold each against some laws.

    name    of the years: their random numbers are apart from those of any other name
    shared  event → [year] what a shared factor multiplies its mean number by
    """
    own, model = hash64(f"tail/{name}/{seed}"), ground.under(law)
    known = (*ground.processes, ground.storms)
    varying = {event: factor for event, factor in shared.items() if event in known}
    kept = replace(execution, store=None)
    run = simulate_annual(
        model,
        ground.premiums,
        years,
        own,
        varying=varying,
        protects=protects,
        execution=kept,
    )
    factor = np.ones((years, len(ground.processes)))
    for place, event in enumerate(ground.processes):
        factor[:, place] = shared.get(event, 1.0)
    classes = Classes(ground.storm_class, ground.group, law.upto, ground.usual, stacked_times(laws))
    drawn = years_of(model, ground.premiums, own, varying)
    storm_factor = np.ones(years) * shared.get(ground.storms, 1.0)
    task = SeeTask(drawn, factor, storm_factor, classes, len(ground.storm_rates))
    seen = Seen(**run_task(task, years, replace(kept, progress=None)))
    ratios = seen.ratio.copy()
    for place, one in enumerate(laws):
        ratios[:, place] += _outcome(one, seen)
        ratios[:, place] -= _expected(ground, one, factor, storm_factor)
    return Drawn(run, factor, storm_factor, seen, ratios)


def _outcome(law: Law, seen: Seen) -> Floats:
    """Give what storms and sizes add to the log of the ratio, [year]."""
    found = np.zeros(len(seen.ratio))
    for one, times in enumerate(law.storms.tolist()):
        found += seen.storms[:, one] * log(times)
    for place in zip(*np.nonzero(law.shares != SHARES), strict=True):
        times = float(law.shares[place]) / float(SHARES[place[2]])
        found += seen.sizes[:, place[0], place[1], place[2]] * log(times)
    return found


def _expected(ground: Ground, law: Law, factor: Floats, storm_factor: Floats) -> Floats:
    """Give what more events that are expected take from the log of the ratio, [year]."""
    found = np.zeros(len(factor))
    for one, rate in enumerate(ground.storm_rates.tolist()):
        found += storm_factor * (rate * (float(law.storms[one]) - 1.0))
    for place in zip(*np.nonzero(law.times != 1.0), strict=True):
        more = float(ground.constants[place]) * (float(law.times[place]) - 1.0)
        found += factor[:, place[0]] * more
    return found
