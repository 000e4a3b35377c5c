"""What a basis assumes of cells, as arrays: rates of a step, interest, loadings, expenses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from product_factory.assembled import RATED, AssembledBasis, AssembledProduct
from product_factory.clocks import Cell, Clocks
from product_factory.errors import At, BadInput
from product_factory.interest import (
    FROM_ISSUE,
    rates_from_issue,
    steps_from_issue,
    yearly_interest,
)
from product_factory.modes import times as times_of
from product_factory.numbers.portable import power
from product_factory.risk import ModelSpec, RiskCases, Shares
from product_factory.scopes import TIME_IN_STATE, general_scope, rate_scope
from product_factory.states import StateGraph
from product_factory.types import Type
from product_factory.yearly import counted
from rating.engines.multistate import two_lives
from rating.engines.multistate.grid import LIFE, LONGEST, Cells, Grid, once
from rating.engines.multistate.placed import at_step, from_step
from rating.engines.multistate.spent import spent, stated
from rating.engines.multistate.stepped import in_steps

Floats = npt.NDArray[np.float64]
MONEY, RATIO = Type("money"), Type("ratio")
ENDING = 0.1
"""A table of a whole life whose last yearly rate is below this stopped before lives do."""
PER_YEAR = {"year": 1, "month": 12}


@dataclass(frozen=True)
class Assumed:
    """Assumptions on the grid; [cell, step] unless said otherwise.

    within    whether the contract runs in that step;  due: how many premiums are due at its start
    by_situation  for each situation, `process.event` → probability of a step, of those in it at its
              start; with all of nature's events at work; acts of the policyholder fall at the
              step's end, to those to whom nothing else happened
    acts      the events that the policyholder decides on
    closing   the event that takes all who are left in the last step of a contract for life, or ''
    interest  [year] rate earned in each policy year;  since_issue: [year + 1] rates that discount a
              policy year from issue, the last for the contract's end; None where none do
    at_start  whether benefits of events fall at the start of the step in which they happen
    begun     [cell] the step of the grid at which the arrays begin; None: the first, in all
    loading   share of the gross premium
    spent     kind of expense → money at the step's start (policy, sum_insured), share of the
              premium (premium), as worth at the step's end money for each claim (claim) and share
              of what claims pay (claim_payment)
    """

    grid: Grid
    within: Floats
    due: Floats
    by_situation: tuple[Mapping[str, Floats], ...]
    acts: frozenset[str]
    closing: str
    interest: Floats
    loading: Floats
    spent: Mapping[str, Floats]
    since_issue: Floats | None = None
    at_start: bool = False
    begun: npt.NDArray[np.int64] | None = None

    def of_grid(self, values: Floats) -> Floats:
        """Give values of the grid, [cell, grid step], for the steps of the arrays."""
        steps = self.within.shape[1]
        return values[:, :steps] if self.begun is None else from_step(values, self.begun, steps)

    def on_grid(self, values: Floats) -> Floats:
        """Give values of the arrays, [cell, step], at the steps of the grid, 0 at all others."""
        first = np.zeros(len(values), np.int64) if self.begun is None else self.begun
        return at_step(values, first, self.grid.steps)

    @property
    def discounts(self) -> Floats:
        """Give v of each step, (1 + interest of its policy year)^(-1 / steps in a year): [step]."""
        steps, per_year = self.within.shape[1], self.grid.per_year
        if self.since_issue is not None:
            return steps_from_issue(self.since_issue, steps, per_year)
        grown = 1.0 + self.interest[: -(-steps // per_year)]
        if per_year == 1:
            return np.asarray(1.0 / grown, np.float64)
        each = [power(base, -1.0 / per_year) for base in grown.tolist()]
        return np.repeat(np.array(each), per_year)[:steps]

    @property
    def brought(self) -> Floats | None:
        """Give what 1 paid with an event is worth at its step's end: [step]; None: 1."""
        return 1.0 / self.discounts if self.at_start else None

    @property
    def rates(self) -> Mapping[str, Floats]:
        """Every event's probability in the first situation in which it can happen."""
        found: dict[str, Floats] = {}
        for rates in self.by_situation:
            found |= {name: rate for name, rate in rates.items() if name not in found}
        return found


