"""Facts of the rates: what every cell that is sold pays, is paid and keeps, for rules to judge.

A cell is a combination of policy variables that `accepts` lets in and no step declines; variables
of money stand at the least that is sold, where roundings and smallest premiums weigh most.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.expressions.operations import REGISTERS
from product_factory.expressions.program import Program
from product_factory.expressions.run import run
from product_factory.numbers.rounding import round_array
from product_factory.process import Process
from product_factory.product import Accepts
from product_factory.rules.facts import Column, Facts, Grain, NumberFact, Rows, TextFact
from product_factory.types import Type, read_number
from rating.domain import cells as accepted_cells
from rating.engines.multistate.cash_value import cash_values, with_cash_value
from rating.engines.multistate.grid import Cells
from rating.engines.multistate.model import Model
from rating.engines.multistate.value import annuity, net_single_premium, pv_at_start
from rating.minimum_value import minimum_cash_values
from rating.plan import RatingPlan, names_in
from rating.steps import Decline, Technical

Floats = npt.NDArray[np.float64]
MONEY, RATIO, YEARS, AGE = Type("money"), Type("ratio"), Type("years"), Type("age")
BEST_ESTIMATE = "best_estimate"
LOADING_STEPS = 100_000
"""Loadings are those of the filed premium, stated to 0.001%."""
CENTS = 100
FIRST_LOADED = 2
"""Policy years of which the negative list says that loadings may not be concentrated in them."""
LAPSE_YEARS = 5


def rates_facts(plan: RatingPlan) -> Facts:
    """State the facts of a tariff; see `product_factory.rules.vocabulary` for their names.

    A contract of a year or less on collective processes has cells where an engine built its
    expected cost into a table; a tariff that looks its rates up has none, and its adequacy is the
    business of gates.

    Raises BadInput where an engine cannot value a cell.
    """
    product = plan.product
    rated = TextFact(rated_by(plan), product.product.at)
    facts = Facts(stages=frozenset({"rates"}), texts={"rates.rated_by": rated})
    step = next((s.step for s in plan.steps if isinstance(s.step, Technical)), None)
    if step is None:
        return facts
    if not product.long_term:
        return facts | _short_facts(plan, step)
    sold = _Sold.of(plan)
    return facts | _cell_facts(sold, step.basis)


def rated_by(plan: RatingPlan) -> tuple[str, ...]:
    """List the variables on which the premium depends."""
    program = plan.program
    first = len(program.inputs) + len(program.constants)
    waiting, seen = [plan.premium.register], set[int]()
    while waiting:
        register = waiting.pop()
        if register in seen:
            continue
        seen.add(register)
        if register >= first:
            line = program.operations[register - first]
            waiting += [getattr(line, part) for part in REGISTERS.get(line.op, "ab")]
    return tuple(entry.name for place, entry in enumerate(program.inputs) if place in seen)


@dataclass(frozen=True)
class _Sold:
    """The cells that are sold, with the premium that is charged, as it is filed."""

    plan: RatingPlan
    cells: Cells
    premium: Floats

    @classmethod
    def of(cls, plan: RatingPlan) -> "_Sold":
        columns = _columns(plan)
        registers = run(plan.program, columns)
        size = len(next(iter(columns.values())))
        out = np.broadcast_to(registers[plan.refused], (size,)) >= 0.0
        for decision in plan.decisions:
            if isinstance(decision.step, Decline):
                out = out | (np.broadcast_to(registers[decision.register], (size,)) != 0.0)
        columns = {name: column[~out] for name, column in columns.items()}
        cells = Cells(columns)
        return cls(plan, cells, _premium(plan, plan.program, cells))


def _columns(plan: RatingPlan) -> Mapping[str, Floats]:
    known = plan.readers.policy
    money = [name for name, reader in known.items() if reader.type.kind == "money"]
    free = [name for name in money if not known[name].coded]
    columns = dict(accepted_cells(plan.product, [name for name in known if name not in free]))
    size = len(next(iter(columns.values())))
    for name in free:
        columns[name] = np.full(size, known[name].least)
    return {name: columns[name] for name in known}


def _premium(plan: RatingPlan, program: Program, cells: Cells) -> Floats:
    premium = run(program, cells.columns)[plan.premium.register]
    return np.broadcast_to(premium, (cells.size,)).astype(np.float64)


def _cell_facts(sold: _Sold, basis: str) -> Facts:
    plan, cells = sold.plan, sold.cells
    product = plan.product
    model = with_cash_value(product, product.bases[basis], cells)
    names = {n: Column(c, product.variables[n].type) for n, c in cells.columns.items()}
    single = net_single_premium(model)
    worth = annuity(model)
    columns = {
        "age": Column(cells.columns.get("age", np.full(cells.size, np.nan)), AGE),
        "term": Column(model.within.sum(axis=1), YEARS),
        "pay": Column(model.due.sum(axis=1), YEARS),
        "premium": Column(sold.premium, MONEY),
        "net_premium": Column(single / worth, MONEY),
        "loading": Column(_loading(1.0 - single / (sold.premium * worth)), RATIO),
        "first_year_loading": Column(_loading(model.loading[:, 0]), RATIO),
        "later_loading": Column(_loading(_later(model)), RATIO),
    }
    lapsed = _lapsed(product, cells)
    if lapsed is not None:
        columns["lapse_five_years"] = Column(lapsed, RATIO)
    insured = plan.readers.policy.get("sum_insured")
    if insured is not None:
        columns["sum_insured"] = Column(cells.columns["sum_insured"], MONEY)
        if not any(map(_bounds_sum_insured, product.product.accepts)):
            columns["sum_insured_most"] = Column(np.full(cells.size, insured.most), MONEY)
    tested = _profit(product, sold)
    numbers = {"rates.profit_tested": NumberFact(float(tested is not None), Type("yes_no"))}
    if tested is not None:
        columns["new_business_value"] = Column(tested, MONEY)
        points = float(np.isfinite(tested).sum())
        numbers["rates.profit_tested_points"] = NumberFact(points, Type("integer"))
    if insured is not None:
        numbers["rates.reference_sum_insured"] = NumberFact(insured.least, MONEY, insured.at)
    rows: dict[Grain, Rows] = {("cell",): Rows(names, columns)}
    rows[("cell", "policy_year")] = _years(sold, model, basis, names, columns)
    return Facts(numbers=numbers, rows=rows)


def _short_facts(plan: RatingPlan, step: Technical) -> Facts:
    """State the cells of a contract of one year: premium, expected cost, and the loading between.

    Nothing where the cost stands item by item, since a premium is then no sum of it.
    """
    product, said = plan.product, plan.product.product.contract.term
    if product.items or said in ("offered", "life"):
        return Facts()
    sold = _Sold.of(plan)
    columns, size = sold.cells.columns, sold.cells.size
    register = next(bound.register for bound in plan.steps if bound.step is step)
    cost = np.broadcast_to(run(plan.program, columns)[register], (size,))
    once = np.ones(size)
    names = {n: Column(c, product.variables[n].type) for n, c in columns.items()}
    loading = Column(_loading(1.0 - cost / sold.premium), RATIO)
    told = {
        "age": Column(columns.get("age", np.full(size, np.nan)), AGE),
        "term": Column(once * read_number(said, "years"), YEARS),
        "pay": Column(once, YEARS),
        "premium": Column(sold.premium, MONEY),
        "net_premium": Column(cost.astype(np.float64), MONEY),
        "loading": loading,
        "first_year_loading": loading,
    }
    return Facts(rows={("cell",): Rows(names, told)})


def _cents(values: Floats) -> Floats:
    return round_array(values, 1, CENTS)


def _loading(values: Floats) -> Floats:
    return round_array(values, 1, LOADING_STEPS)


def _later(model: Model) -> Floats:
    """Give the largest loading of a premium that falls due after the first years, else 0."""
    later: Floats = np.where(model.due != 0.0, model.loading, 0.0)[:, FIRST_LOADED:]
    largest: Floats = np.max(later, axis=1, initial=0.0)
    return largest


def _lapsed(product: AssembledProduct, cells: Cells) -> Floats | None:
    """Give the share that gives up within five years on the best estimate, other exits apart."""
    basis = product.bases.get(BEST_ESTIMATE)
    if basis is None:
        return None
    model = with_cash_value(product, basis, cells)
    acts = [f"{a}.{e}" for a, p in product.processes.items() for e in p.events if _act(p, e)]
    kept = np.ones(cells.size)
    for name in acts:
        kept = kept * np.prod(1.0 - model.rates[name][:, :LAPSE_YEARS], axis=1)
    return 1.0 - kept


def _act(process: Process, event: str) -> bool:
    return process.events[event].by == "policyholder"


def _bounds_sum_insured(line: Accepts) -> bool:
    """Tell whether a line of `accepts` reads the sum insured: its most is not sold to everyone."""
    tests = line.when.tests if line.when is not None else ()
    names = {name.name for name in names_in(line.require)} | {test.name for test in tests}
    return "sum_insured" in names


def _profit(product: AssembledProduct, sold: _Sold) -> Floats | None:
    """Present value of the profit of each cell on the best estimate, before tax and capital."""
    basis = product.bases.get(BEST_ESTIMATE)
    if basis is None or not basis.expenses:
        return None
    model = with_cash_value(product, basis, sold.cells)
    taken = model.due * sold.premium[:, None] * (1.0 - model.per_premium)
    return pv_at_start(model, taken - model.per_policy) - net_single_premium(model)


def _years(
    sold: _Sold,
    model: Model,
    basis: str,
    names: Mapping[str, Column],
    cell: Mapping[str, Column],
) -> Rows:
    """Give the rows of every policy year that a cell's contract runs."""
    product, cells = model.product, sold.cells
    inside = model.within.ravel() != 0.0

    def over(values: Floats, declared: Type) -> Column:
        wide = np.broadcast_to(values, model.within.shape)
        return Column(wide.ravel()[inside], declared)

    year = np.arange(1, model.years + 1, dtype=np.float64)[None, :]
    columns = {name: over(column.values[:, None], column.type) for name, column in cell.items()}
    columns["policy_year"] = over(year, YEARS)
    columns["attained_age"] = over(cell["age"].values[:, None] + year - 1.0, AGE)
    paid = np.minimum(year, cell["pay"].values[:, None]) * sold.premium[:, None]
    columns["premiums_paid"] = over(paid, MONEY)
    declared, kept = product.product, paid
    if "cash_value" in declared.values:
        value = cash_values(product, cells)
        kept = np.maximum(paid, value)
        columns["cash_value"] = over(_cents(value), MONEY)
        ruled = declared.line in ("life", "health") and declared.sold_to == "individual"
        least = minimum_cash_values(product, cells, basis) if ruled else None
        if least is not None:
            columns["minimum_cash_value"] = over(_cents(least), MONEY)
    deaths = death_benefits(_estimated(product, model, cells))
    if deaths:
        columns["death_benefit"] = over(np.minimum.reduce(deaths), MONEY)
        beyond = np.maximum.reduce(deaths) - kept
        columns["death_benefit_beyond"] = over(_cents(np.maximum(beyond, 0.0)), MONEY)
    illness = largest_living_benefit(_estimated(product, model, cells))
    if illness is not None:
        columns["living_benefit"] = over(illness, MONEY)
    called = {name: over(column.values[:, None], column.type) for name, column in names.items()}
    called["policy_year"] = columns["policy_year"]
    return Rows(called, columns)


