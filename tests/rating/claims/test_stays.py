"""Claims that follow a life between states: income between dates, premiums waived between dates."""

import pytest

from product_factory.errors import BadInput
from rating.claims import explain, pay_with
from rating.payout import bind
from tests.product_factory.shelves import made
from tests.rating.claims.shelf_products import event
from tests.rating.engines.test_transitions import shelf

INSURED = {"start": "2026-03-01", "age": 40, "sex": "M", "term": 10, "pay": 10}
INSURED |= {"sum_insured": 100_000, "premium": "500.00"}
WAIVES = "  then: {waives: premium}\n"
AFTER_90 = "{every: month, at: end, after: 90 days}"
FALLS_ILL = ("2027-01-10", "disability.disablement")
RECOVERS = "disability.recovery"


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    """Make a plan that pays an income by these due dates."""

    def make(due=AFTER_90, then=WAIVES):
        return bind(made(tmp_path_factory.mktemp("s"), "short_life", shelf(due=due, then=then)))

    return make


def claimed(plan, *events):
    return pay_with(plan, INSURED, [event(*one) for one in events])


def days(settled):
    assert {payment.amount for payment in settled.payments} <= {1_000.0}
    return [payment.date.isoformat() for payment in settled.payments]


def test_income_falls_due_monthly_after_the_elimination_until_recovery(plan):
    """10 January + 90 days is 10 April; the first month ends on 10 May. No part of a month."""
    settled = claimed(plan(), FALLS_ILL, ("2027-08-09", RECOVERS), ("2028-12-31", "alive"))
    assert days(settled) == ["2027-05-10", "2027-06-10", "2027-07-10"]
    paid_to_the_day = claimed(plan(), FALLS_ILL, ("2027-08-10", RECOVERS))
    assert days(paid_to_the_day)[-1] == "2027-08-10"


def test_premiums_are_waived_while_income_runs_and_due_again_after_recovery(plan):
    """Due on 1 March: 2026, 2027 (elimination still runs), not 2028 nor 2029, again 2030."""
    settled = claimed(plan(), FALLS_ILL, ("2029-05-01", RECOVERS), ("2030-03-01", "alive"))
    assert settled.premiums_paid == 3 * 500.0
    assert settled.waived is None
    assert [tuple(str(day) for day in spell) for spell in settled.spared] == [
        ("2027-04-10", "2029-05-01")
    ]
    assert "premiums that fall due from 2027-04-10 to 2029-05-01 are waived" in explain(settled)
    paying = claimed(plan(then=""), FALLS_ILL, ("2029-05-01", RECOVERS), ("2030-03-01", "alive"))
    assert paying.premiums_paid == 5 * 500.0


def test_a_relapse_is_a_new_stay_with_its_own_elimination(plan):
    settled = claimed(
        plan(),
        FALLS_ILL,
        ("2027-05-20", RECOVERS),
        ("2027-06-01", "disability.disablement"),
        ("2027-10-01", "alive"),
    )
    assert days(settled) == ["2027-05-10", "2027-09-30"]


def test_a_benefit_period_ends_income_and_waiver_of_a_stay(plan):
    """12 instalments from 10 May 2027 to 10 April 2028; the premium of March 2029 falls due."""
    due = "{every: month, at: end, after: 90 days, for: 1 years}"
    settled = claimed(plan(due), FALLS_ILL, ("2029-03-01", "alive"))
    assert days(settled)[0] == "2027-05-10"
    assert days(settled)[-1] == "2028-04-10"
    assert len(settled.payments) == 12
    assert settled.premiums_paid == 3 * 500.0


def test_in_advance_the_first_instalment_falls_due_when_the_elimination_is_over(plan):
    advance = plan("{every: month, at: start, after: 90 days}")
    assert days(claimed(advance, FALLS_ILL, ("2027-05-09", "alive"))) == ["2027-04-10"]
    at_once = plan("{every: month, at: start}")
    assert days(claimed(at_once, FALLS_ILL, ("2027-02-10", "alive"))) == [
        "2027-01-10",
        "2027-02-10",
    ]


@pytest.mark.parametrize(
    ("due", "last"),
    [(AFTER_90, "2036-02-10"), ("{every: month, at: start, after: 90 days}", "2036-02-10")],
)
def test_income_ends_with_the_contract(plan, due, last):
    settled = claimed(plan(due), FALLS_ILL, ("2037-01-01", "alive"))
    assert days(settled)[-1] == last
    assert settled.after == "ended"


def test_death_ends_the_income_and_the_contract(plan):
    death = ("2027-06-10", "disability.death")
    settled = claimed(plan(), FALLS_ILL, death, ("2028-01-01", "alive"))
    assert days(settled) == ["2027-05-10", "2027-06-10"]
    assert str(settled.ended) == "2027-06-10"


def test_an_event_that_leads_from_another_state_is_told(plan):
    with pytest.raises(BadInput, match=r"events\[0\].event: 'disability.recovery' leads from 'dis"):
        claimed(plan(), ("2027-01-10", RECOVERS))


def test_the_explanation_names_states_in_both_languages(plan):
    settled = claimed(plan(), FALLS_ILL, ("2027-05-10", "alive"))
    assert "the insured is now disabled" in explain(settled)
    assert "falls due, the insured is disabled" in explain(settled)
    assert "被保险人自此处于失能状态" in explain(settled, "zh")
    assert "在该状态存续期间予以豁免" in explain(settled, "zh")
