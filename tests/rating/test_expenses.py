"""Expenses: every kind by hand, scales by year, inflation, by channel and pay; law one for them."""

import dataclasses
from functools import cache

import numpy as np
import pytest

from product_factory.basis import Basis
from product_factory.expenses import EXPENSES
from product_factory.nodes import read_nodes
from product_factory.strict import read
from rating.engines.multistate import Cells, bound, gross_premium
from rating.engines.multistate.forward import expected
from rating.engines.multistate.value import (
    annuity,
    claim_expenses,
    net_premium,
    net_single_premium,
    pv_expenses,
    pv_of_premiums,
)
from rating.projection import project
from sandbox.simulate.cohort import simulate_cohort
from tests.rating.plain_life import plain, q, write_plain
from tests.rating.tiny_shelf import changed
from tests.the_command import inside
from tests.the_shelf import shipped

TEXTBOOK = 1e-13
TERM, PAY, AGE, INSURED, PREMIUM = 5, 5, 50, 100_000.0, 400.0
EXAMPLES = {
    "policy": ("300", lambda alive, _dies, _due: alive * 300.0),
    "policy_month": ("25", lambda alive, _dies, _due: alive * 300.0),
    "premium": ("12%", lambda alive, _dies, due: alive * due * 0.12 * PREMIUM),
    "sum_insured": ("0.1%", lambda alive, _dies, _due: alive * 0.001 * INSURED),
    "claim": ("80", lambda alive, dies, _due: alive * dies * 80.0 / 1.03),
    "claim_payment": ("2%", lambda alive, dies, _due: alive * dies * 0.02 * INSURED / 1.03),
}
"""Kind → an amount, and what a year of it costs at its start at 3%."""


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    return plain(write_plain(tmp_path_factory.mktemp("expenses")))


def cell(pay=5):
    pays = ["1", "5", "10"]
    columns = {"age": AGE, "term": 0, "pay": pays.index(str(pay)), "sum_insured": INSURED}
    return Cells({name: np.array([float(value)]) for name, value in columns.items()})


def spending(product, lines, cells=None, basis="pricing"):
    """The model of a basis with these expenses."""
    written = read(Basis, read_nodes(f"expenses: [{lines}]", "test"))
    at = dataclasses.replace(product.bases[basis], expenses=written.expenses)
    return bound(product, at, cells or cell(), np.array([PREMIUM]))


def worth(model):
    """Present value of all expenses, as premiums and reserves have it."""
    seen = expected(model)
    whole = project(model, np.array([PREMIUM]))
    spent = whole.pv(whole.commissions + whole.expenses) + whole.pv(
        whole.claim_expenses, at_end=True
    )
    of_premium = PREMIUM * pv_of_premiums(model, model.assumed.spent["premium"], seen)
    assert spent[0] == pytest.approx((pv_expenses(model, seen) + of_premium)[0], rel=TEXTBOOK)
    return spent[0]


def years(each, term=TERM):
    """Add up year by year: each(year, alive, dies) at the year's start, at 3%."""
    total, alive = 0.0, 1.0
    for year in range(term):
        dies = q(AGE + year)
        total += 1.03**-year * each(year, alive, dies)
        alive *= 1.0 - dies
    return total


def test_every_kind_has_an_example():
    assert EXAMPLES.keys() == EXPENSES.keys()


@pytest.mark.parametrize("kind", EXPENSES)
def test_a_kind_costs_what_a_hand_adds_up(product, kind):
    amount, each = EXAMPLES[kind]
    model = spending(product, f"{{name: one, per: {kind}, amount: {amount}}}")
    by_hand = years(lambda year, alive, dies: each(alive, dies, year < PAY))
    assert worth(model) == pytest.approx(by_hand, rel=TEXTBOOK)


@pytest.mark.parametrize("kind", EXPENSES)
def test_a_scale_by_year_and_its_inflation(product, kind):
    """The amount of year 1, then half of it, then a quarter to the end; 2% more every year."""
    amount, each = EXAMPLES[kind]
    unit = amount.lstrip("0123456789.")
    first = float(amount.removesuffix("%"))
    scale = f"{{1: {amount}, 2: {first / 2}{unit}, 3: {first / 4}{unit}}}"
    model = spending(product, f"{{name: one, per: {kind}, amount: {scale}, grows: 2%}}")
    share = [1.0, 0.5, 0.25, 0.25, 0.25]
    by_hand = years(
        lambda year, alive, dies: share[year] * 1.02**year * each(alive, dies, year < PAY)
    )
    assert worth(model) == pytest.approx(by_hand, rel=TEXTBOOK)


