"""Facts of the rates: what every cell that is sold pays, is paid and keeps, for rules to judge.

A cell is a combination of policy variables that `accepts` lets in and no step declines; variables
of money stand at the least that is sold, where roundings and smallest premiums weigh most.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.declared import Accepts
from product_factory.expressions.program import Program
from product_factory.expressions.run import run
from product_factory.modes import times
from product_factory.numbers.rounding import round_array
from product_factory.rules.facts import Column, Facts, Grain, NumberFact, Rows, TextFact
from product_factory.types import Type, read_number
from rating.domain import cells as accepted_cells
from rating.engines.multistate.forward import expected
from rating.engines.multistate.grid import Cells
from rating.engines.multistate.model import Model
from rating.engines.multistate.unknowns import bound, cash_values
from rating.engines.multistate.value import (
    annuity,
    net_single_premium,
    pv_expenses,
    pv_of_premiums,
)
from rating.minimum_value import minimum_cash_values
from rating.minimum_value_reads import ruled
from rating.plan import RatingPlan, names_in
from rating.steps import Decline, Technical
from rating.survival import survival

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
    seen = plan.program.below(plan.premium.register)
    return tuple(entry.name for place, entry in enumerate(plan.program.inputs) if place in seen)


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
    model = bound(product, product.bases[basis], cells, sold.premium)
    names = {n: Column(c, product.variables[n].type) for n, c in cells.columns.items()}
    seen = expected(model)
    single = net_single_premium(model, seen)
    worth = annuity(model, seen)
    columns = {
        "age": Column(cells.columns.get("age", np.full(cells.size, np.nan)), AGE),
        "term": Column(model.within.sum(axis=1) / model.per_year, YEARS),
        "pay": Column(model.due.sum(axis=1), YEARS),
        "premium": Column(sold.premium, MONEY),
        "net_premium": Column(single / worth, MONEY),
        "loading": Column(_loading(1.0 - single / (sold.premium * worth)), RATIO),
        "first_year_loading": Column(_loading(model.assumed.loading[:, 0]), RATIO),
        "later_loading": Column(_loading(_later(model)), RATIO),
    }
    insured = plan.readers.policy.get("sum_insured")
    if insured is not None:
        columns["sum_insured"] = Column(cells.columns["sum_insured"], MONEY)
        if not any(map(_bounds_sum_insured, product.product.accepts)):
            columns["sum_insured_most"] = Column(np.full(cells.size, insured.most), MONEY)
    best = product.bases.get(BEST_ESTIMATE)
    # it tells causes apart, which a pricing basis need not
    estimated = None if best is None else bound(product, best, cells, sold.premium)
    if estimated is not None:
        columns["lapse_five_years"] = Column(_lapsed(estimated), RATIO)
    living = survival(model)
    columns["survival_from"] = Column(living.first, YEARS)
    tested = _profit(estimated, sold)
    numbers = {"rates.profit_tested": NumberFact(float(tested is not None), Type("yes_no"))}
    if tested is not None:
        columns["new_business_value"] = Column(tested, MONEY)
        points = float(np.isfinite(tested).sum())
        numbers["rates.profit_tested_points"] = NumberFact(points, Type("integer"))
    if insured is not None:
        numbers["rates.reference_sum_insured"] = NumberFact(insured.least, MONEY, insured.at)
    rows: dict[Grain, Rows] = {("cell",): Rows(names, columns)}
    rows[("cell", "policy_year")] = _years(sold, model, estimated, basis, names, columns)
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
    due: Floats = np.where(model.due != 0.0, model.assumed.loading, 0.0)
    largest: Floats = np.max(due[:, FIRST_LOADED * model.per_year :], axis=1, initial=0.0)
    return largest


def _lapsed(model: Model) -> Floats:
    """Give the share that gives up within five years on a basis, other exits apart."""
    kept: Floats = np.ones(model.cells.size)
    for name in sorted(model.assumed.acts):
        kept *= np.prod(1.0 - model.rates[name][:, : LAPSE_YEARS * model.per_year], axis=1)
    return 1.0 - kept


def _bounds_sum_insured(line: Accepts) -> bool:
    """Tell whether a line of `accepts` reads the sum insured: its most is not sold to everyone."""
    tests = line.when.tests if line.when is not None else ()
    names = {name.name for name in names_in(line.require)} | {test.name for test in tests}
    return "sum_insured" in names


def _profit(model: Model | None, sold: _Sold) -> Floats | None:
    """Present value of the profit of each cell on the best estimate, before tax and capital."""
    if model is None or not model.basis.expenses:
        return None
    seen = expected(model)
    taken = sold.premium * pv_of_premiums(model, 1.0 - model.assumed.spent["premium"], seen)
    return taken - pv_expenses(model, seen) - net_single_premium(model, seen)


def _years(
    sold: _Sold,
    model: Model,
    estimated: Model | None,
    basis: str,
    names: Mapping[str, Column],
    cell: Mapping[str, Column],
) -> Rows:
    """Give the rows of every policy year that a cell's contract runs."""
    product, cells = model.product, sold.cells
    running = model.within[:, :: model.per_year]
    inside = running.ravel() != 0.0

    def over(values: Floats, declared: Type) -> Column:
        wide = np.broadcast_to(values, running.shape)
        return Column(wide.ravel()[inside], declared)

    year = np.arange(1, model.years + 1, dtype=np.float64)[None, :]
    columns = {name: over(column.values[:, None], column.type) for name, column in cell.items()}
    columns["policy_year"] = over(year, YEARS)
    columns["attained_age"] = over(cell["age"].values[:, None] + year - 1.0, AGE)
    often = times(product, cells.columns, cells.size) * sold.premium
    paid = np.minimum(year, cell["pay"].values[:, None]) * often[:, None]
    columns["premiums_paid"] = over(paid, MONEY)
    columns["survival_benefit"] = over(_cents(survival(model).yearly), MONEY)
    declared, kept = product.product, paid
    if "cash_value" in declared.values:
        value = cash_values(product, cells, sold.premium)
        kept = np.maximum(paid, value)
        columns["cash_value"] = over(_cents(value), MONEY)
        sure = minimum_cash_values(product, cells, basis, sold.premium) if ruled(product) else None
        if sure is not None:
            columns["minimum_cash_value"] = over(_cents(sure), MONEY)
    deaths = death_benefits(model if estimated is None else estimated)
    if deaths:
        columns["death_benefit"] = over(np.minimum.reduce(deaths), MONEY)
        beyond = np.maximum.reduce(deaths) - kept
        columns["death_benefit_beyond"] = over(_cents(np.maximum(beyond, 0.0)), MONEY)
    illness = largest_living_benefit(model if estimated is None else estimated)
    if illness is not None:
        columns["living_benefit"] = over(illness, MONEY)
    called = {name: over(column.values[:, None], column.type) for name, column in names.items()}
    called["policy_year"] = columns["policy_year"]
    return Rows(called, columns)


