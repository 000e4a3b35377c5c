"""Payments while in a state, on the grid: at which times they fall due, and what is left of them.

Time k is the start of step k. A payment at time k goes to those who are in the state then; who
leaves it in step k - 1 gets none. A due date that is no time of the grid is an error that names the
step that would do.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, Cover
from product_factory.clocks import Clocks
from product_factory.due import PERIOD, PERIODS, YEAR, Due, Moment, due_months, period, whole
from product_factory.errors import At, BadInput
from product_factory.expressions.tree import Expression
from product_factory.module import Pays
from product_factory.promise import MONEY, TIMES, YEARS
from product_factory.promise import scope as promise_scope
from product_factory.types import Type
from rating.engines.multistate.amount import Amount
from rating.engines.multistate.grid import Grid

Floats = npt.NDArray[np.float64]
Asked = npt.NDArray[np.bool_]
Months = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Instalments:
    """What a cover pays at due dates while a state lasts.

    column   the cover;  at: where its amount is written
    amount   [cell, step] of the period that a payment is for
    holds    [cell, step] 1 where the cover's conditions hold
    falls    [cell, step + 1] 1 at times at which a payment falls due
    certain  the same, of those that are guaranteed
    began    [cell, step] 1 in the steps from the start of the guarantee on
    advance  whether the period of time k is step k; else it is the one that ends then
    states   for each state of the model, whether it is one in which this is paid
    """

    column: str
    amount: Amount
    holds: Floats
    falls: Floats
    certain: Floats
    began: Floats
    advance: bool
    states: tuple[bool, ...]
    at: At

    def flow(self, unknown: Mapping[str, Floats]) -> Floats:
        """Evaluate what is paid at each time: [cell, step + 1]."""
        amounts = self.amount.whole(unknown) * self.holds
        # in advance nothing is for the time after the end; else the first day is of the first step
        parts = [amounts, amounts[:, -1:]] if self.advance else [amounts[:, :1], amounts]
        return np.concatenate(parts, axis=1) * self.falls


@dataclass(frozen=True)
class Rest:
    """What is left of a guarantee at the end of each step, in one sum: an amount of an event."""

    of: Instalments

    @property
    def reads(self) -> frozenset[str]:
        """The unknown names that it depends on."""
        return self.of.amount.reads

    def whole(self, unknown: Mapping[str, Floats]) -> Floats:
        """Evaluate: [cell, step], the payments of that time and later."""
        flow = self.of.flow(unknown) * self.of.certain
        left = np.zeros_like(flow)
        for time in reversed(range(flow.shape[1] - 1)):
            left[:, time] = left[:, time + 1] + flow[:, time + 1]
        return left[:, :-1]

    def manner(self, name: str) -> int:
        """Tell how it depends on a name."""
        return self.of.amount.manner(name)


def instalments(grid: Grid, basis: AssembledBasis, clocks: Clocks) -> tuple[Instalments, ...]:
    """Bind the payments at due dates of every cover.

    Raises BadInput for a due date that the grid cannot hold, and for a time before the start.
    """
    found = []
    for cover in grid.product.covers.values():
        pays = cover.module.pays
        if pays is not None and pays.during is not None and pays.due is not None:
            found.append(_Binder(grid, basis, clocks, cover, pays).bound(pays.due))
    return tuple(found)


class _Binder:
    """Binds the due dates of one cover."""

    def __init__(
        self, grid: Grid, basis: AssembledBasis, clocks: Clocks, cover: Cover, pays: Pays
    ) -> None:
        self.grid, self.basis, self.clocks = grid, basis, clocks
        self.cover, self.pays = cover, pays
        self.scope = promise_scope(grid.product, cover)
        self.months = YEAR // grid.per_year

    def bound(self, due: Due) -> Instalments:
        grid, pays = self.grid, self.pays
        holds = grid.holds(pays.where, self.scope, {})
        asked = np.asarray(holds.any(axis=1))
        ends = grid.term * YEAR
        falls, certain = np.zeros((2, grid.cells.size, grid.steps + 1))
        began = np.zeros((grid.cells.size, grid.steps))
        every = self._every(due, asked)
        begins = self._moment("once" if due.once else "from", due.once or due.begins, asked)
        until = ends if due.until is None else self._moment("until", due.until, asked)
        until = np.minimum(until, ends)
        guaranteed = np.zeros(grid.cells.size)
        if due.guaranteed is not None:
            path = f"covers.{self.cover.alias}.due.guaranteed"
            years = self._once(path, due.guaranteed, YEARS)
            self._whole(path, years, due.guaranteed.at, asked, "0 or more whole years")
            guaranteed = years * YEAR
        for cell in np.flatnonzero(asked).tolist():
            first, last = int(begins[cell]), int(until[cell])
            if due.once is not None:
                times = range(first, min(first, last) + 1)
            else:
                times = due_months(first, last, every[cell], in_advance=due.in_advance)
            falls[cell, [month // self.months for month in times]] = 1.0
            sure = int(min(first + guaranteed[cell], last))
            held = range(0)
            if due.once is None:
                held = due_months(first, sure, every[cell], in_advance=due.in_advance)
            certain[cell, [month // self.months for month in held]] = 1.0
            began[cell, first // self.months :] = 1.0
        return Instalments(
            column=self.cover.alias,
            amount=grid.amount(pays.amount, self.scope, MONEY),
            holds=holds,
            falls=falls,
            certain=certain,
            began=began,
            advance=due.in_advance,
            states=self._states(due, every),
            at=pays.amount.at,
        )

    def _states(self, due: Due, every: Months) -> tuple[bool, ...]:
        """Tell for each state of the model whether it is one in which this is paid.

        Raises BadInput where periods of a stay are longer than the grid's step.
        """
        cells, stay = self.clocks.cells, self.clocks.stays.get(self.cover.alias)
        if stay is None:
            return (True,) * len(cells)
        alias = str(self.pays.during).partition(".")[0]
        since_start = self.grid.product.processes[alias].from_the_start
        if not since_start and (every != self.months).any():
            text = (
                f"the basis '{self.basis.name}' has steps of a {self.basis.grid.step}, and "
                f"payments of a stay in a state fall due in each step; write every: "
                f"{self.basis.grid.step}"
            )
            raise BadInput.one(due.place("every"), f"covers.{self.cover.alias}.due.every", text)
        living = self.clocks.graph.living
        return tuple(stay.pays(living[cell.state].stays, cell.since) for cell in cells)

    def _every(self, due: Due, asked: Asked) -> Months:
        """Give the months of a period, whole steps of the grid; 0 of a single payment: [cell]."""
        path, size = f"covers.{self.cover.alias}.due.every", self.grid.cells.size
        if due.every is None:
            return np.zeros(size, dtype=np.int64)
        if isinstance(due.every, str):
            months = np.full(size, PERIODS[due.every])
        else:
            years = self._once(path, due.every, YEARS)
            months = np.array([period(time) for time in years.tolist()])
            months[~asked] = self.months
            if not months.all():
                cell = int(np.argmin(months))
                shown = self.grid.cells.shown(self.grid.product, cell)
                text = f"expected {PERIOD}, got {years[cell]:g} years at {shown}"
                raise BadInput.one(due.place("every"), path, text)
        odd = months[months % self.months != 0]
        if odd.size:
            said = "month" if odd[0] == 1 else f"{odd[0]} months"
            text = (
                f"the basis '{self.basis.name}' has steps of a year, and '{self.cover.alias}' "
                f"falls due every {said}; write grid: {{step: month}}"
            )
            raise BadInput.one(self.basis.at, f"{self.basis.name}.grid.step", text)
        return months

    def _moment(self, key: str, moment: Moment | None, asked: Asked) -> Floats:
        """Give a time in months from the start: [cell]."""
        cells, path = self.grid.cells, f"covers.{self.cover.alias}.due.{key}"
        if moment is None:
            return np.zeros(cells.size)
        years = self._once(path, moment.value, TIMES[moment.key])
        if moment.key == "age":
            if "age" not in cells.columns:
                raise BadInput.one(moment.value.at, path, "'age' of the insured is not known here")
            years = years - cells.columns["age"]
        self._whole(path, years, moment.value.at, asked, "whole years from the start on")
        return np.where(asked, years, 0.0) * YEAR

    def _whole(self, path: str, years: Floats, at: At, asked: Asked, wanted: str) -> None:
        """Raise BadInput naming the first cell of which a time is no whole number of years."""
        bad = asked & ~np.array([whole(time) for time in years.tolist()])
        if bad.any():
            cell = int(np.argmax(bad))
            shown = self.grid.cells.shown(self.grid.product, cell)
            raise BadInput.one(at, path, f"expected {wanted}, got {years[cell]:g} at {shown}")

    def _once(self, path: str, value: Expression, wanted: Type) -> Floats:
        """Evaluate what is the same in every step: [cell]."""
        found = self.grid.value(value, self.scope, wanted)
        if not np.array_equal(found, np.broadcast_to(found[:, :1], found.shape), equal_nan=True):
            text = "expected a time that stands when the contract begins, got one that moves"
            raise BadInput.one(value.at, path, text)
        return found[:, 0].copy()
