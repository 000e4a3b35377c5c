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
from rating.policy_value import policy_value, value_lines
from rating.profit import Insured, estimated, profit_tested, reserves
from rating.projection import by_year, project
from tests.the_shelf import shipped

WHOLE_LIFE, TERM = shipped("increasing_whole_life"), shipped("term_life")
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
    assert f"{eve.at_year_end:.2f}" == f"{then.cash_value:.2f}" == "100154.45"
    assert eve.policy_year == 5
    within = policy_value(WHOLE_LIFE, GIVEN, START, date(2030, 6, 18))
    assert within.cash_value < within.refund == eve.at_year_end  # as wording and claims pay it
    assert then.premiums_paid == eve.premiums_paid == 5 * 21_081.0
    assert then.unearned == 0.0
    assert math.isclose(then.loan, 0.8 * then.cash_value)
    first = policy_value(WHOLE_LIFE, GIVEN, START, START)
    assert (first.cash_value, first.unearned) == (0.0, 21_081.0)
    assert any("cash value" in line for line in value_lines(eve))
    with pytest.raises(BadValue, match="expected a day from the start 2026-03-01 on"):
        policy_value(WHOLE_LIFE, GIVEN, START, date(2026, 2, 28))


def test_filing_tables_hold_a_row_for_each_cell_and_year():
    premiums, values, held = filing_tables(TERM)
    assert len(premiums.rows) == 1144
    assert premiums.columns == ("age", "sex", "term", "pay", "premium")
    rows = {row[:4]: row[4] for row in premiums.rows}
    assert rows["30", "M", "20", "20"] == "24.56"
    years = [row for row in values.rows if row[:4] == ("30", "M", "20", "20")]
    assert [row[4] for row in years] == [str(year) for year in range(1, 21)]
    assert len(held.rows) == len(values.rows)
    assert premiums.csv().startswith("# title: ")


def test_a_yearly_product_has_no_filing_tables_of_life():
    with pytest.raises(BadInput, match="whose rates the multistate engine builds"):
        filing_tables(shipped("home"))
