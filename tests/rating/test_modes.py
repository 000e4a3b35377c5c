"""Premiums by instalments: priced, quoted, paid back, valued, worded and judged."""

import json
import shutil
from datetime import date
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.modes import TIMES
from product_factory.numbers.dates import due_so_far, policy_year
from product_factory.shelf import installed
from rating.engines.multistate import Cells, annuity, bound, net_premium
from sandbox.simulate.cohort import simulate_cohort
from tests.rating.plain_life import BASES, PRODUCT, RATING, plain, q, write_plain
from tests.rating.tiny_shelf import changed
from tests.the_command import inside

OFFER = "  mode: {type: choice, of: [year, half_year, quarter, month]}\n"
OFFERED = PRODUCT.replace("pay: offered,", "pay: offered, mode: offered,")
OFFERED = OFFERED.replace("accepts:\n", OFFER + "accepts:\n")
MONTHLY = BASES.replace("interest: 3%\n", "interest: 3%\n  grid: {step: month}\n")
TARIFF = """\
- name: instalment
  kind: compute
  is:
    - {when: {mode: half_year}, is: premium * instalments.half_year}
    - {when: {mode: quarter}, is: premium * instalments.quarter}
    - {when: {mode: month}, is: premium * instalments.month}
    - {otherwise: premium}
"""
MODES = list(TIMES)


@pytest.fixture(scope="module")
def monthly(tmp_path_factory):
    files = {"plain/product.yaml": OFFERED, "plain/bases.yaml": MONTHLY}
    return plain(write_plain(tmp_path_factory.mktemp("modes"), **files))


def cells(*modes, age=50, term="10", pay="5"):
    terms, pays = ["5", "10", "20"], ["1", "5", "10"]
    columns = {"age": age, "term": terms.index(term), "pay": pays.index(pay), "sum_insured": 1000}
    found = {name: np.full(len(modes), float(value)) for name, value in columns.items()}
    return Cells({**found, "mode": np.array([float(MODES.index(mode)) for mode in modes])})


