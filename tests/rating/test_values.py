"""Values of a contract in force, each from its definition by hand, and what may not be declared."""

from datetime import date

import numpy as np
import pytest

from product_factory.assemble import assemble
from product_factory.errors import BadInput
from product_factory.shelf import open_shelf
from product_factory.valued import valued
from rating.engines.multistate import Cells
from rating.unearned import UNEARNED
from rating.values import Valuing, columns_of
from tests.product_factory.shelves import FILES, LANGUAGE, altered, write
from tests.rating.engines.slow_contracts import death
from tests.the_shelf import shipped

SOLD, BASES = "short_life/product.yaml", "short_life/bases.yaml"
DECLARED = """\
values:
  cash_value: {kind: net_or_modified, basis: kept}
  extended_term: {kind: extended_term, basis: pricing}
  paid_up: {kind: paid_up, basis: pricing, share: 90%}
  reserve: {kind: net_level, basis: valuation}
"""
VALUATION = """\
kept:
  inherits: pricing
  loading: 0
  expenses: []
valuation:
  inherits: kept
  interest: min(pricing.interest, cn.rate)
  risk: {mortality: {death: death_rate * cn.table}}
"""
DATED = """\
  rate:
    title: {zh: 评估利率, en: Valuation rate}
    type: ratio
    dated:
      - {from: 2010-01-01, is: 3.5%, reference: chosen for the tests, trust: memory}
      - {from: 2027-01-01, is: 1.5%, reference: chosen for the tests, trust: memory}
  table:
    title: {zh: 评估表, en: Valuation table}
    type: ratio
    dated:
      - {from: 2010-01-01, is: 100%, reference: chosen for the tests, trust: memory}
      - {from: 2028-01-01, is: 80%, reference: chosen for the tests, trust: memory}
"""


def sold(tmp_path, on=None, **changes):
    """The small life product with values declared; a change replaces a text of DECLARED."""
    text = DECLARED.replace("net_or_modified", "modified_reserve")
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    product = FILES[SOLD].replace("of: [3, 5, to 60]", "of: [5]") + text
    cn = "parameters/cn.yaml"
    files = FILES | {SOLD: product, BASES: FILES[BASES] + VALUATION, cn: FILES[cn] + DATED}
    return assemble(open_shelf(write(tmp_path, files)), "short_life", LANGUAGE, on)


def valuing(product, pay):
    pays = product.variables["pay"].type.of
    columns = {"age": 38.0, "sex": 0.0, "term": 0.0, "pay": float(pays.index(str(pay)))}
    columns |= {"sum_insured": 1000.0}
    cells = Cells({name: np.array([value]) for name, value in columns.items()})
    return Valuing(product, cells, np.array([10.0]))


RATES = [0.001, 0.001, 0.004, 0.004, 0.004]


def term(start, years, v=1 / 1.02):
    """Value at `start` of 1 at each death in so many years, and the chance to live them times v."""
    worth, there = 0.0, 1.0
    for t in range(start, start + years):
        worth += there * v * RATES[t]
        there *= v * (1 - RATES[t])
    return worth, there


def cash(at, pay):
    """The net level reserve per 1: no loadings, so that the modified one is the same."""
    due = sum(term(0, t)[1] for t in range(pay))
    left = sum(term(at, t)[1] for t in range(pay - at)) if at < pay else 0.0
    return term(at, 5 - at)[0] - term(0, 5)[0] / due * left


def test_paid_up_and_extended_term_are_those_worked_by_hand(tmp_path):
    product = sold(tmp_path)
    at = valuing(product, 3)
    declared = valued(product)
    paid_up = columns_of(at, declared["paid_up"])["paid_up"][0]
    for year in (1, 2):
        bought = 0.9 * cash(year, 3) / term(year, 5 - year)[0]
        assert paid_up[year - 1] == pytest.approx(1000.0 * bought, rel=1e-9)
    assert np.isnan(paid_up[2:]).all()  # three premiums: nothing is owed any more
    extended = columns_of(at, declared["extended_term"])
    fund, whole = cash(1, 3), 0
    while whole < 4 and term(1, whole + 1)[0] <= fund:
        whole += 1
    step = term(1, whole + 1)[0] - term(1, whole)[0]
    days = int((fund - term(1, whole)[0]) / step * 365)
    found = [extended[f"extended_term_{name}"][0, 0] for name in ("years", "days", "at_end")]
    assert found == [whole, days, 0.0]
    # two years in the cash value does not reach to the end either
    assert extended["extended_term_years"][0, 1] < 3


def test_what_the_cash_value_leaves_at_the_end_is_paid_to_those_alive(tmp_path):
    """A share of 200%: it lasts to the end, and the rest is worth rest / (v^n np)."""
    product = sold(
        tmp_path,
        more=("extended_term, basis: pricing}", "extended_term, basis: pricing, share: 200%}"),
    )
    found = columns_of(valuing(product, 3), valued(product)["extended_term"])
    rest = 2.0 * cash(2, 3) - term(2, 3)[0]
    assert rest > 0.0
    assert found["extended_term_years"][0, 1] == 3.0
    assert found["extended_term_at_end"][0, 1] == pytest.approx(
        1000 * rest / term(2, 3)[1], rel=1e-9
    )


