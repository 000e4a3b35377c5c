"""A bound year whose laws may be changed, and years drawn by one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from product_factory.numbers.portable import log
from rating.engines.collective.annual import AnnualModel
from sandbox.execution import Execution, run_task
from sandbox.simulate.annual_task import AnnualShock, AnnualTask, annual_task
from sandbox.tail.law import Law, original
from sandbox.tail.sizes import in_shares
from sandbox.tail.storms import StormTask, classes_of

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ground:
    """A bound year, and what a law may change in it.

    premiums     [cell] yearly premium of one policy
    means        [process] events expected in a year, of all policies
    constants    [process] what the log of a ratio loses for each unit that a law adds to 1
    varies       [process] whether a law may multiply its mean counts: not where policies with any
                 event are counted, whose number has no law that is proportional
    storm_class  [event of the catalogue];  storm_rates: [class] a year
    """

    model: AnnualModel
    premiums: Floats
    means: Floats
    constants: Floats
    varies: npt.NDArray[np.bool_]
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
    def original(self) -> Law:
        """The law that changes nothing."""
        return original(len(self.processes), len(self.storm_rates), len(self.draws))

    def under(self, law: Law) -> AnnualModel:
        """Give the year with sizes and storms of a law; its counts are multiplied while drawn."""
        upto = iter(zip(law.shares, law.upto, strict=True))
        collective = tuple(
            replace(
                process,
                draws=tuple(in_shares(draws, *next(upto)) for draws in process.draws),
            )
            for process in self.model.collective
        )
        catalogue = tuple(
            replace(process, rates=process.rates * law.storms[self.storm_class])
            for process in self.model.catalogue
        )
        return replace(self.model, collective=collective, catalogue=catalogue)


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
    storm_class, storm_rates = np.zeros(0, dtype=np.int64), np.zeros(1)
    if model.catalogue:
        (process,) = model.catalogue
        within = replace(execution, store=None, progress=None)
        losses = run_task(StormTask(task), len(process.rates), within)["storm"]
        storm_class, storm_rates = classes_of(losses, process.rates)
    return Ground(
        model,
        premiums,
        _rows_summed(mean.reshape(risks.table.shape) * risks.policies),
        _rows_summed(np.where(counted, constants, 0.0)),
        np.asarray(counted.all(axis=1)),
        storm_class,
        storm_rates,
    )


def _rows_summed(table: Floats) -> Floats:
    """Add the columns of a table up one by one, in an order that no machine changes."""
    total = np.zeros(len(table))
    for column in range(table.shape[1]):
        total += table[:, column]
    return total


def years_of(
    model: AnnualModel, premiums: Floats, seed: int, varying: Mapping[str, Floats]
) -> AnnualTask:
    """Lay out years of a bound year; varying: event → [year] what its mean number times."""
    none = np.zeros((0, model.cells.size), dtype=np.int64)
    return annual_task(model, premiums, seed, AnnualShock(), none, 0, (), varying)
