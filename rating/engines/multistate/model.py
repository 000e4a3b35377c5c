"""Bind: product + basis + cells → the arrays of a projection, one row a cell and one column a year.

Everything that a basis states (rates, loadings, expenses) and that a promise pays becomes an array
`[cell, year]`; the verbs in `value.py` and the sandbox's cohorts run on these and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product as combinations

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct, Cover
from product_factory.basis import Expense
from product_factory.constants import constant
from product_factory.errors import At, BadInput
from product_factory.expressions.scope import InputLeaf, Layers, Names, Scope
from product_factory.module import Exclusion, Pays
from product_factory.promise import scope as promise_scope
from product_factory.risk import ModelSpec, RiskCases, Shares
from product_factory.scopes import general_scope
from product_factory.states import state_graph
from product_factory.types import Type, read_literal
from rating.engines.multistate.grid import Cells, Grid

Floats = npt.NDArray[np.float64]
MONEY, RATIO = Type("money"), Type("ratio")


@dataclass(frozen=True)
class Outcome:
    """What one event with one set of marks pays: which column, how likely, how much.

    column  the cover, or `exclusion.line`;  weight: chance of these marks given the event
    amount  [cell, year] in the product's currency
    """

    event: str
    marks: Mapping[str, str]
    column: str
    weight: float
    amount: Floats


@dataclass(frozen=True)
class Model:
    """The arrays of a projection; year t of n stands in column t - 1.

    within       [cell, year] whether the contract runs in that year
    due          [cell, year] whether a premium is due at its start
    rates        event → [cell, year] yearly probability, of those in force (see Grid)
    acts         the events that fall at the year's end, to those still in force
    outcomes     what events pay, at the year's end
    interest     [year] yearly rate
    loading      [cell, year] share of the gross premium
    per_policy, per_premium   [cell, year] expenses at the year's start: money, share of a premium
    """

    product: AssembledProduct
    basis: AssembledBasis
    cells: Cells
    within: Floats
    due: Floats
    rates: Mapping[str, Floats]
    acts: frozenset[str]
    outcomes: tuple[Outcome, ...]
    interest: float
    loading: Floats
    per_policy: Floats
    per_premium: Floats

    @property
    def years(self) -> int:
        """The longest term."""
        return int(self.within.shape[1])


def model(
    product: AssembledProduct,
    basis: AssembledBasis,
    cells: Cells,
    extra: Mapping[str, Floats] | None = None,
) -> Model:
    """Bind a projection.

    extra  further columns `[cell, year]` that promises may read, such as `cash_value`

    Raises BadInput where a name is not known, a waiting period is credited that the grid cannot
    see, or a rate leaves 0 … 1; the message names the cell.
    """
    state_graph(product)
    if basis.grid.step != "year":
        text = f"the engine of yearly decrements takes steps of a year, got {basis.grid.step}"
        raise BadInput.one(basis.at, f"{basis.name}.grid.step", text)
    grid = Grid(product, cells, extra or {})
    year = np.arange(1, grid.years + 1)
    within = (year[None, :] <= grid.term[:, None]).astype(np.float64)
    due = within * (year[None, :] <= grid.pay[:, None])
    scope = general_scope(product)
    if basis.interest is None:
        raise BadInput.one(basis.at, basis.name, "expected the key 'interest'")
    interest = constant(basis.interest, scope, RATIO)
    if interest is None or interest <= -1.0:
        raise BadInput.one(basis.at, f"{basis.name}.interest", "expected a rate above -100%")
    rates, acts = _rates(product, basis, grid, within)
    loading = grid.value(basis.loading, scope, RATIO) if basis.loading is not None else 0.0 * within
    per_policy, per_premium = _expenses(basis.expenses, grid, scope, within)
    return Model(
        product=product,
        basis=basis,
        cells=cells,
        within=within,
        due=due,
        rates=rates,
        acts=acts,
        outcomes=_outcomes(product, basis, grid, rates),
        interest=interest,
        loading=loading,
        per_policy=per_policy,
        per_premium=per_premium,
    )


def _rates(
    product: AssembledProduct, basis: AssembledBasis, grid: Grid, within: Floats
) -> tuple[dict[str, Floats], frozenset[str]]:
    rates: dict[str, Floats] = {}
    acts: set[str] = set()
    total = np.zeros_like(within)
    for alias, process in product.processes.items():
        if process.kind != "decrement":
            text = f"the multistate engine reads decrements, and '{alias}' is {process.kind}"
            raise BadInput.one(process.at, "kind", text)
        for event, declared in process.events.items():
            risk = basis.risk[alias][event]
            if isinstance(risk, ModelSpec | Shares | RiskCases):
                at = getattr(risk, "at", basis.at)
                raise BadInput.one(
                    at, f"{basis.name}.risk.{alias}.{event}", "expected a yearly rate"
                )
            name = f"{alias}.{event}"
            rates[name] = grid.value(risk, general_scope(product), RATIO) * within
            _probabilities(product, grid, rates[name], f"{basis.name}.risk.{name}", risk.at)
            if declared.by == "policyholder":
                acts.add(name)
            else:
                total += rates[name]
    _probabilities(product, grid, total, f"{basis.name}.risk", basis.at)
    return rates, frozenset(acts)


def _probabilities(product: AssembledProduct, grid: Grid, rates: Floats, path: str, at: At) -> None:
    bad = ~((rates >= 0.0) & (rates <= 1.0))
    if bad.any():
        cell, year = np.argwhere(bad)[0]
        got = rates[cell, year]
        said = "no rate, the table ends" if np.isnan(got) else f"{got:.6g}"
        where = f"{grid.cells.shown(product, int(cell))}, policy year {int(year) + 1}"
        raise BadInput.one(at, path, f"expected a probability of 0 to 1, got {said} at {where}")


def _expenses(
    expenses: tuple[Expense, ...], grid: Grid, scope: Scope, within: Floats
) -> tuple[Floats, Floats]:
    found = {"policy": np.zeros_like(within), "premium": np.zeros_like(within)}
    for expense in expenses:
        wanted = MONEY if expense.per == "policy" else RATIO
        amount = grid.value(expense.amount, scope, wanted)
        if expense.grows is not None:
            growth = constant(expense.grows, scope, RATIO) or 0.0
            factors = np.cumprod(np.concatenate([[1.0], np.full(grid.years - 1, 1.0 + growth)]))
            amount = amount * factors[None, :]
        found[expense.per] += amount * grid.holds(expense.when, scope, {}) * within
    return found["policy"], found["premium"]


def _outcomes(
    product: AssembledProduct, basis: AssembledBasis, grid: Grid, rates: Mapping[str, Floats]
) -> tuple[Outcome, ...]:
    found: list[Outcome] = []
    for name, rate in rates.items():
        if not rate.any():
            continue  # what never happens pays nothing, and its amount may not even be known
        for marks, weight in _marks(product, basis, name):
            found += _paid(product, basis, grid, name, marks, weight)
    return tuple(found)


def _marks(
    product: AssembledProduct, basis: AssembledBasis, event: str
) -> list[tuple[dict[str, str], float]]:
    """Give every combination of choices that the marks of an event may take, with its chance."""
    alias = event.partition(".")[0]
    names: list[str] = []
    choices: list[list[tuple[str, float]]] = []
    scope = general_scope(product)
    for mark in product.processes[alias].marks:
        risk = basis.risk[alias][mark]
        if not isinstance(risk, Shares):
            at = getattr(risk, "at", basis.at)
            raise BadInput.one(
                at, f"{basis.name}.risk.{alias}.{mark}", "expected shares of choices"
            )
        shares = [(choice, constant(value, scope, RATIO) or 0.0) for choice, value in risk.shares]
        if abs(sum(share for _, share in shares) - 1.0) > 1e-9:  # noqa: PLR2004 - rounding of written shares
            total = sum(share for _, share in shares)
            text = f"expected shares that add up to 100%, got {total * 100:g}%"
            raise BadInput.one(risk.at, f"{basis.name}.risk.{alias}.{mark}", text)
        names.append(mark)
        choices.append([(choice, share) for choice, share in shares if share > 0.0])
    found = []
    for combination in combinations(*choices):
        weight = 1.0
        for _, share in combination:
            weight *= share
        found.append(({n: c for n, (c, _) in zip(names, combination, strict=True)}, weight))
    return found


def _paid(
    product: AssembledProduct,
    basis: AssembledBasis,
    grid: Grid,
    event: str,
    marks: Mapping[str, str],
    weight: float,
) -> list[Outcome]:
    declared = product.processes[event.partition(".")[0]].marks
    coded = {n: read_literal(c, declared[n].declared) for n, c in marks.items()}
    found: list[Outcome] = []
    left = np.ones((grid.cells.size, grid.years))
    for cover, line in _excluding(product, event):
        scope = _yearly(promise_scope(product, cover))
        fits = grid.holds(line.where, scope, coded) * left
        if fits.any():
            amount = grid.value(line.amount, scope, MONEY, coded) * fits
            found.append(Outcome(event, marks, f"{cover.alias}.{line.name}", weight, amount))
        left = left * (1.0 - fits)
    for cover, pays in _paying(product, event):
        if pays.waits is not None and not basis.without(f"{cover.alias}.waits"):
            text = (
                f"the basis '{basis.name}' credits the waiting period of '{cover.alias}', which a "
                f"yearly grid cannot see; leave out '{cover.alias}.waits' with a reason"
            )
            raise BadInput.one(basis.at, f"{basis.name}.leaves_out", text)
        if pays.adjust:
            text = "the multistate engine pays amounts that no line adjusts"
            raise BadInput.one(pays.place("adjust"), f"covers.{cover.alias}.adjust", text)
        scope = _yearly(promise_scope(product, cover))
        fits = grid.holds(pays.where, scope, coded) * left
        amount = grid.value(pays.amount, scope, MONEY, coded) * fits
        found.append(Outcome(event, marks, cover.alias, weight, amount))
    return found


def _yearly(scope: Layers) -> Layers:
    """Give a promise's scope with the value at the year's end among its names."""
    return Layers((Names({"cash_value": InputLeaf("cash_value", MONEY)}), scope))


def _excluding(product: AssembledProduct, event: str) -> list[tuple[Cover, Exclusion]]:
    return [
        (cover, line)
        for cover in product.exclusions.values()
        for line in cover.module.excludes
        if event in line.event
    ]


def _paying(product: AssembledProduct, event: str) -> list[tuple[Cover, Pays]]:
    return [
        (cover, cover.module.pays)
        for cover in product.covers.values()
        if cover.module.pays is not None and event in cover.module.pays.event
    ]
