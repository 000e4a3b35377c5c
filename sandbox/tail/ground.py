"""A bound year whose laws may be changed, and years drawn by one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from product_factory.numbers.portable import log
from rating.engines.collective.annual import AnnualModel
from rating.frequencies import Frequency
from sandbox.execution import Execution, run_task
from sandbox.kernels.annual import Risks
from sandbox.measures.exact import exact_sum
from sandbox.simulate.annual_task import AnnualShock, AnnualTask, annual_task
from sandbox.tail.bins import bins_of, class_sizes
from sandbox.tail.cells import groups_of, with_large_sizes
from sandbox.tail.law import SIZES, Law, original
from sandbox.tail.sizes import in_shares
from sandbox.tail.storms import StormTask, classes_of

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ground:
    """A bound year, and what a law may change in it.

    premiums     [cell] yearly premium of one policy
    group        [process, cell] the group of a cell: 0, or a higher one where large events cost
                 far more than in most
    means        [process, group] events expected in a year, of all policies
    constants    [process, group] what the log of a ratio loses for each unit that a law adds to 1
    varies       [process] whether a law may multiply its mean counts: not where policies with any
                 event are counted, whose number has no law that is proportional
    usual        [process, cell] mean count of one policy as kernels draw it
    sizes        [draw, class] what a size is about;  bins: [draw, class] those that cost alike
    options      [chance, option] events expected in a year with each option of a choice
    storm_class  [event of the catalogue];  storm_rates: [class] a year
    """

    model: AnnualModel
    premiums: Floats
    group: Integers
    means: Floats
    constants: Floats
    varies: npt.NDArray[np.bool_]
    usual: Floats
    sizes: Floats
    bins: Integers
    options: Floats
    storm_class: Integers
    storm_rates: Floats

    @property
    def processes(self) -> tuple[str, ...]:
        """The events that are counted policy by policy."""
        return tuple(process.name for process in self.model.collective)

    @property
    def storms(self) -> str:
        """The event that is drawn for the whole portfolio, "" for none."""
        return self.model.catalogue[0].name if self.model.catalogue else ""

    @property
    def draws(self) -> tuple[tuple[int, str], ...]:
        """Every size that is drawn: the place of its process, and the two names."""
        return tuple(
            (place, f"{process.name}.{draws.name}")
            for place, process in enumerate(self.model.collective)
            for draws in process.draws
        )

    @property
    def choices(self) -> tuple[tuple[int, str, tuple[str, ...]], ...]:
        """Every choice that is drawn: the place of its process, the two names, its options."""
        found = []
        for place, process in enumerate(self.model.collective):
            alias = process.name.partition(".")[0]
            known = self.model.product.processes[alias].marks
            for one in process.chances:
                mark = self.model.payout.marks[one.mark].rpartition(".")[2]
                found.append((place, f"{alias}.{mark}", known[mark].choices))
        return tuple(found)

    @property
    def original(self) -> Law:
        """The law that changes nothing."""
        processes, groups = self.means.shape
        return original(processes, groups, len(self.storm_rates), len(self.draws))

    def under(self, law: Law) -> AnnualModel:
        """Give the year with counts, sizes and storms of a law."""
        upto = iter(zip(law.shares, law.upto, strict=True))
        collective = tuple(
            replace(
                process,
                counts=scaled(process.counts, law.times[place][self.group[place]].tolist()),
                draws=tuple(
                    in_shares(draws, *next(upto), self.group[place]) for draws in process.draws
                ),
            )
            for place, process in enumerate(self.model.collective)
        )
        catalogue = tuple(
            replace(process, rates=process.rates * law.storms[self.storm_class])
            for process in self.model.catalogue
        )
        return replace(self.model, collective=collective, catalogue=catalogue)


def scaled(counts: Sequence[Frequency], times: Sequence[float]) -> tuple[Frequency, ...]:
    """Give the counts of cells, each of so many times as many events."""
    pairs = [
        (count, 1.0 if count.mean == 0.0 else one) for count, one in zip(counts, times, strict=True)
    ]
    known = {
        (count, one): count if one == 1.0 else count.scaled(one)
        for count, one in dict.fromkeys(pairs)
    }
    return tuple(known[pair] for pair in pairs)


def ground_of(model: AnnualModel, premiums: Floats, seed: int, execution: Execution) -> Ground:
    """Find what may be changed; every event of the catalogue is paid once for that."""
    task = years_of(model, premiums, seed, {})
    risks = task.risks
    counted = risks.table < 0
    expected = risks.first * risks.policies
    constants = np.where(risks.code == 0, expected, 0.0)
    for place in zip(*np.nonzero(counted & (risks.code != 0)), strict=True):
        dispersion = float(risks.second[place])
        constants[place] = expected[place] / (dispersion - 1.0) * log(dispersion)
    mean = np.array([[count.mean for count in process.counts] for process in model.collective])
    means: Floats = mean.reshape(risks.table.shape) * risks.policies.astype(np.float64)
    large = years_of(with_large_sizes(model), premiums, seed, {})
    group = groups_of(large, means, execution)
    sizes = np.array(
        [
            class_sizes(draws, means[place])
            for place, process in enumerate(model.collective)
            for draws in process.draws
        ]
    ).reshape(-1, len(SIZES))
    storm_class, storm_rates = np.zeros(0, dtype=np.int64), np.zeros(1)
    if model.catalogue:
        (process,) = model.catalogue
        within = replace(execution, store=None, progress=None)
        losses = run_task(StormTask(task), len(process.rates), within)["storm"]
        storm_class, storm_rates = classes_of(losses, process.rates)
    return Ground(
        model,
        premiums,
        group,
        _summed(means, group),
        _summed(np.where(counted, constants, 0.0), group),
        np.asarray(counted.all(axis=1)),
        risks.first,
        sizes,
        np.array([bins_of(row) for row in sizes], dtype=np.int64).reshape(sizes.shape),
        _options(risks, means),
        storm_class,
        storm_rates,
    )


def _options(risks: Risks, means: Floats) -> Floats:
    """Give how many events are expected with each option, taken over all combinations alike."""
    found = np.zeros((risks.chances.shape[0], risks.chances.shape[3]))
    for chance, process in enumerate(risks.chance_process.tolist()):
        shares = np.diff(risks.chances[chance], axis=2, prepend=0.0)
        for combination in range(shares.shape[0]):
            for option in range(shares.shape[2]):
                part = exact_sum(means[process] * shares[combination, :, option])
                found[chance, option] = max(found[chance, option], part)
    return found


def _summed(table: Floats, group: Integers) -> Floats:
    """Add the columns of a table up by group, in an order that no machine changes."""
    total = np.zeros((len(table), int(group.max(initial=0)) + 1))
    for row, groups in enumerate(group):
        for one in np.unique(groups).tolist():
            total[row, one] = exact_sum(table[row, groups == one])
    return total


def years_of(
    model: AnnualModel, premiums: Floats, seed: int, varying: Mapping[str, Floats]
) -> AnnualTask:
    """Lay out years of a bound year; varying: event → [year] what its mean number times."""
    none = np.zeros((0, model.cells.size), dtype=np.int64)
    return annual_task(model, premiums, seed, AnnualShock(), none, 0, (), varying)
