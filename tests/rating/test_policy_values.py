"""Projection, profit, filing tables and the value of one policy, on products of the shelf."""

import math
from datetime import date

import numpy as np
import pytest

from product_factory.errors import BadInput, BadValue
from rating.engines.multistate import Cells, bound
from rating.engines.multistate.forward import expected
from rating.engines.multistate.value import net_single_premium, pv_expenses, pv_of_premiums
from rating.filing import filing_tables
from rating.page import width
from rating.policy_value import policy_value
from rating.policy_value_page import explained, value_lines, value_told
from rating.profit import Insured, estimated, profit_tested, reserves
from rating.projection import by_year, project
from tests.the_shelf import shipped

WHOLE_LIFE, TERM = shipped("increasing_whole_life"), shipped("term_life")
MEDICAL = shipped("million_medical")
GIVEN = {"age": "40", "sex": "M", "pay": "5", "sum_insured": "100000"}
START = date(2026, 3, 1)


def insured(*premiums):
    size = len(premiums)
    columns = {
        "age": np.linspace(40.0, 50.0, size),
        "sex": np.zeros(size),
        "pay": np.full(size, 2.0),
        "sum_insured": np.full(size, 100_000.0),
    }
    return Insured(Cells(columns), np.arange(1.0, size + 1.0), np.array(premiums))


def test_projected_flows_are_worth_what_the_engine_says():
    one = insured(21_081.0, 22_000.0)
    model = bound(WHOLE_LIFE, WHOLE_LIFE.bases["best_estimate"], one.cells, one.premiums)
    seen, flows = expected(model), project(model, one.premiums)
    income = one.premiums * pv_of_premiums(model, 1.0 - model.assumed.spent["premium"], seen)
    worth = income - pv_expenses(model, seen) - net_single_premium(model, seen)
    np.testing.assert_allclose(flows.pv(flows.net_cf), worth, rtol=1e-9)


def test_a_profit_test_discounted_at_what_is_earned_is_the_new_business_value():
    """With no interest margin, reserves move profit in time and leave its value alone."""
    one = insured(21_081.0, 22_000.0)
    model = estimated(WHOLE_LIFE, one)
    held = reserves(WHOLE_LIFE, one)
    found = profit_tested(model, one, held, model.assumed.interest[0])
    flows = project(model, one.premiums)
    share = one.policies / one.policies.sum()
    assert math.isclose(found.test.npv, float(share @ flows.pv(flows.net_cf)), rel_tol=1e-6)
    yearly = by_year(flows, one.policies)
    assert np.all(np.diff(yearly.in_force) <= 0.0)


def test_the_reserve_is_never_below_the_cash_value():
    one = insured(21_081.0)
    held = reserves(WHOLE_LIFE, one)[0]
    assert held[0] == 0.0
    assert held[5] >= 100_154.45 - 0.005


def test_a_policy_is_worth_its_cash_value_on_a_straight_line():
    """products/increasing_whole_life/claims.yaml: 100,154.45 at the end of year 5."""
    eve = policy_value(WHOLE_LIFE, GIVEN, START, date(2031, 2, 28))
    then = policy_value(WHOLE_LIFE, GIVEN, START, date(2031, 3, 1))
    end = "cash_value_at_year_end"
    assert f"{eve[end]:.2f}" == f"{then['cash_value']:.2f}" == "100154.45"
    assert eve.policy_year == 5
    within = policy_value(WHOLE_LIFE, GIVEN, START, date(2030, 6, 18))
    assert within["cash_value"] < within["refund"] == eve[end]  # as wording and claims pay it
    assert then["premiums_paid"] == eve["premiums_paid"] == 5 * 21_081.0
    assert then["unearned"] == 0.0
    assert math.isclose(then["policy_loan"], 0.8 * then[end])  # of what the wording calls so
    first = policy_value(WHOLE_LIFE, GIVEN, START, START)
    assert (first["cash_value"], first["unearned"]) == (0.0, 21_081.0)
    assert any("cash value" in line for line in value_lines(eve))
    with pytest.raises(BadValue, match="expected a day from the start 2026-03-01 on"):
        policy_value(WHOLE_LIFE, GIVEN, START, date(2026, 2, 28))


def test_within_the_free_look_the_premium_is_returned():
    """15 days, the first not counted (民法典 201): 16 March is the last; then the cash value."""
    for day in (1, 5, 16):
        found = policy_value(WHOLE_LIFE, GIVEN, START, date(2026, 3, day))
        assert found["refund"] == 21_081.0
    after = policy_value(WHOLE_LIFE, GIVEN, START, date(2026, 3, 17))
    assert after["refund"] == after["cash_value_at_year_end"] < 21_081.0


