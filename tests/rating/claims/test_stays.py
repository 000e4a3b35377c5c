"""Claims that follow a life between states: income between dates, premiums waived between dates."""

import calendar
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
    ("recovers", "again", "paid"),
    [
        ("2027-05-20", "2027-11-15", "2027-12-15"),  # 179 days: goes on at once
        ("2027-05-20", "2027-11-16", "2028-03-14"),  # 180 days: 90 more of elimination
        ("2027-04-09", "2027-06-01", "2027-09-30"),  # the elimination had not ended
        ("2027-04-10", "2027-06-01", "2027-07-01"),
    ],
)
def test_a_relapse_soon_after_payments_had_begun_needs_no_new_elimination(
    plan, recovers, again, paid
):
    due = "{every: month, at: end, after: 90 days, relapse: 180 days}"
    events = ((recovers, RECOVERS), (again, "disability.disablement"), ("2028-06-01", "alive"))
    settled = claimed(plan(due), FALLS_ILL, *events)
    assert next(day for day in days(settled) if day > again) == paid


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


RELAPSING = "{every: month, at: end, after: 90 days, relapse: 180 days}"
START, END, DAY = date(2026, 3, 1), date(2036, 3, 1), timedelta(days=1)


@cache
def relapsing(folder):
    files = shelf(due=RELAPSING, then=WAIVES)
    return bind(made(folder, "short_life", files))


def later(first, months):
    """The same day so many months later, or the last of its month."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def slowly(changes, last):
    """Walk day by day: what is paid on which day, and how many premiums fall due."""
    begins = spared = None
    entered, paid, premiums, due = None, [], 0, []
    day = START
    while day <= min(last, END):
        if entered and day > begins and day in due:
            paid.append(day)
        if (day.month, day.day) == (3, 1) and day < END:
            premiums += not (entered and entered < day and begins <= day)
        if day in changes and day < END:
            if entered is None:
                entered = day
                again = spared is not None and day < spared
                begins = day if again else day + 90 * DAY
                due = {later(begins, months) for months in range(1, 121)}
            else:
                spared = day + 180 * DAY if begins <= day else None
                entered = None
        day += DAY
    return paid, premiums


@given(
    gaps=st.lists(st.integers(1, 500), min_size=1, max_size=8),
    facts=st.lists(st.integers(0, 4_000), max_size=4),
)
def test_any_history_pays_what_a_walk_day_by_day_pays(tmp_path_factory, gaps, facts):
    """Facts between events change nothing but how far payments are listed."""
    plan = relapsing(tmp_path_factory.getbasetemp() / "stays")
    changes, day = [], START
    for gap in gaps:
        day += gap * DAY
        changes.append(day)
    names = ("disability.disablement", RECOVERS)
    events = [(day, names[number % 2]) for number, day in enumerate(changes)]
    last = max([*changes, *(START + fact * DAY for fact in facts)])
    settled = claimed(plan, *events, *((START + fact * DAY, "alive") for fact in facts))
    paid, premiums = slowly({day for day in changes if day < END}, last)
    assert [payment.date for payment in settled.payments] == paid
    if last < END:
        assert settled.premiums_paid == premiums * 500.0
