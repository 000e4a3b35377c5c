"""Events counted by the year beside a life: drawn for those who are in force, year after year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.numbers.hashing import hash64
from rating.engines.collective.annual import AnnualModel
from rating.engines.multistate.counted_costs import model_of_years, year_cells, years_of
from rating.engines.multistate.model import Model
from rating.engines.multistate.value import discount
from rating.kernels.settle import Plan
from sandbox.execution import Arrays
from sandbox.kernels.annual import Risks
from sandbox.kernels.years import pay_years
from sandbox.simulate.annual_task import WORK_OF_A_CLAIM, likely, risks_of
from sandbox.simulate.grouping import Grouping, segment_columns

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
PAID, SPENT, PARTS, SEEN = "year_paid", "year_spent", "year_parts", "year_seen"
WEIGHED, YEARLY = "year_weighed", "year_by_year"


@dataclass(frozen=True)
class Paid:
    """What came of the runs, as present values at issue.

    columns  of paid: covers, and lines of exclusions;  paid: [run, column];  spent: [run]
    segments grouping → [run, segment];  events, seen: what happened, and how often, [run, event]
    weighed  [run, weighing]
    """

    columns: tuple[str, ...]
    paid: Floats
    spent: Floats
    segments: Mapping[str, Floats]
    events: tuple[str, ...]
    seen: Integers
    weighed: Floats


@dataclass(frozen=True)
class CountedYears:
    """The policy years of all cells as arrays; see `sandbox.kernels.years.pay_years`.

    A row is a policy year of a cell: its random numbers are named by the cell and the year, so
    that no other year and no other cell moves them.

    entries, processes, segments  how many lines are paid, events counted, columns of segments
    weights  [weighing, cell, entry] what a weighing counts of what is paid
    years    policy years that are told one by one, 0 where nobody asks
    """

    plan: Plan
    risks: Risks
    seed: int
    policies: Integers
    cell: Integers
    year: Integers
    per_year: int
    worth: Floats
    settling: Floats
    segment: Integers
    entries: int
    processes: int
    segments: int
    weights: Floats
    years: int

    @property
    def by_row(self) -> Sequence[str]:
        """Names of its arrays, each with a place for each run."""
        return (PAID, SPENT, PARTS, SEEN, *self._asked)

    @property
    def _asked(self) -> Sequence[str]:
        """Names of the arrays that not everybody asks for."""
        weighed = (WEIGHED,) if len(self.weights) else ()
        return (*weighed, *((YEARLY,) if self.years else ()))

    @property
    def row_bytes(self) -> int:
        """Bytes of a run."""
        weighed = 2 * len(self.weights) + 4 * self.years
        return 8 * (self.entries + 1 + 2 * self.segments + self.processes + weighed)

    @property
    def work(self) -> int:
        """Policy years are looked at in each run, and claims paid."""
        claims = float((likely(self.risks) * self.policies[self.cell]).sum())
        return int(len(self.cell) + WORK_OF_A_CLAIM * claims)

    def block(self, first: int, begun: Integers) -> Arrays:
        """Pay the runs from a first one on; begun: [run, cell, steps + 1], see `pay_years`."""
        runs = len(begun)
        paid, spent = np.zeros((runs, self.entries)), np.zeros(runs)
        parts = np.zeros((runs, self.segments))
        seen = np.zeros((runs, self.processes), np.int64)
        weighed = np.zeros((runs, len(self.weights)))
        yearly = np.zeros((runs, self.years, 2))
        pay_years(
            self.plan,
            self.risks,
            np.uint64(self.seed),
            first,
            self.cell,
            self.year,
            self.per_year,
            begun,
            self.worth,
            self.settling,
            self.segment,
            self.weights,
            paid,
            spent,
            parts,
            seen,
            weighed,
            yearly,
        )
        found = {PAID: paid, SPENT: spent, PARTS: parts, SEEN: seen}
        found |= {WEIGHED: weighed, YEARLY: yearly}
        return {name: one for name, one in found.items() if name in self.by_row}


class CountedEvents:
    """The policy years of all cells, bound, and what came of them."""

    def __init__(
        self,
        model: Model,
        policies: Integers,
        seed: int,
        keys: npt.NDArray[np.uint64],
        groupings: Mapping[str, Grouping],
        weights: Mapping[str, Floats] | None = None,
        *,
        by_year: bool = False,
    ) -> None:
        """Bind the years of a model that runs such events.

        policies  [cell];  keys: [cell] hash of the risk
        weights   column → [weighing, cell] what is counted of it; of any other nothing
        by_year   whether policy years are told one by one, in the money of their years
        """
        self.groupings = groupings
        cell, year = years_of(model.within.sum(axis=1) / model.per_year)
        over = model.cells.elapsed
        self.bound = _bound(model, cell, year if over is None else year + over[cell], keys)
        worth = discount(model)[1:]
        if model.assumed.brought is not None:
            worth = worth * model.assumed.brought
        worth = np.ones_like(worth) if by_year else worth
        segment, self.first_of = segment_columns(groupings, model.cells.size)
        self.years = CountedYears(
            plan=self.bound.payout.arrays,
            risks=risks_of(self.bound, np.zeros(len(cell))),
            seed=seed,
            policies=policies,
            cell=cell,
            year=year,
            per_year=model.per_year,
            worth=worth,
            settling=model.assumed.spent["claim_payment"] * np.ones_like(model.within),
            segment=segment,
            entries=len(self.bound.payout.entries),
            processes=len(self.bound.collective),
            segments=sum(len(grouping.labels) for grouping in groupings.values()),
            weights=self._weights(weights or {}, model.cells.size),
            years=int(year.max(initial=0)) if by_year else 0,
        )

    def _weights(self, given: Mapping[str, Floats], cells: int) -> Floats:
        """Lay weights out by line that is paid: [weighing, cell, entry]."""
        weighings = len(next(iter(given.values()), ()))
        found = np.zeros((weighings, cells, len(self.bound.payout.entries)))
        for place, entry in enumerate(self.bound.payout.entries):
            if entry.name in given:
                found[:, :, place] = given[entry.name]
        return found

    def by_year(self, arrays: Arrays) -> Floats:
        """Give what was paid and spent: [run, policy year, 2]."""
        return arrays[YEARLY]

    def done(self, arrays: Arrays) -> Paid:
        """Give what came of the runs."""
        return Paid(
            columns=tuple(entry.name for entry in self.bound.payout.entries),
            paid=arrays[PAID],
            spent=arrays[SPENT],
            segments={
                name: arrays[PARTS][:, self.first_of[name] :][:, : len(grouping.labels)]
                for name, grouping in self.groupings.items()
            },
            events=tuple(process.name for process in self.bound.collective),
            seen=arrays[SEEN],
            weighed=arrays.get(WEIGHED, np.zeros((len(arrays[SPENT]), 0))),
        )


def _bound(
    model: Model, cell: Integers, year: Integers, keys: npt.NDArray[np.uint64]
) -> AnnualModel:
    own = [
        hash64(f"{keys[one]}|policy year {number}")
        for one, number in zip(cell.tolist(), year.tolist(), strict=True)
    ]
    ones, named = np.ones(len(own), np.int64), np.array(own, dtype=np.uint64)
    rows = year_cells(model.product, model.assumed.grid.cells, cell, year, ones, named)
    return model_of_years(model.product, model.basis, rows, model.per_year, model.change)
