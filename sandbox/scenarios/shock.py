"""What a scenario changes, with every name resolved for one product."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce

import numpy as np
import numpy.typing as npt

from product_factory.errors import At
from product_factory.expenses import EXPENSES
from product_factory.numbers.hashing import hash64
from rating.engines.collective.change import LONGEST, Change
from rating.engines.multistate.faster import grown_faster
from rating.engines.multistate.model import Model
from rating.scoped import EVERYWHERE, Scope, Scoped, Times, added, joined
from sandbox.portfolio.expenses import EVERY_KIND
from sandbox.portfolio.portfolio import Portfolio
from sandbox.simulate.annual import AnnualShock
from sandbox.simulate.cohort import CohortShock, RateShock

Floats = npt.NDArray[np.float64]
ALONE = tuple(name for name, kind in EXPENSES.items() if not kind.joins)
"""Kinds of expenses that stand alone; one that joins another moves with it."""


@dataclass(frozen=True)
class Replayed:
    """A storm of a table that happens every year, besides those that are drawn."""

    table: str
    storm: str
    at: At


@dataclass(frozen=True)
class RateChange:
    """A change of a yearly rate: `times`, then `add`, then `least`, where and when it acts."""

    times: float = 1.0
    add: float = 0.0
    least: float = 0.0
    scope: Scope = EVERYWHERE


@dataclass(frozen=True)
class ExpenseChange:
    """A change of expenses.

    times  with where and when it acts
    inflation  what is added to the yearly growth that they state, from the second year on
    kinds  of expenses, none for all: words after `per` of a basis
    """

    times: Scoped
    inflation: float = 0.0
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shock:
    """The changes of a scenario, by process and event: `fire.occurrence`.

    Several are one: what multiplies is multiplied, what is added is added.

    frequency  what the mean number of events is multiplied by
    severity   what each drawn severity is multiplied by; for a catalogue, its intensity
    rates      yearly rates of decrements
    interest   added to the yearly interest rate;  inflation: to that of what events cost
    expenses   what expenses are multiplied by
    premium    what the premium of a policy is multiplied by;  volume: how many policies there are
    replays    event of a catalogue → the storm that happens besides
    """

    frequency: Mapping[str, tuple[Scoped, ...]] = field(default_factory=dict)
    severity: Mapping[str, tuple[Scoped, ...]] = field(default_factory=dict)
    rates: Mapping[str, tuple[RateChange, ...]] = field(default_factory=dict)
    interest: tuple[Scoped, ...] = ()
    inflation: tuple[Scoped, ...] = ()
    expenses: tuple[ExpenseChange, ...] = ()
    premium: tuple[Scoped, ...] = ()
    volume: tuple[Scoped, ...] = ()
    replays: Mapping[str, Replayed] = field(default_factory=dict)

    @property
    def change(self) -> Change:
        """What it changes of events that are counted by the year."""
        return Change(
            {event: joined(parts) for event, parts in self.frequency.items()},
            {event: joined(parts) for event, parts in self.severity.items()},
            _plain(self.inflation),
        )

    def annual(self, rows: Mapping[str, int]) -> AnnualShock:
        """Give the shock of a year; rows: event of a catalogue → its row that always happens."""
        change = self.change
        return AnnualShock(frequency=change.frequency, severity=change.severity, always=rows)

    def cohort(self, model: Model) -> CohortShock:
        """Give the shock of run-offs of a model."""
        add = _plain(self.interest)
        if isinstance(add, tuple):
            add_by_year: float | Floats = added(add, np.arange(1.0, LONGEST + 2.0))
        else:
            add_by_year = add
        rates = {event: _rate_shock(model, parts) for event, parts in self.rates.items()}
        return CohortShock(rates, add_by_year, self.change, self._spent(model))

    def portfolio(self, portfolio: Portfolio) -> Portfolio:
        """Give the portfolio with other premiums and another number of policies.

        A cell's policies become a whole number, up or down by a number of its own, so that the mean
        is what the scenario says; more never become fewer. Contracts in force stay as many.
        """
        cells = portfolio.cells
        if self.premium:
            factor = Times(self.premium).of(cells.product, cells.columns, cells.policy_years)
            portfolio = replace(portfolio, premiums=portfolio.premiums * factor)
        if not self.volume:
            return portfolio
        factor = Times(self.volume).of(cells.product, cells.columns, cells.policy_years)
        if cells.elapsed is not None:
            factor = np.where(cells.elapsed > 0, 1.0, factor)
        up = np.array([hash64(f"volume {key}") / 2.0**64 for key in cells.keys.tolist()])
        policies = np.floor(cells.policies * factor + np.minimum(up, 1.0 - 2.0**-40))
        return replace(portfolio, cells=replace(cells, policies=policies.astype(np.int64)))

    def expense_factors(self, portfolio: Portfolio) -> Mapping[str, Floats]:
        """Give kind of expense → what those of annual contracts are multiplied by, [cell]."""
        cells, found = portfolio.cells, dict[str, Floats]()
        for one in self.expenses:
            scope = one.times.scope
            part = scope.within(cells.product, cells.columns, cells.policy_years)
            _times_kinds(found, one, one.times.times(part))
        return found

    def _spent(self, model: Model) -> Mapping[str, Floats]:
        """Give kind of expense → what it is multiplied by, [cell, step]."""
        found: dict[str, Floats] = {}
        faster: dict[str, Floats] = {}
        for one in self.expenses:
            part = _part(model, one.times.scope)
            _times_kinds(found, one, one.times.times(part))
            if one.inflation:
                for kind in one.kinds or ALONE:
                    faster[kind] = faster.get(kind, 0.0) + one.inflation * part
        for kind, level in grown_faster(model, faster).items() if faster else ():
            found[kind] = found[kind] * level if kind in found else level
        return found


NO_SHOCK = Shock()
"""The assumptions as they stand."""


def _times_kinds(found: dict[str, Floats], one: ExpenseChange, factor: Floats) -> None:
    for kind in one.kinds or (EVERY_KIND,):
        found[kind] = found[kind] * factor if kind in found else factor


def _plain(parts: tuple[Scoped, ...]) -> float | tuple[Scoped, ...]:
    """Give one number where all act in all years."""
    if any(one.scope != EVERYWHERE for one in parts):
        return parts
    return reduce(lambda total, one: total + one.value, parts, 0.0)


def _years(model: Model) -> Floats:
    return (np.arange(model.steps) // model.per_year + 1).astype(np.float64)


def _part(model: Model, scope: Scope) -> Floats:
    """Give the part of a change in force: [cell, step]."""
    part = np.broadcast_to(scope.part(_years(model)), model.within.shape)
    if scope.segment is None:
        return part
    holds = scope.segment.holds(model.product, model.assumed.grid.cells.columns)
    return np.where(holds[:, None], part, 0.0)


def _rate_shock(model: Model, parts: tuple[RateChange, ...]) -> RateShock:
    """Give several changes of one rate as one."""
    if len(parts) == 1 and parts[0].scope.segment is None and parts[0].scope.ramp is None:
        one = parts[0]
        return RateShock(one.times, one.add, one.scope.first, one.scope.last, one.least)
    times = np.ones_like(model.within)
    add, least = np.zeros_like(model.within), np.zeros_like(model.within)
    for one in parts:
        part = _part(model, one.scope)
        times = times * Scoped(one.times).times(part)
        add = add + one.add * part
        least = np.maximum(least, one.least * part)
    return RateShock(times, add, least=least)
