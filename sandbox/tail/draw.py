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
    times    [year, process] what mean counts were multiplied by, and base by the original law
    storm_times  [year] the same of storms
    classes  of storms and sizes, and the laws;  storm_classes: how many of storms
    """

    drawn: AnnualTask
    times: Floats
    base: Floats
    storm_times: Floats
    classes: Classes
    storm_classes: int

    @property
    def by_row(self) -> Sequence[str]:
        """Names of its arrays, each with a place for each year."""
        return Seen._fields

    @property
    def row_bytes(self) -> int:
        """Bytes of a year."""
        laws, processes = self.classes.times.shape
        return 8 * int(self.storm_classes + processes + self.classes.upto.size + laws)

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
        laws, processes = self.classes.times.shape
        seen = Seen(
            np.zeros((years, self.storm_classes), dtype=np.int64),
            np.zeros((years, processes), dtype=np.int64),
            np.zeros((years, *self.classes.upto.shape), dtype=np.int64),
            np.zeros((years, laws)),
        )
        counts = np.zeros(years, dtype=np.int64)
        storm_counts(task.storms, word, first, self.storm_times[first:last], counts)
        see_years(
            task.risks,
            task.storms,
            self.classes,
            word,
            first,
            self.times[first:last],
            self.base[first:last],
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
    varying = {
        event: shared.get(event, np.ones(years)) * law.times[place]
        for place, event in enumerate(ground.processes)
        if event in shared or law.times[place] != 1.0
    }
    if ground.storms in shared:
        varying[ground.storms] = shared[ground.storms]
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
    classes = Classes(ground.storm_class, law.upto, stacked_times(laws))
    drawn = years_of(model, ground.premiums, own, varying)
    storm_factor = np.ones(years) * shared.get(ground.storms, 1.0)
    times = factor * law.times
    task = SeeTask(drawn, times, factor, storm_factor, classes, len(ground.storm_rates))
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
    for mark, shares in enumerate(law.shares):
        for one, share in enumerate(shares.tolist()):
            if share != SHARES[one]:
                found += seen.sizes[:, mark, one] * log(share / float(SHARES[one]))
    return found


def _expected(ground: Ground, law: Law, factor: Floats, storm_factor: Floats) -> Floats:
    """Give what more events that are expected take from the log of the ratio, [year]."""
    found = np.zeros(len(factor))
    for one, rate in enumerate(ground.storm_rates.tolist()):
        found += storm_factor * (rate * (float(law.storms[one]) - 1.0))
    for place, constant in enumerate(ground.constants.tolist()):
        found += factor[:, place] * (constant * (float(law.times[place]) - 1.0))
    return found
