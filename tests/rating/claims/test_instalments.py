"""Payments at due dates on one policy: which are listed, on which days, and what a death leaves."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadInput
from rating.claims import as_json, pay_with
from rating.payout import bind
from tests.product_factory.shelves import made
from tests.rating.claims.shelf_products import event, life_policy, plan
from tests.rating.engines.test_instalments import shelf

PENSION = {
    "start": "2026-03-01",
    "age": 40,
    "sex": "M",
    "annuity_age": 60,
    "pay": 10,
    "sum_insured": 12_000,
    "premium": "21790.20",
}
FIRST, GUARANTEED = date(2046, 3, 1), 20
ILLNESS = {"cause": "illness"}


def died(day):
    return event(day, "mortality.death", ILLNESS)


def annuities(settlement):
    return [(p.date, p.amount) for p in settlement.payments if p.name == "annuity"]


def anniversaries(day):
    """Due dates up to and including a day, year by year."""
    return [date(year, 3, 1) for year in range(2046, day.year + 1) if date(year, 3, 1) <= day]


DAYS = st.dates(date(2046, 3, 1), date(2090, 1, 1))


@given(DAYS)
def test_who_dies_within_the_guarantee_has_been_paid_all_of_it_and_no_more(day):
    """Twenty annuities in all, however early the death; after the guarantee one a year lived."""
    paid = annuities(pay_with(plan("annuity"), PENSION, [died(day)]))
    lived = anniversaries(day)
    assert paid[:-1] == [(due, 12_000.0) for due in lived]
    assert paid[-1] == (day, 12_000.0 * max(GUARANTEED - len(lived), 0))
    assert sum(amount for _, amount in paid) == 12_000.0 * max(GUARANTEED, len(lived))


@given(st.lists(DAYS, min_size=1, max_size=4))
def test_every_due_date_is_listed_once_in_whatever_order_the_insured_was_seen_alive(days):
    settlement = pay_with(plan("annuity"), PENSION, [event(day, "alive") for day in days])
    assert annuities(settlement) == [(due, 12_000.0) for due in anniversaries(max(days))]
    assert settlement.after == "in_force"
    assert [e.date for e in settlement.events] == sorted(e.date for e in settlement.events)


def test_the_day_before_a_due_date_and_the_day_itself_differ_by_which_part_pays():
    eve, day = FIRST - timedelta(days=1), FIRST
    before = pay_with(plan("annuity"), PENSION, [died(eve)])
    assert [(p.name, p.amount > 0) for p in before.payments] == [("death", True)]
    (answer,) = [a for a in before.events[-1].answers if a.name == "annuity"]
    assert (answer.outcome, answer.amount) == ("not_begun", None)
    there = annuities(pay_with(plan("annuity"), PENSION, [died(day)]))
    assert there == [(day, 12_000.0), (day, 19 * 12_000.0)]


def test_nothing_falls_due_after_a_death_or_a_surrender():
    seen = event("2060-01-01", "alive")
    for ending in (died("2049-05-05"), event("2049-05-05", "lapse.surrender")):
        settlement = pay_with(plan("annuity"), PENSION, [seen, ending])
        assert max(p.date for p in settlement.payments) == date(2049, 5, 5)
        assert settlement.events[-1].status == "after_end"
        assert settlement.after == "ended"


def test_what_an_exclusion_takes_leaves_nothing_of_the_guarantee():
    crime = event("2049-05-05", "mortality.death", {"cause": "crime"})
    settlement = pay_with(plan("annuity"), PENSION, [crime])
    assert [p.name for p in settlement.payments if p.date == crime.date] == ["statutory.crime"]


def test_a_life_that_ended_ends_the_contract_though_no_cover_says_so():
    settlement = pay_with(plan("annuity"), PENSION, [died("2070-01-01")])
    assert settlement.after == "ended"
    assert settlement.ended == date(2070, 1, 1)


POLICY = {
    "start": "2026-01-31",
    "age": 30,
    "sex": "M",
    "term": 20,
    "pay": 20,
    "sum_insured": 1_000,
    "premium": 7,
}


def listed(tmp_path, due, last, amount="sum_insured", **more):
    product = made(tmp_path, "short_life", shelf(due, amount, **more))
    settlement = pay_with(bind(product), POLICY, [event(last, "alive")])
    return [(p.date.isoformat(), p.amount) for p in settlement.payments]


def test_months_end_on_their_last_day_and_amounts_are_rounded_each(tmp_path):
    due = "{every: month, at: end, until: 1 years}"
    found = listed(tmp_path, due, "2027-05-01", "sum_insured / 7")
    assert [day for day, _ in found][:3] == ["2026-02-28", "2026-03-31", "2026-04-30"]
    assert len(found) == 12
    assert {amount for _, amount in found} == {142.86}


def test_each_policy_is_paid_as_often_as_its_customer_chose(tmp_path):
    """年领 or 月领; on the first anniversary thirteen months have begun, or two years."""
    due = "{every: [{when: {sex: F}, is: 1 / 12}, {otherwise: 1}]}"
    amount = "[{when: {sex: F}, is: sum_insured / 12}, {otherwise: sum_insured}]"
    product = made(tmp_path, "short_life", shelf(due, amount, step="month"))
    seen = [event("2027-02-28", "alive")]
    for sex, payments in (("M", 2), ("F", 13)):
        found = pay_with(bind(product), POLICY | {"sex": sex, "start": "2026-02-28"}, seen)
        assert len(found.payments) == payments


def test_amounts_read_the_policy_year_that_the_payment_is_for(tmp_path):
    """In arrears the year that ends, so that one premium was paid for it, not two."""
    arrears = listed(tmp_path / "a", "{every: year, at: end}", "2028-02-01", "premiums_paid")
    assert arrears == [("2027-01-31", 7.0), ("2028-01-31", 14.0)]
    advance = listed(tmp_path / "b", "{every: year}", "2028-02-01", "premiums_paid")
    assert advance == [("2026-01-31", 7.0), ("2027-01-31", 14.0), ("2028-01-31", 21.0)]


def test_a_condition_on_the_policy_says_whether_anything_falls_due(tmp_path):
    where = "  where: {sex: F}\n"
    assert listed(tmp_path, "{every: year}", "2030-01-01", where=where) == []


def test_the_last_payment_of_a_term_falls_on_the_day_after_it(tmp_path):
    assert listed(tmp_path / "a", "{once: term}", "2046-01-30") == []
    assert listed(tmp_path / "b", "{once: term}", "2050-01-01") == [("2046-01-31", 1_000.0)]
    assert listed(tmp_path / "c", "{every: 15 years}", "2050-01-01") == [
        ("2026-01-31", 1_000.0),
        ("2041-01-31", 1_000.0),
    ]


def test_a_time_before_the_start_is_told(tmp_path):
    with pytest.raises(BadInput, match="expected whole years from the start on, got -5"):
        listed(tmp_path, "{every: year, from: {age: 25}}", "2030-01-01")


def test_a_premium_that_nobody_stated_is_told(tmp_path):
    product = made(tmp_path, "short_life", shelf("{every: year}", "premiums_paid"))
    policy = {name: value for name, value in POLICY.items() if name != "premium"}
    with pytest.raises(BadInput, match="'premium' of the policy is not stated"):
        pay_with(bind(product), policy, [event("2027-01-01", "alive")])


def test_alive_has_no_marks_and_is_no_event_where_nothing_falls_due():
    with pytest.raises(BadInput, match="'alive' has no marks; leave them out"):
        pay_with(plan("annuity"), PENSION, [event("2047-01-01", "alive", ILLNESS)])
    with pytest.raises(BadInput, match=r"unknown event 'alife'; did you mean 'alive'\?"):
        pay_with(plan("annuity"), PENSION, [event("2047-01-01", "alife")])
    with pytest.raises(BadInput, match=r"unknown event 'alive'$"):
        pay_with(plan("term_life"), life_policy(), [event("2027-01-01", "alive")])


def test_a_settlement_with_due_dates_is_plain_values_for_json():
    told = as_json(pay_with(plan("annuity"), PENSION, [died("2050-03-01")]))
    assert [e["event"] for e in told["events"]] == ["alive"] * 5 + ["mortality.death"]
    assert told["total"] == 240_000.0