@dataclass(frozen=True)
class Situation:
    """Where a life is in the processes of transitions: the places of its states, and steps since.

    A step since is counted as far as rates depend on it.
    """

    stays: tuple[int, ...] = ()
    since: tuple[int, ...] = ()


def situation_of(clocks: Clocks, cell: Cell) -> Situation:
    """Give the situation of a cell."""
    stays = clocks.graph.living[cell.state].stays
    since = tuple(
        min(steps, clocks.select[process][stays[process]])
        for process, steps in enumerate(cell.since)
    )
    return Situation(stays, since)


def assume(
    product: AssembledProduct,
    basis: AssembledBasis,
    cells: Cells,
    graph: StateGraph,
    situations: tuple[Situation, ...],
) -> Assumed:
    """Evaluate a basis on the grid that it asks for.

    Raises BadInput where a process is none of life, a rate leaves 0 … 1, or a table of rates,
    loadings or expenses ends before the contract does; the message names the cell and the year.
    """
    scope = general_scope(product)
    declared = product.product.contract.term
    fixed = None if declared == LIFE else once(product, cells, "term")
    longest = np.full(cells.size, float(LONGEST)) if fixed is None else fixed
    per_year = PER_YEAR[basis.grid.step]
    forces = basis.grid.rates == "intensity"
    if forces and fixed is None:
        text = "expected rates of a year for a contract for life, whose tables say when it ends"
        raise BadInput.one(basis.at, f"{basis.name}.grid.rates", text)
    yearly = Grid(product, cells, longest, per_year if forces else 1)
    acts = _acts(product)
    alone = acts | two_lives.names(product)
    valued = [_yearly(product, basis, yearly, graph, one, per_year) for one in situations]
    closing, term, ends = "", longest, dict[str, Floats]()
    if fixed is None:
        ends = {
            life: _lifetime(product, basis, cells, {life: valued[0][life]}, acts)
            for life in two_lives.lives(product)
        }
        closing = "" if ends else _closing(product)
        own = [*ends.values()] or [_lifetime(product, basis, cells, valued[0], acts)]
        term = np.maximum.reduce(own)
        yearly = Grid(product, cells, term)
        valued = [
            {name: rate[:, : yearly.years] for name, rate in rates.items()} for rates in valued
        ]
    if not forces:
        valued = [two_lives.lasting(product, rates, ends) for rates in valued]
    if fixed is not None:
        valued = [_while_it_lasts(yearly, rates) for rates in valued]
    for rates in valued:
        _probable(product, basis, yearly, rates, alone)
        two_lives.check(product, basis, yearly, rates)
    grid = Grid(product, cells, term, per_year)
    step = np.arange(grid.steps)
    within = (step[None, :] < grid.term[:, None] * per_year).astype(np.float64)
    first = step % per_year == 0
    due = within * due_in_step(grid, step) * (step[None, :] < grid.pay[:, None] * per_year)
    found = []
    for one, rates in zip(situations, valued, strict=True):
        stepped = two_lives.closed(in_steps(rates, alone, basis.grid, per_year), ends, per_year)
        places = dict(zip(graph.moving, one.stays, strict=True))
        events = two_lives.together(product, places, stepped)
        held = {name: rate * within for name, rate in events.items()}
        found.append(closed(held, acts, closing, within))
    loading = 0.0 * within
    if basis.loading is not None:
        share = grid.value(basis.loading, scope, RATIO)
        loading = stated(share, within, grid, f"{basis.name}.loading", basis.loading.at)
    since_issue = None
    if basis.curve == FROM_ISSUE:
        since_issue = rates_from_issue(product, basis, grid.years)
    found_at_end = Assumed(
        grid=grid,
        within=within,
        due=due,
        by_situation=shared(found),
        acts=acts,
        closing=closing,
        interest=yearly_interest(product, basis, grid.years),
        loading=loading,
        spent=spent(basis, grid, scope, within, first),
        since_issue=since_issue,
        at_start=basis.grid.benefits == "start",
    )
    return _brought(found_at_end)