def largest_living_benefit(model: Model) -> Floats | None:
    """Give the largest payment for an event of illness or disability: [cell, year]; None for none.

    An event that neither ends the life nor is the policyholder's act.
    """
    found = []
    for event, by_cause in _paid(model).items():
        process, _, name = event.partition(".")
        declared = model.product.processes[process].events[name]
        if not declared.kills and declared.by is None:
            found += list(by_cause.values())
    return np.maximum.reduce(found) if found else None


def death_benefits(model: Model) -> list[Floats]:
    """What a death by each cause that the basis knows pays at a policy year's end: [cell, year].

    Of a contract that has claimed nothing; exclusions apart. 7号 二 asks for death by illness and
    by accident alike: the least counts.
    """
    found = []
    for event, by_cause in _paid(model).items():
        process, _, name = event.partition(".")
        if model.product.processes[process].events[name].kills:
            found += list(by_cause.values())
    return found


def _paid(model: Model) -> dict[str, dict[tuple[object, ...], Floats]]:
    """What covers pay at each policy year's end, by event and by its marks: [cell, year]."""
    found: dict[str, dict[tuple[object, ...], Floats]] = {}
    paid = model.premium[:, None] * model.paid
    for way in model.ways:
        for payment in way.payments:
            if payment.column not in model.product.covers:
                continue
            each = 0.0 if payment.each is None else payment.each * paid
            yearly = (payment.amount + each)[:, model.per_year - 1 :: model.per_year]
            by_cause = found.setdefault(way.event, {})
            cause = tuple(sorted(way.marks.items()))
            by_cause[cause] = by_cause.get(cause, np.zeros_like(yearly)) + yearly
    return found
