"""Simulate what the gates of a product need, and judge them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from product_factory.assembled import AssembledProduct
from product_factory.constants import constant
from product_factory.errors import BadInput, Problem
from product_factory.expressions.tree import Expression
from product_factory.scopes import general_scope
from product_factory.types import Type
from sandbox.execution import Execution
from sandbox.figures import FIGURES, segment_tables, unfit, unit
from sandbox.figures.standard import has
from sandbox.gates.gate import Gate
from sandbox.gates.judge import Judged, judge
from sandbox.loss_table import LossTable
from sandbox.portfolio.expenses import yearly_expenses
from sandbox.portfolio.portfolio import Portfolio
from sandbox.run import Run, basis_of, simulate
from sandbox.runs import Runs
from sandbox.scenarios import NO_SHOCK, Scenario, find, load_scenarios, shock_of


@dataclass(frozen=True)
class _Asked:
    """A gate with its names resolved: limits as numbers, the scenario as what it is."""

    gate: Gate
    scenario: Scenario | None
    at_least: float | None
    at_most: float | None


def evaluate(runs: Runs) -> tuple[Judged, ...]:
    """Judge every gate of a product, in the order written; segments in the order of their values.

    Raises BadInput, before anything is simulated, for a gate that names what is unknown.
    """
    gates: tuple[Gate, ...] = runs.product.files.get("gates", ())
    asked = _resolved(runs.product, runs.portfolio, gates)
    judged: list[Judged] = []
    for one in asked:
        by = {o.gate.by for o in asked if _key(o.gate) == _key(one.gate) and o.gate.by}
        run = runs.run(one.gate.basis, one.scenario, by=sorted(by), horizon=one.gate.years)
        judged += _judged(one, run, runs.execution)
    return tuple(judged)


def _key(gate: Gate) -> tuple[str, str | None, int | None]:
    return gate.basis, gate.scenario, gate.years


def _resolved(
    product: AssembledProduct, portfolio: Portfolio, gates: tuple[Gate, ...]
) -> list[_Asked]:
    """Resolve every name of every gate. Raises BadInput with all problems."""
    scenarios = load_scenarios(product.shelf)
    found: list[_Asked] = []
    problems: list[Problem] = []
    for gate in gates:
        if any(one.gate.name == gate.name for one in found):
            text = f"the gate '{gate.name}' stands twice"
            problems.append(Problem(gate.place("name"), "name", text))
        try:
            found.append(_one(product, portfolio, gate, scenarios))
        except BadInput as error:
            problems += error.problems
    if problems:
        raise BadInput(problems)
    return found


def _one(
    product: AssembledProduct,
    portfolio: Portfolio,
    gate: Gate,
    scenarios: Mapping[str, Scenario],
) -> _Asked:
    text = unfit(gate.figure, product)
    if text:
        raise BadInput.one(gate.place("figure"), f"{gate.name}.figure", text)
    figure = FIGURES[gate.figure]
    if figure.net and gate.by:
        text = "a recovery belongs to no segment"
        raise BadInput.one(gate.place("by"), f"{gate.name}.by", text)
    basis_of(product, gate.basis, gate.place("basis"))
    scenario = None
    if gate.scenario is not None:
        scenario = find(scenarios, gate.scenario, gate.place("scenario"))
        shock_of(scenario, product)
    if gate.by:
        portfolio.grouping(gate.by, gate.place("by"))
    wanted = Type(unit(gate.figure, gate.measure))
    return _Asked(
        gate,
        scenario,
        _limit(product, gate, gate.at_least, "at_least", wanted),
        _limit(product, gate, gate.at_most, "at_most", wanted),
    )


def _limit(
    product: AssembledProduct, gate: Gate, value: Expression | None, key: str, wanted: Type
) -> float | None:
    if value is None:
        return None
    try:
        limit = constant(value, general_scope(product), wanted)
    except BadInput as error:
        path = f"{gate.name}.{key}"
        raise BadInput([Problem(p.at, path, p.text) for p in error.problems]) from None
    if limit is None:
        text = "expected a limit that depends on no risk"
        raise BadInput.one(gate.place(key), f"{gate.name}.{key}", text)
    return limit


def _judged(one: _Asked, run: Run, execution: Execution) -> list[Judged]:
    gate = one.gate
    table = run.net if FIGURES[gate.figure].net else run.table
    tables = {} if table is None else {"": table}
    if gate.by:
        tables = dict(_segments(gate, one.scenario, run, execution))
    return [
        judge(
            gate.name,
            label,
            gate.figure,
            gate.measure.measure(FIGURES[gate.figure].of(table)),
            one.at_least,
            one.at_most,
        )
        for label, table in tables.items()
    ]


def _segments(
    gate: Gate, scenario: Scenario | None, run: Run, execution: Execution
) -> Mapping[str, LossTable]:
    """Give the rows of each segment, with expenses where the figure needs them."""
    tables = dict(segment_tables(run.table, ", ".join(gate.by)))
    portfolio = run.portfolio
    if all(has(table, gate.figure) for table in tables.values()):
        return tables
    shock = NO_SHOCK if scenario is None else shock_of(scenario, run.product)
    grouping = portfolio.grouping(gate.by)
    for place, label in enumerate(grouping.labels):
        part = portfolio.only(grouping.place == place)
        if run.table.kind == "cohort":
            # a cell's random numbers are its own: the part is simulated as it was in the whole
            tables[label] = simulate(
                run.product,
                part,
                years=run.table.years,
                seed=run.table.seed,
                basis=gate.basis,
                scenario=scenario,
                horizon=gate.years,
                execution=execution,
            ).table
        else:
            known = shock.portfolio(part), run.product.bases[gate.basis]
            spent = yearly_expenses(*known, shock.expense_factors(known[0])) * (gate.years or 1)
            tables[label] = replace(tables[label], expenses=np.full(run.table.years, spent))
    return tables