def test_a_year_of_medical_cover_returns_the_net_premium_of_whole_months():
    """Clause 十三: (711 - 30%) × whole months to come / 12; on 31 August half a year is to come."""
    risk = {"age": "30", "sex": "M", "ssi": "member", "deductible": "10000"}
    for day, months in (
        (date(2026, 3, 1), 12), (date(2026, 3, 2), 11), (date(2026, 8, 31), 6),
        (date(2026, 9, 1), 6), (date(2026, 9, 2), 5), (date(2027, 2, 2), 0),
    ):  # fmt: skip
        found = policy_value(MEDICAL, risk, START, day)
        assert found["refund"] == found["cash_value"] == pytest.approx(711 * 0.7 * months / 12)
    half = policy_value(MEDICAL, risk, START, date(2026, 8, 31))
    assert value_told(half)["refund"] == "248.85"
    assert value_told(half)["unearned"] == "354.53"  # 182 of 365 days
    with pytest.raises(BadValue, match="expected a day within the term from 2026-03-01 on"):
        policy_value(MEDICAL, risk, START, date(2027, 3, 1))


def test_a_reserve_in_a_state_names_the_state_and_how_long_it_has_lasted():
    risk = {"age": "30", "sex": "M", "term": "20", "pay": "20", "sum_insured": "1000"}
    found = policy_value(shipped("disability_income"), risk, START, date(2033, 3, 1))
    page = " ".join(" ".join(explained(found)).split())
    assert "basis valuation, disability.disabled for 1 year products/" in page
    assert "basis valuation, disability.disabled for 5 years products/" in page


def test_an_explained_value_ends_with_the_refund_and_fits_a_terminal():
    found = policy_value(WHOLE_LIFE, GIVEN, START, date(2032, 6, 18))
    lines = explained(found)
    assert max(map(width, lines)) <= 80
    assert f"{'policy loan':<24} {'83160.87':>13}" in lines
    assert any("policy_loan.yaml:" in line for line in lines)
    heads = [line for line in lines if not line.startswith(" ")]
    assert heads == value_lines(found)[2:]


def test_a_sum_insured_may_be_reduced_within_its_bounds():
    """From year 6 on by 20% of the sum at the start, and 10,000 stay: clause 减保."""
    early = policy_value(WHOLE_LIFE, GIVEN, START, date(2031, 2, 28))
    assert "partial_surrender" not in early
    later = policy_value(WHOLE_LIFE, GIVEN, START, date(2031, 3, 1))
    assert later["partial_surrender_sum"] == 20_000.0
    cash = later["cash_value_at_year_end"]
    assert later["partial_surrender"] == pytest.approx(0.2 * cash)
    small = GIVEN | {"sum_insured": "11000"}
    least = policy_value(WHOLE_LIFE, small, START, date(2031, 3, 1))
    assert least["partial_surrender_sum"] == 1_000.0


def test_filing_tables_hold_a_row_for_each_cell_and_year():
    premiums, values, held, paid_up, extended = filing_tables(TERM)
    assert len(premiums.rows) == 1144
    decided = ("decision", "reason", "open")
    assert premiums.columns == ("age", "sex", "term", "pay", "premium", *decided)
    rows = {row[:4]: row[4] for row in premiums.rows}
    assert rows["30", "M", "20", "20"] == "24.56"
    years = [row for row in values.rows if row[:4] == ("30", "M", "20", "20")]
    assert [row[4] for row in years] == [str(year) for year in range(1, 21)]
    assert len(held.rows) == len(values.rows)
    assert premiums.csv().startswith("# title: ")
    # per 10,000, end of year 7: claims.yaml's method gives 20.4013, the reserve by hand 51.28
    found = [
        next(r[5] for r in t.rows if r[:5] == ("30", "M", "20", "20", "7"))
        for t in (values, held, paid_up)
    ]
    assert found == ["20.40", "51.28", "799.54"]
    assert len([row for row in paid_up.rows if row[:4] == ("30", "M", "20", "20")]) == 19
    assert extended.columns[-3:] == (
        "extended_term_years", "extended_term_days", "extended_term_at_end",
    )  # fmt: skip
    assert all(f"digest: {TERM.digest}" in t.note and t.title and t.unit for t in (held, paid_up))


def test_a_yearly_product_has_no_filing_tables_of_life():
    with pytest.raises(BadInput, match="whose rates the multistate engine builds"):
        filing_tables(shipped("home"))