def by_hand(times, age=50, term=10, pay=5):
    """Premium that falls due so many times a year: month by month, a constant force within it."""
    alive, benefits, due = 1.0, 0.0, 0.0
    for month in range(12 * term):
        dies = 1.0 - (1.0 - q(age + month // 12)) ** (1 / 12)
        if month % (12 // times) == 0 and month < 12 * pay:
            due += alive * 1.03 ** (-month / 12)
        benefits += alive * dies * 1000.0 * 1.03 ** (-(month + 1) / 12)
        alive *= 1.0 - dies
    return benefits / due


def test_a_grid_of_months_prices_the_instalment_that_a_hand_adds_up(monthly):
    found = net_premium(bound(monthly, monthly.bases["pricing"], cells(*MODES)))
    for got, times in zip(found, TIMES.values(), strict=True):
        assert got == pytest.approx(by_hand(times), rel=1e-12)


@given(age=st.integers(30, 60), term=st.sampled_from(["5", "10", "20"]))
def test_the_more_often_a_premium_falls_due_the_more_it_is_in_a_year(monthly, age, term):
    at = bound(monthly, monthly.bases["pricing"], cells(*MODES, age=age, term=term))
    yearly = net_premium(at) * np.array(list(TIMES.values()))
    assert (np.diff(yearly) > 0.0).all()


def test_a_grid_of_years_sees_all_instalments_of_a_year_at_its_start(tmp_path):
    product = plain(write_plain(tmp_path, **{"plain/product.yaml": OFFERED}))
    found = net_premium(bound(product, product.bases["pricing"], cells(*MODES)))
    np.testing.assert_allclose(found * np.array(list(TIMES.values())), found[0], rtol=1e-14)


def test_a_mode_that_is_fixed_is_that_of_every_risk(tmp_path):
    fixed = PRODUCT.replace("pay: offered,", "pay: offered, mode: quarter,")
    files = {"plain/product.yaml": fixed, "plain/bases.yaml": MONTHLY}
    product = plain(write_plain(tmp_path, **files))
    one = cells("year")
    one = Cells({name: column for name, column in one.columns.items() if name != "mode"})
    found = net_premium(bound(product, product.bases["pricing"], one))
    assert found[0] == pytest.approx(by_hand(4), rel=1e-12)


def test_the_instalments_that_a_simulation_earns_are_those_of_the_price(monthly):
    """Law one for premiums that fall due monthly."""
    at = bound(monthly, monthly.bases["best_estimate"], cells("month"))
    run = simulate_cohort(
        at, np.array([2_000]), np.array([7.0]), 100, 3, keys=np.array([1], np.uint64)
    )
    rows = run.table.premium / 2_000
    error = rows.std(ddof=1) / 10.0
    wanted = 7.0 * annuity(at)[0]
    assert error < 0.005 * wanted
    assert abs(rows.mean() - wanted) <= 4.0 * error


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(0, 4000))
def test_due_dates_once_a_year_are_policy_years(start, days):
    day = date.fromordinal(start.toordinal() + days)
    assert due_so_far(start, day, 1) == policy_year(start, day)
    assert due_so_far(start, day, 12) >= 12 * (policy_year(start, day) - 1) + 1


@cache
def shelf_at(folder):
    """The shelf's term life, offered by instalments, under the name of the test."""
    root = folder / "products"
    shutil.copytree(installed(), root)
    for name in ("home", "million_medical", "critical_illness", "increasing_whole_life"):
        shutil.rmtree(root / name)
    file = "term_life/product.yaml"
    changed(root, file, "pay: offered, renewal", "pay: offered, mode: offered, renewal")
    changed(root, file, "accepts:  ", OFFER + "accepts:  ")
    module = "  - {use: life/instalments@^1, as: instalments}\n"
    changed(root, file, "provisions:\n", "provisions:\n" + module)
    changed(root, "term_life/rating.yaml", "- {name: payable, kind: round, of: premium",
            TARIFF + "- {name: payable, kind: round, of: instalment")  # fmt: skip
    for name in ("claims", "quotes"):
        (root / "term_life" / f"{name}.yaml").unlink()
    mix = "  pay: {1: 3%, 5: 7%"
    modes = "  mode: {year: 70%, month: 30%}\n"
    changed(root, "term_life/portfolio.yaml", mix, modes + mix)
    gate = "- {name: by_mode, figure: profit_margin, measure: {kind: mean}, at_least: 3%, "
    gate += "by: [mode]}\n"
    path = root / "term_life" / "gates.yaml"
    path.write_text(path.read_text("utf-8") + gate, "utf-8")
    assert inside("build", "term_life", "--shelf", str(root)).returncode == 0
    return root


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    return shelf_at(tmp_path_factory.mktemp("instalments"))


RISK = {"age": 30, "sex": "M", "term": 20, "pay": 20, "sum_insured": 1000000, "mode": "month"}
SET = [word for name, value in RISK.items() for word in ("--set", f"{name}={value}")]


def test_a_quote_tells_the_instalment_and_the_year(shelf):
    """2,456.00 a year by hand (products/term_life/quotes.yaml), × 8.8% is 216.128."""
    where = ("--shelf", str(shelf))
    found = inside("quote", "term_life", *where, *SET)
    assert found.stdout.splitlines() == [
        "216.13 CNY  (accept, on 2026-03-01)",
        "12 times a year: 2593.56 CNY",
    ]
    sheet = inside("quote", "term_life", *where, *SET, "--explain").stdout
    assert "the premium falls due 12 times a year, together 2593.56" in sheet
    assert "instalments.month" in sheet
    assert max(map(len, sheet.splitlines())) <= 80
    told = json.loads(inside("quote", "term_life", *where, *SET, "--json").stdout)
    assert (told["times"], told["annualised"]) == (12, 2593.56)
    yearly = inside("quote", "term_life", *where, *SET[:-1], "mode=year")
    assert yearly.stdout.splitlines() == ["2456.00 CNY  (accept, on 2026-03-01)".replace(".00", "")]


def test_a_claim_in_the_waiting_period_returns_the_instalments_that_fell_due(shelf, tmp_path):
    """From 1 March to 10 May: due on 1 March, 1 April and 1 May, three of 216.13."""
    policy = ", ".join(f"{name}: {value}" for name, value in RISK.items())
    events = tmp_path / "events.yaml"
    events.write_text(
        f"policy: {{start: 2026-03-01, {policy}, premium: 216.13}}\n"
        "events:\n  - {date: 2026-05-10, event: mortality.death, marks: {cause: illness}}\n"
    )
    found = inside("claim", "term_life", "--shelf", str(shelf), "--events", str(events), "--json")
    told = json.loads(found.stdout)
    assert told["premiums_paid"] == pytest.approx(648.39)
    assert told["total"] == pytest.approx(648.39)


def test_the_value_of_a_policy_counts_instalments_and_the_days_of_the_last(shelf):
    """On 16 May 2026: three instalments; of the last, 1 to 31 May, 16 of 31 days are left."""
    found = inside("value", "term_life", "--shelf", str(shelf), *SET, "--start", "2026-03-01",
                   "--on", "2026-05-16", "--json")  # fmt: skip
    told = json.loads(found.stdout)
    assert told["premiums_paid"] == "648.39"
    assert told["unearned"] == f"{216.13 * 16 / 31:.2f}"


def test_the_wording_prints_the_factors_and_traces_them(shelf, tmp_path):
    out = tmp_path / "clause.md"
    found = inside("word", "term_life", "--shelf", str(shelf), "-o", str(out))
    assert found.returncode == 0, found.stdout + found.stderr
    text = out.read_text("utf-8")
    for line in ("半年交：系数为52%", "季交：系数为26.2%", "月交：系数为8.8%"):
        assert line in text
    assert "逐年支付" not in text


def test_a_factor_that_the_wording_does_not_print_is_told(shelf, tmp_path):
    """Law two: what the tariff reads of a module is printed."""
    root = tmp_path / "products"
    shutil.copytree(shelf, root)
    changed(root, "modules/life/instalments.yaml", "month:     {type: ratio,",
            "weekly: {type: ratio, default: 2%}\n  month:     {type: ratio,")  # fmt: skip
    changed(root, "term_life/rating.yaml", "instalments.quarter", "instalments.weekly")
    assert inside("build", "term_life", "--shelf", str(root)).returncode == 0
    found = inside("word", "term_life", "--shelf", str(root), "-o", str(tmp_path / "clause.md"))
    assert found.returncode == 1
    assert "instalments.weekly" in found.stdout + found.stderr


WRONG = [
    ("mode: offered", "mode: weekly", "contract.mode: expected year, half_year, quarter, month or"),
    (OFFER, "", "contract.mode: 'mode' is offered, but 'offers' has no 'mode'"),
    ("quarter, month]", "quarter, week]", "expected a choice of year, half_year, quarter or month"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG)
def test_what_is_wrong_with_a_mode_is_one_line(tmp_path, old, new, said):
    root = write_plain(tmp_path, **{"plain/product.yaml": OFFERED, "plain/rating.yaml": RATING})
    changed(root, "plain/product.yaml", old, new)
    found = inside("build", "plain", "--shelf", str(root))
    assert found.returncode == 2
    assert said in found.stderr, found.stderr
    assert len(found.stderr.splitlines()) == 1


def test_a_contract_of_a_year_has_no_instalments(tmp_path):
    root = tmp_path / "products"
    shutil.copytree(installed(), root)
    changed(root, "home/product.yaml", "renewal:", "mode: month, renewal:")
    found = inside("check", "home", "--shelf", str(root))
    assert found.returncode == 2
    assert "a contract of a year has one premium" in found.stdout + found.stderr
