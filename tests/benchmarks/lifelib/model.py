"""BasicTerm_M on the chain: assumptions in YAML, tables given, points in columns."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
from pydantic import Field

from product_factory.expressions.bind import Binder
from product_factory.expressions.operations import Op
from product_factory.expressions.program import Builder
from product_factory.expressions.run import run
from product_factory.expressions.scope import InputLeaf, Names, TableLeaf
from product_factory.nodes import read_nodes
from product_factory.numbers.portable import power
from product_factory.strict import PlainText, Strict, Value, When, Word, read
from product_factory.types import Type
from rating.book import evaluate, prepare
from rating.book.machine import Machine
from rating.engines.multistate import constant_force
from rating.engines.multistate.chain import ENDED, Chain, Sheet, Stream
from rating.engines.multistate.project import present_values

FILE = Path(__file__).with_name("assumptions.yaml")
MONTHS = 12
BLOCK = 1 << 14


class Expense(Strict):
    name: Word
    amount: Value
    grows: Value | None = None
    when: When | None = None


class Commission(Strict):
    share: Value
    when: When | None = None


class Premium(Strict):
    value: Value = Field(alias="is")
    to: PlainText


class Assumptions(Strict):
    interest: Value
    mortality: Value
    surrender: Value
    expenses: tuple[Expense, ...]
    commission: Commission
    premium: Premium


@dataclass(frozen=True)
class Bound:
    """Arrays ready for any points.

    first_age   the age of row 0 of rates [age at entry, year, (death, surrender)], a month's
    worth       [month + 1] present value of 1
    flows       premium due, first commission, expenses: [term - 1, month + 1, 1]
    premium     from `claims` and `due`
    """

    first_age: int
    rates: np.ndarray
    worth: np.ndarray
    flows: tuple[Sheet, Sheet, Sheet]
    premium: Machine


def _scope(tables, **types):
    leaves = {name: InputLeaf(name, Type(kind)) for name, kind in types.items()}
    return Names(
        leaves | {name: TableLeaf(table, table.columns[0]) for name, table in tables.items()}
    )


def _evaluated(expression, conditions, scope, columns):
    """An expression where its conditions hold, else 0."""
    builder = Builder()
    binder = Binder(builder)
    builder.results["value"] = binder.value(expression, scope, None).register
    if conditions is not None:
        builder.results["holds"] = binder.conditions(conditions, scope)
    program = builder.finish()
    registers = run(program, columns)
    size = len(next(iter(columns.values())))
    value = np.broadcast_to(registers[program.results["value"]], size)
    holds = registers[program.results["holds"]] if conditions is not None else 1.0
    return value * holds


def bind(tables, ages, years, file=FILE):
    """Read the assumptions and lay out their arrays for entry ages first … last and some years."""
    assumed = read(Assumptions, read_nodes(file.read_text("utf-8"), str(file)))
    scope = _scope(tables, attained_age="age", policy_year="integer", policy_month="integer")
    first, last = ages
    year = np.arange(1.0, years + 1)
    grid = {
        "policy_year": np.tile(year, last - first + 1),
        "attained_age": (np.arange(first, last + 1.0)[:, None] + year - 1.0).ravel(),
    }
    yearly = [_evaluated(e, None, scope, grid) for e in (assumed.mortality, assumed.surrender)]
    alone = np.stack(yearly, axis=1).reshape(last - first + 1, years, 2)
    death, lapse = (constant_force.split(alone[:, :, i, None], MONTHS)[:, :, 0] for i in (0, 1))
    rates = np.concatenate([death, lapse * (1.0 - death)], axis=2)
    month = np.arange(1.0, MONTHS * years + 1)
    months = {"policy_month": month, "policy_year": np.ceil(month / MONTHS)}
    spot = _evaluated(assumed.interest, None, scope, {"policy_year": np.append(year, years + 1.0)})
    worth = [power(1.0 + spot[t // MONTHS], -t / MONTHS) for t in range(MONTHS * years + 1)]
    spent = np.zeros(len(month))
    for expense in assumed.expenses:
        amount = _evaluated(expense.amount, expense.when, scope, months)
        grows = expense.grows.value if expense.grows is not None else 0.0
        spent += amount * [power(1.0 + grows, (t - 1.0) / MONTHS) for t in month.tolist()]
    commission = _evaluated(assumed.commission.share, assumed.commission.when, scope, months)
    within = month[None, :] <= MONTHS * year[:, None]
    flows = tuple(
        Sheet(np.pad(within * flow, [(0, 0), (0, 1)])[:, :, None])
        for flow in (np.ones(len(month)), commission, spent)
    )
    return Bound(first, rates, np.array(worth), flows, _premium(assumed.premium))


def _premium(premium):
    builder = Builder()
    scope = Names({name: InputLeaf(name, Type("money")) for name in ("claims", "due")})
    exact = Binder(builder).value(premium.value, scope, None).register
    unit = Decimal(premium.to).as_integer_ratio()
    of, over = (builder.constant(float(part)) for part in unit)
    builder.results["premium"] = builder.emit(Op.ROUND_HALF_UP, exact, of, over)
    program = builder.finish()
    return prepare(program, program.results)


def chain(bound, age, term, sum_assured):
    """The chain of some points: one living state, death and surrender, payments at months' starts.

    A chain pays on transitions at a step's end: an amount over the step's discount is worth the
    same at its start.
    """
    discount = bound.worth[1:] / bound.worth[:-1]
    due, commission, expenses = (
        Stream(name, flow=Sheet(flow.values, term - 1))
        for name, flow in zip(("due", "commission", "expenses"), bound.flows, strict=True)
    )
    claims = Sheet((1.0 / discount)[None, :, None], scale=sum_assured)
    return Chain(
        states=("in force",),
        source=np.array([0, 0]),
        target=np.array([ENDED, ENDED]),
        rates=Sheet(bound.rates, age - bound.first_age, np.arange(len(discount)) // MONTHS),
        rate_of=np.array([0, 1]),
        streams=(Stream("claims", claims, np.array([0, -1])), due, commission, expenses),
        discount=discount,
        lasts=MONTHS * term,
        per_year=MONTHS,
    )


def net_cf(bound, values, threads=1):
    """Present value of each point's net cash flow from those of the chain's streams."""
    claims, due, commission, expenses = np.ascontiguousarray(values.T)
    columns = {"claims": claims, "due": due}
    premium = evaluate(bound.premium, columns, threads=threads).outputs["premium"]
    return premium * (due - commission) - claims - expenses


def pv_net_cf(bound, age, term, sum_assured, threads=1):
    """Present value of each point's net cash flow; the premium is that of the point."""
    found = np.empty(len(age))
    for first in range(0, len(age), BLOCK):
        part = slice(first, first + BLOCK)
        values = present_values(chain(bound, age[part], term[part], sum_assured[part]), threads)
        found[part] = net_cf(bound, values, threads)
    return found
