"""Events counted by the year beside a life: drawn for those who are in force, year after year."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.numbers.hashing import hash64
from rating.engines.multistate.counted_costs import model_of_years, year_cells, years_of
from rating.engines.multistate.model import Model
from rating.engines.multistate.value import discount
from sandbox.kernels.years import pay_years
from sandbox.simulate.annual import AnnualShock, risks_of
from sandbox.simulate.grouping import Grouping, segment_columns

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Paid:
    """What came of the runs, as present values at issue.

    columns  of paid: covers, and lines of exclusions;  paid: [run, column];  spent: [run]
    segments grouping → [run, segment];  events, seen: what happened, and how often, [run, event]
    """

    columns: tuple[str, ...]
    paid: Floats
    spent: Floats
    segments: Mapping[str, Floats]
    events: tuple[str, ...]
    seen: Integers


class CountedEvents:
    """The policy years of all cells, bound, and the results of runs as they come in.

    A row is a policy year of a cell: its random numbers are named by the cell and the year, so
    that no other year and no other cell moves them.
    """

    def __init__(
        self,
        model: Model,
        runs: int,
        seed: int,
        keys: npt.NDArray[np.uint64],
        groupings: Mapping[str, Grouping],
    ) -> None:
        """Bind the years of a model that runs such events."""
        grid = model.assumed.grid
        self.cell, self.year = years_of(model.within.sum(axis=1) / model.per_year)
        own = [
            hash64(f"{keys[cell]}|policy year {year}")
            for cell, year in zip(self.cell.tolist(), self.year.tolist(), strict=True)
        ]
        rows = year_cells(
            model.product,
            grid.cells.columns,
            self.cell,
            self.year,
            np.ones(len(own), np.int64),
            np.array(own, dtype=np.uint64),
        )
        self.bound = model_of_years(model.product, model.basis, rows, model.per_year, model.change)
        self.risks = risks_of(self.bound, np.zeros(len(own)), AnnualShock())
        self.per_year, self.seed, self.groupings = model.per_year, np.uint64(seed), groupings
        self.worth = discount(model)[1:]
        if model.assumed.brought is not None:
            self.worth = self.worth * model.assumed.brought
        self.settling = model.assumed.spent["claim_payment"] * np.ones_like(model.within)
        self.segment, self.first_of = segment_columns(groupings, model.cells.size)
        sizes = sum(len(grouping.labels) for grouping in groupings.values())
        self.paid = np.zeros((runs, len(self.bound.payout.entries)))
        self.spent = np.zeros(runs)
        self.by_segment = np.zeros((runs, sizes))
        self.seen = np.zeros((runs, len(self.bound.collective)), np.int64)

    def run(self, first: int, begun: Integers) -> None:
        """Pay the runs from a first one on; begun: [run, cell, steps + 1], see `pay_years`."""
        last = first + len(begun)
        pay_years(
            self.bound.payout.arrays,
            self.risks,
            self.seed,
            first,
            self.cell,
            self.year,
            self.per_year,
            begun,
            self.worth,
            self.settling,
            self.segment,
            self.paid[first:last],
            self.spent[first:last],
            self.by_segment[first:last],
            self.seen[first:last],
        )

    def done(self) -> Paid:
        """Give what came of the runs."""
        return Paid(
            columns=tuple(entry.name for entry in self.bound.payout.entries),
            paid=self.paid,
            spent=self.spent,
            segments={
                name: self.by_segment[:, self.first_of[name] :][:, : len(grouping.labels)]
                for name, grouping in self.groupings.items()
            },
            events=tuple(process.name for process in self.bound.collective),
            seen=self.seen,
        )
