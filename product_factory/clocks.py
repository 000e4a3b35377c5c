"""Waiting periods and gaps on a grid: how many steps each takes, and the cells that they need.

A basis credits a period unless it leaves it out. 30 days are a month and 365 days a year; a period
that is no whole number of steps by that count cannot be credited, and the error says which step
would do. Events count as falling in the middle of their step: a waiting period of n steps covers
the first n, a gap of n steps the one in which the cover paid and the n - 1 after it. A waiting
period runs with the contract and needs no cell of its own; a gap needs one for each step to come.
A time in which a relapse spares the elimination runs as a gap does, from the step of the recovery:
it is counted in the state that is not the stay's, up to its last step, where a new contract stands.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product as combinations
from typing import TypeAlias

from product_factory.assembled import AssembledBasis, AssembledProduct, Cover
from product_factory.constants import constant
from product_factory.due import NEVER
from product_factory.errors import BadInput
from product_factory.expressions.tree import Expression
from product_factory.module import ALIVE
from product_factory.promise import DAYS, YEARS, scope
from product_factory.scopes import general_scope
from product_factory.states import ENDED, State, StateGraph
from product_factory.yearly import by_year

MOST_CELLS = 4096
DAYS_IN = {"month": 30, "year": 365}
MONTHS_IN_YEAR = 12
STEPS = {"year": 1, "month": MONTHS_IN_YEAR}
Counts: TypeAlias = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Cell:
    """A living state of a graph, and for each cover with a gap the steps of it still to come.

    since  for each process of transitions, steps since its state was entered, counted to `most`
    """

    state: int
    left: tuple[int, ...] = ()
    since: tuple[int, ...] = ()


@dataclass(frozen=True)
class Stay:
    """A stay in a state for which a cover pays, in steps since it was entered.

    process, place  of `StateGraph.moving`, and of its state
    first, last     after how many the first period begins, and the last one ends; NEVER: no end
    early           1 where payments fall at the ends of their periods, else 0
    waives          whether a premium that falls due meanwhile is waived
    relapse         steps since a stay ended in which a new one goes on after the elimination
    """

    process: int
    place: int
    first: int
    last: int
    early: int
    waives: bool
    relapse: int = 0

    @property
    def most(self) -> int:
        """As far as steps need be counted."""
        return (self.first if self.last >= NEVER else self.last) + self.early

    def pays(self, stays: tuple[int, ...], since: tuple[int, ...]) -> bool:
        """Tell whether a payment falls due now."""
        return self.begins(stays, since, self.early)

    def begins(self, stays: tuple[int, ...], since: tuple[int, ...], early: int = 0) -> bool:
        """Tell whether a period begins now, or began so many steps before."""
        steps = since[self.process] - early
        return stays[self.process] == self.place and self.first <= steps < self.last


@dataclass(frozen=True)
class Clocks:
    """The periods that a basis credits, in steps of its grid.

    waits   cover → steps since the start in which it pays nothing, or what it pays meanwhile
    gaps    cover → steps from a payment on in which it pays nothing more, that step included
    cells   the living states with the clocks of the gaps; the first is that of a new contract
    stays   cover → the stay in a state for which it pays
    select  [process, place] steps for which rates depend on the time in a state
    most    [process, place] as far as steps in a state are counted
    paying  process and place of the state outside of which no premium falls due; None: none such
    spared  process → the stay of which a relapse spares the elimination
    """

    graph: StateGraph
    waits: Mapping[str, int]
    gaps: Mapping[str, int]
    cells: tuple[Cell, ...]
    stays: Mapping[str, Stay]
    select: Counts
    most: Counts
    paying: tuple[int, int] | None = None
    spared: Mapping[int, Stay] = field(default_factory=dict)

    def waived(self, cell: Cell) -> bool:
        """Tell whether a premium that falls due is waived."""
        state = self.graph.living[cell.state]
        if self.paying is not None and state.stays[self.paying[0]] != self.paying[1]:
            return True
        return state.waived or any(
            stay.waives and stay.begins(state.stays, cell.since) for stay in self.stays.values()
        )

    def ready(self, cell: Cell) -> frozenset[str]:
        """Give the covers that have not ended and are in no gap."""
        lasting = self.graph.lasting(self.graph.living[cell.state])
        inside = {cover for cover, left in zip(self.gaps, cell.left, strict=True) if left > 0}
        return lasting - inside

    def after(self, cell: Cell, pays: tuple[str, ...] = (), event: str = "") -> Cell | None:
        """Give the cell one step later, these having paid; None when the contract is over."""
        state = self.graph.after(cell.state, pays, event) if pays or event else cell.state
        if state == ENDED:
            return None
        lasting = self.graph.lasting(self.graph.living[state])
        left = tuple(
            0 if cover not in lasting else steps - 1 if cover in pays else max(one - 1, 0)
            for (cover, steps), one in zip(self.gaps.items(), cell.left, strict=True)
        )
        was, now = self.graph.living[cell.state].stays, self.graph.living[state].stays
        since = tuple(
            min(steps + 1, self.most[process][now[process]])
            if was[process] == now[process]
            else self._entered(process, now[process], steps)
            for process, steps in enumerate(cell.since)
        )
        return Cell(state, left, since)

    def _entered(self, process: int, now: int, steps: int) -> int:
        """Give the steps that count in a state that is entered, so many after the last was."""
        stay = self.spared.get(process)
        if stay is None:
            return 0
        if now == stay.place:
            return stay.first if steps < stay.relapse else 0
        return 0 if steps >= stay.first else self.most[process][now]


def clocks(product: AssembledProduct, basis: AssembledBasis, graph: StateGraph) -> Clocks:
    """Count the periods that a basis credits, in steps of its grid.

    Raises BadInput for a period that is no whole number of steps or not the same for all policies,
    and for more cells than MOST_CELLS.
    """
    waits: dict[str, int] = {}
    gaps: dict[str, int] = {}
    for cover in product.covers.values():
        pays = cover.module.pays
        if pays is None or by_year(product, cover):
            continue
        for key, found, value in (
            ("waits", waits, pays.waits.length if pays.waits else None),
            ("gap", gaps, pays.gap),
        ):
            if value is not None and not basis.without(f"{cover.alias}.{key}"):
                steps = _credited(product, basis, cover, key, value)
                if steps:
                    found[cover.alias] = steps
    stays = dict(_stays(product, basis, graph))
    select = _select(product, basis, graph)
    spared = _spared(product, graph, stays, select)
    most = tuple(
        tuple(
            max(
                steps,
                spared[number].relapse if number in spared and spared[number].place != place else 0,
                *(s.most for s in stays.values() if (s.process, s.place) == (number, place)),
                0,
            )
            for place, steps in enumerate(row)
        )
        for number, row in enumerate(select)
    )
    cells = _cells(graph, gaps, most, spared)
    if len(cells) > MOST_CELLS:
        periods = [f"the gap of {cover} {steps}" for cover, steps in gaps.items()]
        periods += [
            f"the time in {alias}.{name} {steps}"
            for (alias, names), row in zip(graph.moving.items(), most, strict=True)
            for name, steps in zip(names, row, strict=True)
            if steps
        ]
        text = f"expected at most {MOST_CELLS} cells, got more with {' and '.join(periods)}"
        raise BadInput.one(basis.at, basis.name, text)
    paying = _paying(product, graph)
    return Clocks(graph, waits, gaps, cells, stays, select, most, paying, spared)


def _paying(product: AssembledProduct, graph: StateGraph) -> tuple[int, int] | None:
    """Give the state while in which premiums fall due."""
    stated = product.product.contract.pay_while
    if stated is None:
        return None
    alias, _, state = stated.partition(".")
    return [*graph.moving].index(alias), graph.moving[alias].index(state)


def _stays(
    product: AssembledProduct, basis: AssembledBasis, graph: StateGraph
) -> Iterator[tuple[str, Stay]]:
    """Count the stays in states for which covers pay."""
    for cover in product.covers.values():
        pays = cover.module.pays
        if pays is None or pays.due is None or pays.during is None or pays.during == ALIVE:
            continue
        alias, _, state = pays.during.partition(".")
        due, first, last, relapse = pays.due, 0, NEVER, 0
        if due.elimination is not None and not basis.without(f"{cover.alias}.after"):
            first = _credited(product, basis, cover, "after", due.elimination)
        if first and due.relapse is not None and not basis.without(f"{cover.alias}.relapse"):
            # as of a gap, but for the step in which the stay ended: it is counted from the next
            relapse = max(_credited(product, basis, cover, "relapse", due.relapse) - 1, 0)
        if due.most is not None:
            years = constant(due.most, scope(product, cover), YEARS)
            steps = -1.0 if years is None else years * STEPS[basis.grid.step]
            if steps < 1.0 or steps != int(steps):
                text = "expected a number of the basis's steps, the same for all policies"
                raise BadInput.one(due.most.at, f"covers.{cover.alias}.due.for", text)
            last = first + int(steps)
        process = [*graph.moving].index(alias)
        waives = pays.then is not None and pays.then.waives is not None
        since_start = product.processes[alias].from_the_start
        place, early = graph.moving[alias].index(state), int(not due.in_advance and not since_start)
        yield cover.alias, Stay(process, place, first, last, early, waives, relapse)


def _spared(
    product: AssembledProduct, graph: StateGraph, stays: Mapping[str, Stay], select: Counts
) -> dict[int, Stay]:
    """Give the stay of each process of which a relapse spares the elimination.

    Raises BadInput where the steps in a state would have to say two things at once.
    """
    found: dict[int, Stay] = {}
    for cover, stay in stays.items():
        if not stay.relapse:
            continue
        clash = [
            other
            for other, one in stays.items()
            if one.process == stay.process
            and (one.place, one.first, one.relapse) != (stay.place, stay.first, stay.relapse)
        ]
        path, at = f"covers.{cover}.due.relapse", product.covers[cover].at
        if clash:
            text = f"expected the same state, 'after' and 'relapse' as those of '{clash[0]}'"
            raise BadInput.one(at, path, text)
        states = [*graph.moving.values()][stay.process]
        away = 1 - stay.place
        if len(states) != 2 or select[stay.process][away]:  # noqa: PLR2004 - there and away
            text = f"expected a process of two states, '{states[away]}' without 'select'"
            raise BadInput.one(at, path, text)
        found[stay.process] = stay
    return found


def _select(product: AssembledProduct, basis: AssembledBasis, graph: StateGraph) -> Counts:
    rows = []
    for alias in graph.moving:
        row = []
        for name, state in product.processes[alias].states.items():
            years = 0.0
            if state.select is not None:
                known = constant(state.select, general_scope(product), YEARS)
                years = -1.0 if known is None else known
            steps = years * STEPS[basis.grid.step]
            if steps < 0.0 or steps != int(steps):
                text = f"expected a number of the steps of the basis '{basis.name}'"
                at = state.place("select")
                raise BadInput.one(at, f"processes.{alias}.states.{name}.select", text)
            row.append(int(steps))
        rows.append(tuple(row))
    return tuple(rows)


def steps_of(days: float, step: str) -> int | None:
    """Count the steps in a number of days; None where that is no whole number."""
    years, rest = divmod(days, DAYS_IN["year"])
    if step == "year":
        return None if rest else int(years)
    if not rest:
        return int(years) * MONTHS_IN_YEAR
    months, rest = divmod(days, DAYS_IN["month"])
    return None if rest else int(months)


def _credited(
    product: AssembledProduct, basis: AssembledBasis, cover: Cover, key: str, value: Expression
) -> int:
    days = constant(value, scope(product, cover), DAYS)
    path = f"covers.{cover.alias}.{key}"
    if days is None:
        text = "expected a period that is the same for all policies, where a basis credits it"
        raise BadInput.one(value.at, path, text)
    steps = steps_of(days, basis.grid.step)
    if steps is not None:
        return steps
    would = next((step for step in DAYS_IN if steps_of(days, step) is not None), "")
    remedy = f"write grid: {{step: {would}}}" if would else "no step would do"
    text = (
        f"the basis '{basis.name}' credits {days:g} days, no whole number of its steps of a "
        f"{basis.grid.step}; {remedy}, or leave out '{cover.alias}.{key}' with a reason"
    )
    raise BadInput.one(basis.at, f"{basis.name}.leaves_out", text)


def _cells(
    graph: StateGraph, gaps: Mapping[str, int], most: Counts, spared: Mapping[int, Stay]
) -> tuple[Cell, ...]:
    """List the cells that can be reached: a gap runs only where its cover has paid and may again.

    A cover that does not count may be in its gap in any state. A new contract is in no time in
    which a relapse counts, so that this time runs backwards here.
    """
    found: list[Cell] = []
    for number, state in enumerate(graph.living):
        lasting = graph.lasting(state)
        ranges = [
            range(steps) if cover in lasting and _has_paid(graph, state, cover) else range(1)
            for cover, steps in gaps.items()
        ]
        times = [
            range(most[process][place] + 1)[:: -1 if _away(spared, process, place) else 1]
            for process, place in enumerate(state.stays)
        ]
        found += [
            Cell(number, left, since)
            for left in combinations(*ranges)
            for since in combinations(*times)
        ]
        if len(found) > MOST_CELLS:
            break
    return tuple(found)


def _has_paid(graph: StateGraph, state: State, cover: str) -> bool:
    paid = dict(zip(graph.counted, state.paid, strict=True))
    return paid.get(cover, 1) > 0


def _away(spared: Mapping[int, Stay], process: int, place: int) -> bool:
    """Tell whether steps in a state are those since a stay ended after which a relapse counts."""
    return process in spared and spared[process].place != place
