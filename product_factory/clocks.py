"""Waiting periods and gaps on a grid: how many steps each takes, and the cells that they need.

A basis credits a period unless it leaves it out. 30 days are a month and 365 days a year; a period
that is no whole number of steps by that count cannot be credited, and the error says which step
would do. Events count as falling in the middle of their step: a waiting period of n steps covers
the first n, a gap of n steps the one in which the cover paid and the n - 1 after it. A waiting
period runs with the contract and needs no cell of its own; a gap needs one for each step to come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product as combinations

from product_factory.assembled import AssembledBasis, AssembledProduct, Cover
from product_factory.constants import constant
from product_factory.errors import BadInput
from product_factory.expressions.tree import Expression
from product_factory.promise import DAYS, scope
from product_factory.states import ENDED, State, StateGraph

MOST_CELLS = 4096
DAYS_IN = {"month": 30, "year": 365}
MONTHS_IN_YEAR = 12


@dataclass(frozen=True)
class Cell:
    """A living state of a graph, and for each cover with a gap the steps of it still to come."""

    state: int
    left: tuple[int, ...] = ()


@dataclass(frozen=True)
class Clocks:
    """The periods that a basis credits, in steps of its grid.

    waits   cover → steps since the start in which it pays nothing, or what it pays meanwhile
    gaps    cover → steps from a payment on in which it pays nothing more, that step included
    cells   the living states with the clocks of the gaps; the first is that of a new contract
    """

    graph: StateGraph
    waits: Mapping[str, int]
    gaps: Mapping[str, int]
    cells: tuple[Cell, ...]

    def ready(self, cell: Cell) -> frozenset[str]:
        """Give the covers that have not ended and are in no gap."""
        lasting = self.graph.lasting(self.graph.living[cell.state])
        inside = {cover for cover, left in zip(self.gaps, cell.left, strict=True) if left > 0}
        return lasting - inside

    def after(self, cell: Cell, pays: tuple[str, ...] = ()) -> Cell | None:
        """Give the cell one step later, these having paid; None when the contract is over."""
        state = self.graph.after(cell.state, pays) if pays else cell.state
        if state == ENDED:
            return None
        lasting = self.graph.lasting(self.graph.living[state])
        left = tuple(
            0 if cover not in lasting else steps - 1 if cover in pays else max(one - 1, 0)
            for (cover, steps), one in zip(self.gaps.items(), cell.left, strict=True)
        )
        return Cell(state, left)


def clocks(product: AssembledProduct, basis: AssembledBasis, graph: StateGraph) -> Clocks:
    """Count the periods that a basis credits, in steps of its grid.

    Raises BadInput for a period that is no whole number of steps or not the same for all policies,
    and for more cells than MOST_CELLS.
    """
    waits: dict[str, int] = {}
    gaps: dict[str, int] = {}
    for cover in product.covers.values():
        pays = cover.module.pays
        if pays is None:
            continue
        for key, found, value in (
            ("waits", waits, pays.waits.length if pays.waits else None),
            ("gap", gaps, pays.gap),
        ):
            if value is not None and not basis.without(f"{cover.alias}.{key}"):
                steps = _credited(product, basis, cover, key, value)
                if steps:
                    found[cover.alias] = steps
    cells = _cells(graph, gaps)
    if len(cells) > MOST_CELLS:
        counted = " and ".join(f"{cover} {steps}" for cover, steps in gaps.items())
        text = f"expected at most {MOST_CELLS} cells, got {len(cells)} with the gaps of {counted}"
        raise BadInput.one(basis.at, basis.name, text)
    return Clocks(graph, waits, gaps, cells)


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


def _cells(graph: StateGraph, gaps: Mapping[str, int]) -> tuple[Cell, ...]:
    """List the cells that can be reached: a gap runs only where its cover has paid and may again.

    A cover that does not count may be in its gap in any state.
    """
    found: list[Cell] = []
    for number, state in enumerate(graph.living):
        lasting = graph.lasting(state)
        ranges = [
            range(steps) if cover in lasting and _has_paid(graph, state, cover) else range(1)
            for cover, steps in gaps.items()
        ]
        found += [Cell(number, left) for left in combinations(*ranges)]
        if len(found) > MOST_CELLS:
            break
    return tuple(found)


def _has_paid(graph: StateGraph, state: State, cover: str) -> bool:
    paid = dict(zip(graph.counted, state.paid, strict=True))
    return paid.get(cover, 1) > 0