def test_a_scale_of_commissions_is_by_pay_and_channel(tmp_path):
    """What is sold by a bank, with premiums for five years; nothing else pays it."""
    root = write_plain(tmp_path)
    line = "  age: {type: age, min: 30, max: 60}\n"
    channel = "  sold_by: {type: choice, of: [agent, bank]}\n"
    changed(root, "plain/product.yaml", line, line + channel)
    found = plain(root)
    scale = "{name: one, per: premium, amount: {1: 40%, 2: 20%, 3: 5%}, when: "
    for bank, pay in ((0, 5), (1, 5), (1, 1)):
        cells = Cells({**cell(pay).columns, "sold_by": np.array([float(bank)])})
        model = spending(found, f"{scale}{{sold_by: bank, pay: [5, 10]}}}}", cells)
        wanted = [0.4, 0.2, 0.05, 0.05, 0.05] if bank and pay == 5 else [0.0] * TERM
        assert model.assumed.spent["premium"][0].tolist() == wanted


def test_the_gross_premium_pays_for_every_kind(product):
    lines = ", ".join(f"{{name: {k}, per: {k}, amount: {a}}}" for k, (a, _) in EXAMPLES.items())
    model = spending(product, lines)
    gross = gross_premium(model)[0]
    settling = 0.02 * net_single_premium(model)[0]
    fixed = years(lambda _, alive, dies: alive * (300.0 + 300.0 + 100.0 + dies * 80.0 / 1.03))
    paid = net_single_premium(model)[0] + settling + fixed
    assert gross * 0.88 * annuity(model)[0] == pytest.approx(paid, rel=TEXTBOOK)


def test_without_expenses_and_loading_gross_is_net_to_the_bit(product):
    model = bound(product, product.bases["pricing"], cell())
    assert np.array_equal(gross_premium(model), net_premium(model))


@cache
def illness():
    """Benefits read the premiums paid, some of which are waived: settling them costs 3%."""
    found = shipped("critical_illness")
    pays = found.variables["pay"].type.of
    columns = {"age": 10.0, "sex": 0.0, "pay": pays.index("20"), "sum_insured": 1000.0}
    cells = Cells({name: np.array([float(value)]) for name, value in columns.items()})
    lines = "{name: one, per: claim_payment, amount: 3%}, {name: two, per: claim, amount: 1}"
    return spending(found, lines, cells)


def test_the_cost_of_settling_claims_is_the_mean_of_the_simulation():
    """Law one for expenses, with a planted error that the same bound sees."""
    model = illness()
    assert any(p.each is not None for way in model.ways for p in way.payments)
    wanted = worth(model)
    run = simulate_cohort(
        model, np.array([4_000]), np.array([PREMIUM]), 100, 7, keys=np.array([1], np.uint64)
    )
    assert run.table.expenses is not None
    rows = run.table.expenses / 4_000
    error = rows.std(ddof=1) / 10.0
    assert error < 0.005 * wanted
    assert abs(rows.mean() - wanted) <= 4.0 * error
    assert abs(rows.mean() - wanted * 1.03) > 4.0 * error


def test_settling_costs_a_share_of_what_is_paid_and_nothing_of_what_is_surrendered():
    model = illness()
    seen = expected(model)
    paid = sum(project(model, np.array([PREMIUM])).claims.values())
    np.testing.assert_allclose(
        claim_expenses(model, seen), 0.03 * paid + seen.claims, rtol=1e-12, atol=1e-15
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "per: polic, amount: 10",
            "expected policy, policy_month, premium, sum_insured, claim or claim_payment, got",
        ),
        ("per: policy, amount: 10%", "expected an amount of money such as 10000, got 10%"),
        ("per: claim_payment, amount: 10 CNY", "expected a share"),
        ("per: premium, amount: {2: 10%}", "expected a schedule from policy year 1 on"),
    ],
)
def test_what_is_wrong_with_an_expense_is_one_line(tmp_path, line, said):
    root = write_plain(tmp_path)
    changed(root, "plain/bases.yaml", "per: policy, amount: 10, grows: 2%", line)
    found = inside("check", "plain", "--shelf", str(root))
    assert found.returncode == 2
    assert said in found.stdout + found.stderr
