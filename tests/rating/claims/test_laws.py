"""What holds for every policy and every list of events, whatever the product says."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.numbers.rounding import round_half_up
from rating.claims import pay_with
from rating.claims.settlement import Answer, Settlement
from tests.rating.claims.shelf_products import (
    START,
    event,
    home_events,
    home_of_years,
    home_policies,
    loss_of,
    plan,
)

CENT = 0.01 + 1e-6
"""A float may take a half-cent tie either way when claims are added in another order."""
SECOND = date(2027, 3, 1)


def sums(settlement: Settlement) -> dict[Any, float]:
    """What is paid by date, name and item."""
    found: dict[Any, float] = defaultdict(float)
    for payment in settlement.payments:
        found[payment.date, payment.name, payment.item] += payment.amount
    return dict(found)


@given(policy=home_policies(), events=home_events())
def test_an_indemnity_never_exceeds_the_loss_and_no_payment_is_below_zero(policy, events):
    settlement = pay_with(plan("home"), policy, events)
    stated = sorted(events, key=lambda one: one.date)
    for happened, settled in zip(stated, settlement.events, strict=True):
        for answer in settled.answers:
            if answer.amount is None:
                continue
            assert answer.amount >= 0.0
            if not answer.exclusion:
                loss = loss_of(happened, policy, answer.item)
                assert answer.amount <= round_half_up(loss, 1.0, 100.0)


@given(policy=home_policies(), events=home_events(), data=st.data())
def test_the_order_of_events_does_not_matter(policy, events, data):
    one = sums(pay_with(plan("home"), policy, events))
    other = sums(pay_with(plan("home"), policy, data.draw(st.permutations(events))))
    assert one.keys() == other.keys()
    for key, amount in one.items():
        assert abs(amount - other[key]) <= CENT * len(events)


@given(
    policy=home_policies(),
    first=home_events(START, SECOND - timedelta(days=1)),
    second=home_events(SECOND, date(2028, 2, 28)),
)
def test_the_years_of_a_contract_pay_what_a_contract_for_each_year_pays(policy, first, second):
    """Every balance of home is of an event or a policy year: at the anniversary all is renewed."""
    whole = pay_with(home_of_years(2), policy, [*second, *first])
    parts = [
        pay_with(plan("home"), policy, first),
        pay_with(plan("home"), policy | {"start": SECOND}, second),
    ]
    assert whole.payments == parts[0].payments + parts[1].payments


@given(policy=home_policies(), events=home_events(most=10))
def test_the_perils_together_never_pay_more_than_the_sum_insured_of_an_item(policy, events):
    """The covers' limits are joined in a pool: one sum insured per item and year."""
    paid: dict[str, float] = defaultdict(float)
    payments = pay_with(plan("home"), policy, events).payments
    for payment in payments:
        paid[payment.item] += payment.amount
    for item, insured in policy["items"].items():
        assert paid[item] <= insured["sum_insured"] + CENT / 2 * len(payments)


def test_without_the_pool_the_perils_would_pay_more_than_the_sum_insured():
    """So that the law above cannot hold by chance: each peril alone exhausts it."""
    policy = {
        "start": START,
        "city": "xiamen",
        "construction": "brick_wood",
        "deductible": 500,
        "items": {"building": {"value": 200_000, "sum_insured": 200_000}},
    }
    day = START + timedelta(days=9)
    alone = [
        pay_with(plan("home"), policy, [happened(name, day)]).total
        for name in ("fire.occurrence", "water_damage.occurrence")
    ]
    both = [happened(name, day) for name in ("fire.occurrence", "water_damage.occurrence")]
    assert sum(alone) == 399_000.0
    assert pay_with(plan("home"), policy, both).total == 200_000.0


def happened(name: str, day: date) -> Any:
    return event(day, name, {"cause": "accidental", "damage": {"building": "100%"}})


def trail_holds(answer: Answer) -> None:
    """The trail ends in the payment, and each line takes up where the one above left."""
    assert answer.gross is not None
    came = answer.gross
    for line in answer.lines:
        assert line.came == came
        assert line.kept <= line.came + 1e-9
        came = line.kept
        if line.balance is not None:
            taken = line.balance.before - line.balance.after
            assert -1e-6 <= taken <= line.balance.before + 1e-9
    assert answer.amount == round_half_up(came, 1.0, 100.0)


@given(policy=home_policies(), events=home_events())
def test_the_trail_of_every_payment_leads_from_the_loss_to_what_is_paid(policy, events):
    settlement = pay_with(plan("home"), policy, events)
    for settled in settlement.events:
        for answer in settled.answers:
            if answer.amount is None:
                assert (answer.gross, answer.lines) == (None, ())
            else:
                trail_holds(answer)


@given(policy=home_policies(), events=home_events(most=8))
def test_what_is_left_of_a_pool_before_a_claim_is_what_the_one_before_left(policy, events):
    """Across covers and dates, item by item."""
    left: dict[str, float] = {}
    day: dict[str, date] = {}
    for settled in pay_with(plan("home"), policy, events).events:
        for answer in settled.answers:
            for line in answer.lines:
                if line.pool != "item_limit" or line.balance is None:
                    continue
                if day.get(answer.item) != settled.date and answer.item in left:
                    assert line.balance.before == pytest.approx(left[answer.item], abs=1e-6)
                left[answer.item], day[answer.item] = line.balance.after, settled.date