def test_rate_and_table_of_a_valuation_are_those_of_the_day(tmp_path):
    """2% until the cap of 2027 is 1.5%; 80% of the table from 2028 on."""
    found = []
    for day, interest, share in (
        (date(2026, 3, 1), 0.02, 1.0), (date(2027, 3, 1), 0.015, 1.0),
        (date(2028, 3, 1), 0.015, 0.8),
    ):  # fmt: skip
        product = sold(tmp_path / str(day), on=day)
        held = columns_of(valuing(product, 1), valued(product)["reserve"])["reserve"][0, 0]
        v, there, worth = 1.0 / (1.0 + interest), 1.0, 0.0
        for t in range(1, 5):
            worth += there * v * RATES[t] * share
            there *= v * (1 - RATES[t] * share)
        assert held == pytest.approx(1000.0 * worth, rel=1e-9)
        found.append(held)
    assert found[1] > found[0] > found[2]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: net_level", "kind: net_levl", "expected .*'?net_level'?.*, got net_levl"),
        (
            "basis: valuation",
            "basis: valuatin",
            "unknown basis 'valuatin'; did you mean 'valuation'",
        ),
        ("net_level, basis: valuation", "net_level", "expected the key 'basis'"),
        ("net_level, basis", "zillmer, basis", "expected the key 'cost', as kind zillmer says"),
        ("90%}", "90%, cost: 3}", "a value of kind paid_up has no 'cost'"),
        ("net_level, basis: valuation", "unearned_days", "is of no contract longer than a year"),
        ("share: 90%", "share: shre", "unknown name 'shre'"),
        (
            "kind: net_level, basis: valuation",
            "kind: in_state, basis: valuation, while: illness.ill, since: 1 years",
            "unknown state .illness.ill.",
        ),
        ("net_level, basis", "in_state, basis", "expected the keys .while. and .since."),
    ],
)
def test_what_may_not_be_declared(tmp_path, old, new, said):
    with pytest.raises(BadInput, match=said):
        sold(tmp_path, change=(old, new))


def test_paid_up_needs_benefits_in_proportion_to_the_sum_insured(tmp_path):
    file = "modules/life/death.yaml"
    files = altered(file, ("amount: sum_insured", "amount: sum_insured + premiums_paid"))
    product = sold(tmp_path)
    (tmp_path / "products" / file).write_text(files[file], encoding="utf-8")
    product = assemble(open_shelf(tmp_path / "products"), "short_life", LANGUAGE)
    with pytest.raises(
        BadInput, match="in proportion to the sum insured, and one reads 'premiums_paid'"
    ):
        columns_of(valuing(product, 3), valued(product)["paid_up"])


def test_term_life_is_paid_up_at_what_its_cash_value_buys():
    """Male 30, 20-pay: 2,040.13 at the end of year 7 over A(37:13) on CL1 at 2%."""
    v, there, worth = 1 / 1.02, 1.0, 0.0
    for age in range(37, 50):
        worth += there * v * death(age, "M")
        there *= v * (1 - death(age, "M"))
    product = shipped("term_life")
    terms, pays = (product.variables[n].type.of for n in ("term", "pay"))
    columns = {"age": 30.0, "sex": 0.0, "sum_insured": 1e6}
    columns |= {"term": float(terms.index("20")), "pay": float(pays.index("20"))}
    cells = Cells({name: np.array([value]) for name, value in columns.items()})
    at = Valuing(product, cells, np.array([2456.0]))
    found = columns_of(at, valued(product)["paid_up"])["paid_up"][0, 6]
    assert found == pytest.approx(2040.13 / worth, abs=0.3)
    assert f"{found:.2f}" == "79954.21"


def test_term_life_lasts_as_long_as_its_cash_value_pays_for_it():
    """2,040.13 at the end of year 7, a million at 37: the deaths that it pays for, CL1, 2%."""
    product = shipped("term_life")
    terms, pays = (product.variables[n].type.of for n in ("term", "pay"))
    columns = {"age": 30.0, "sex": 0.0, "sum_insured": 1e6}
    columns |= {"term": float(terms.index("20")), "pay": float(pays.index("20"))}
    cells = Cells({name: np.array([value]) for name, value in columns.items()})
    found = columns_of(
        Valuing(product, cells, np.array([2456.0])), valued(product)["extended_term"]
    )
    first = 1e6 * death(37, "M") / 1.02
    second = 1e6 * (1 - death(37, "M")) * death(38, "M") / 1.02**2
    assert first < 2040.13 < first + second
    days = int((2040.13 - first) / second * 365)
    got = [found[f"extended_term_{name}"][0, 6] for name in ("years", "days", "at_end")]
    assert got == [1.0, days, 0.0]


START, END = date(2026, 3, 10), date(2027, 3, 10)


@pytest.mark.parametrize(
    ("kind", "day", "part"),
    [
        ("unearned_days", START, 365 / 365),
        ("unearned_days", date(2026, 3, 11), 364 / 365),
        ("unearned_days", date(2027, 3, 9), 1 / 365),
        ("unearned_days", END, 0.0),
        ("unearned_months", START, 12 / 12),
        ("unearned_months", date(2026, 3, 11), 11 / 12),
        ("unearned_months", date(2026, 4, 10), 11 / 12),
        ("unearned_months", date(2027, 2, 11), 0.0),
        ("unearned_half_months", date(2026, 3, 31), 23 / 24),
        ("unearned_half_months", date(2026, 12, 31), 5 / 24),
        ("unearned_half_months", date(2027, 2, 28), 1 / 24),
        ("unearned_half_months", date(2027, 3, 31), 0.0),
    ],
)
def test_the_part_of_a_premium_that_is_to_come(kind, day, part):
    """365ths, whole months, 24ths of a contract that begins on 10 March 2026."""
    over, under = UNEARNED[kind](START, END, day)
    assert over / under == part