def _estimated(product: AssembledProduct, model: Model, cells: Cells) -> Model:
    """Give the model that tells causes apart: the best estimate where there is one."""
    basis = product.bases.get(BEST_ESTIMATE)
    return model if basis is None else with_cash_value(product, basis, cells)


def largest_living_benefit(model: Model) -> Floats | None:
    """Give the largest payment for an event of illness or disability: [cell, year]; None for none.

    An event that neither ends the life nor is the policyholder's act.
    """
    found = []
    for outcome in model.outcomes:
        process, _, event = outcome.event.partition(".")
        declared = model.product.processes[process].events[event]
        if declared.ends is None and declared.by is None and outcome.column in model.product.covers:
            found.append(outcome.amount)
    return np.maximum.reduce(found) if found else None


def death_benefits(model: Model) -> list[Floats]:
    """What a death by each cause that the basis knows pays after any waiting period: [cell, year].

    Exclusions apart. 7号 二 asks for death by illness and by accident alike: the least counts.
    """
    by_cause: dict[tuple[object, ...], Floats] = {}
    for outcome in model.outcomes:
        process, _, event = outcome.event.partition(".")
        life = model.product.processes[process].events[event].ends == "life"
        if life and outcome.column in model.product.covers:
            cause = (outcome.event, *sorted(outcome.marks.items()))
            by_cause[cause] = by_cause.get(cause, np.zeros_like(model.within)) + outcome.amount
    return list(by_cause.values())