def _brought(assumed: Assumed) -> Assumed:
    """Value what claims cost to settle at their step's end."""
    worth, cost = assumed.brought, assumed.spent
    if worth is None or not cost["claim"].any():
        return assumed
    return replace(assumed, spent={**cost, "claim": cost["claim"] * worth[None, :]})


def due_in_step(grid: Grid, step: npt.NDArray[np.int64]) -> Floats:
    """Count the premiums that fall due at each step's start: [cell, step].

    A grid of years sees all instalments of a year at its start.
    """
    times = times_of(grid.product, grid.cells.columns, grid.cells.size)[:, None]
    apart = np.maximum(grid.per_year / times, 1.0)
    return np.where(step[None, :] % apart == 0.0, np.maximum(times / grid.per_year, 1.0), 0.0)


def shared(found: Sequence[Mapping[str, Floats]]) -> tuple[Mapping[str, Floats], ...]:
    """Keep once what situations share."""
    kept: dict[bytes, Floats] = {}
    return tuple(
        {name: kept.setdefault(rate.tobytes(), rate) for name, rate in rates.items()}
        for rates in found
    )


def closed(
    rates: Mapping[str, Floats], acts: frozenset[str], closing: str, within: Floats
) -> dict[str, Floats]:
    """Let the closing event take all whom the last step's other events leave."""
    found = dict(rates)
    if closing not in found:
        return found
    steps = within.sum(axis=1).astype(np.int64)
    cell = np.arange(len(steps))
    others = np.zeros(len(steps))
    for name, rate in found.items():
        if name not in acts and name != closing:
            others = others + rate[cell, steps - 1]
    last = found[closing].copy()
    last[cell, steps - 1] = 1.0 - others
    return {**found, closing: last}


def _acts(product: AssembledProduct) -> frozenset[str]:
    return frozenset(
        f"{alias}.{event}"
        for alias, process in product.processes.items()
        for event, declared in process.events.items()
        if declared.by == "policyholder"
    )


def _yearly(
    product: AssembledProduct,
    basis: AssembledBasis,
    grid: Grid,
    graph: StateGraph,
    situation: Situation,
    per_year: int,
) -> dict[str, Floats]:
    """Evaluate the yearly rate of every event that can happen in a situation: [cell, year].

    NaN where a table has no row.
    """
    rates: dict[str, Floats] = {}
    moving = [*graph.moving]
    where = {name: float(place) for name, place in zip(moving, situation.stays, strict=True)}
    beside = counted(product)
    for alias, process in product.processes.items():
        if alias in beside:
            continue
        if process.kind not in RATED:
            text = f"the multistate engine reads rates of a life, and '{alias}' is {process.kind}"
            raise BadInput.one(process.at, "kind", text)
        known = dict(where)
        if alias in moving:
            known[TIME_IN_STATE] = situation.since[moving.index(alias)] / per_year
        if process.kind == "lives":
            place = situation.stays[moving.index(alias)]
            rates |= two_lives.rates(product, basis, grid, alias, place, known)
            continue
        for event in process.events:
            led = graph.leads.get(f"{alias}.{event}")
            if led is not None and situation.stays[led.process] not in led.leaves:
                continue
            risk = basis.risk[alias][event]
            if isinstance(risk, ModelSpec | Shares | RiskCases):
                at = getattr(risk, "at", basis.at)
                raise BadInput.one(
                    at, f"{basis.name}.risk.{alias}.{event}", "expected a yearly rate"
                )
            name = f"{alias}.{event}"
            rates[name] = grid.value(risk, rate_scope(product, alias), RATIO, known)
    return rates


def _closing(product: AssembledProduct) -> str:
    """Name the event that ends the life."""
    for alias, process in product.processes.items():
        for event, declared in process.events.items():
            if declared.ends == "life":
                return f"{alias}.{event}"
    text = "a contract for life needs an event that ends it, such as mortality.death"
    raise BadInput.one(product.product.at, "contract.term", text)


def _lifetime(
    product: AssembledProduct,
    basis: AssembledBasis,
    cells: Cells,
    rates: Mapping[str, Floats],
    acts: frozenset[str],
) -> Floats:
    """Give the years to the last one that the tables of nature's events know: [cell]."""
    total = sum((rate for name, rate in rates.items() if name not in acts), np.zeros(1))
    ended = np.isnan(total) | (np.roll(total, 1, axis=1) >= 1.0)
    ended[:, 0] = np.isnan(total[:, 0])
    years = np.where(ended.any(axis=1), ended.argmax(axis=1), LONGEST + 1)
    last = total[np.arange(len(years)), np.clip(years.astype(np.int64) - 1, 0, LONGEST)]
    early = (years > 0) & (years <= LONGEST) & (last < ENDING)
    if early.any():
        cell = int(np.argmax(early))
        age = f"a last rate of {last[cell]:.4%} in policy year {years[cell]:.0f}"
        text = f"expected tables that end with a life, got {age}, at {cells.shown(product, cell)}"
        raise BadInput.one(basis.at, f"{basis.name}.risk", text)
    bad = (years == 0) | (years > LONGEST)
    if bad.any():
        cell = int(np.argmax(bad))
        said = "no rate in the first year" if years[cell] == 0 else f"none in {LONGEST} years"
        text = f"expected tables that end with a life, got {said}, at {cells.shown(product, cell)}"
        raise BadInput.one(basis.at, f"{basis.name}.risk", text)
    return years.astype(np.float64)


def _while_it_lasts(grid: Grid, rates: Mapping[str, Floats]) -> dict[str, Floats]:
    """Leave out the years after a contract's end: they are those of longer contracts beside it."""
    within = (np.arange(grid.steps) // grid.per_year)[None, :] < grid.term[:, None]
    return {name: np.where(within, rate, 0.0) for name, rate in rates.items()}


def _probable(
    product: AssembledProduct,
    basis: AssembledBasis,
    grid: Grid,
    rates: Mapping[str, Floats],
    alone: frozenset[str],
) -> None:
    """Refuse yearly rates that are none, one by one and nature's together; forces below 0."""
    year = np.arange(grid.steps) // grid.per_year
    most = np.inf if basis.grid.rates == "intensity" else 1.0
    within = year[None, :] < grid.term[:, None]
    total = np.zeros(within.shape)
    for name, rate in rates.items():
        alias, _, event = name.partition(".")
        at = getattr(basis.risk[alias][event], "at", basis.at)
        path = f"{basis.name}.risk.{name}"
        _probability(product, grid, np.where(within, rate, 0.0), path, at, most)
        if name not in alone:
            total = total + np.where(within, rate, 0.0)
    _probability(product, grid, total, f"{basis.name}.risk", basis.at, most)


def _probability(
    product: AssembledProduct, grid: Grid, rates: Floats, path: str, at: At, most: float
) -> None:
    bad = ~((rates >= 0.0) & (rates <= most) & np.isfinite(rates))
    if bad.any():
        cell, year = np.argwhere(bad)[0]
        got = rates[cell, year]
        said = "no rate, the table ends" if np.isnan(got) else f"{got:.6g}"
        shown = grid.cells.shown(product, int(cell))
        where = f"{shown}, policy year {int(year) // grid.per_year + 1}"
        wanted = "a probability of 0 to 1" if most == 1.0 else "a force of 0 or more"
        raise BadInput.one(at, path, f"expected {wanted}, got {said} at {where}")
