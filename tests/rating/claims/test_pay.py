"""When a contract pays, when it does not, and what a claim must state."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from product_factory.errors import BadInput, Refused
from product_factory.module import Then
from product_factory.numbers.dates import anniversary
from rating.claims import pay, pay_with
from rating.claims.policy import years_in_force
from tests.rating.claims.shelf_products import (
    START,
    event,
    home_policy,
    life_policy,
    plan,
    product,
)

FIRE = {"cause": "accidental", "loss": {"contents": 3000}}


def outcomes(settlement, number=0):
    return {(a.name, a.item): a.outcome for a in settlement.events[number].answers}


# when


@pytest.mark.parametrize(
    ("day", "status", "after", "total"),
    [
        ("2026-03-01", "settled", "in_force", 2500.0),
        ("2027-02-28", "settled", "in_force", 2500.0),
        ("2027-03-01", "after_term", "ended", 0.0),
    ],
)
def test_a_contract_is_in_force_from_its_start_to_the_eve_of_its_end(day, status, after, total):
    settlement = pay_with(plan("home"), home_policy(), [event(day, "fire.occurrence", FIRE)])
    assert (settlement.events[0].status, settlement.after, settlement.total) == (
        status,
        after,
        total,
    )


def test_nothing_is_paid_after_a_payment_ended_the_contract():
    events = [
        event("2030-01-01", "lapse.surrender"),
        event("2029-12-31", "mortality.death", {"cause": "accident"}),
    ]
    settlement = pay_with(plan("term_life"), life_policy(), events)
    assert [e.status for e in settlement.events] == ["settled", "after_end"]
    assert (settlement.total, settlement.ended) == (1_000_000.0, date(2029, 12, 31))
    assert settlement.after == "ended"


def test_events_of_one_date_are_seen_by_all_covers_before_any_effect():
    """LANGUAGE.md, decision 15."""
    events = [
        event("2029-12-31", "mortality.death", {"cause": "accident"}),
        event("2029-12-31", "lapse.surrender"),
    ]
    settlement = pay_with(plan("term_life"), life_policy(cash_value=77), events)
    assert [p.amount for p in settlement.payments] == [1_000_000.0, 77.0]


@pytest.mark.parametrize(
    ("day", "outcome", "amount"), [(89, "instead", 2456.0), (90, "paid", 1e6), (91, "paid", 1e6)]
)
def test_a_waiting_period_of_90_days_covers_the_days_0_to_89(day, outcome, amount):
    dead = event(START + timedelta(days=day), "mortality.death", {"cause": "illness"})
    (answer,) = [
        a
        for a in pay_with(plan("term_life"), life_policy(), [dead]).events[0].answers
        if not a.exclusion
    ]
    assert (answer.outcome, answer.amount) == (outcome, amount)
    assert answer.waiting is not None
    assert (answer.waiting.day, answer.waiting.days) == (day, 90)


@pytest.mark.parametrize("start", [date(2026, 3, 1), date(2024, 2, 29), date(2027, 12, 31)])
@pytest.mark.parametrize("years", [1, 2, 3, 4, 20])
def test_years_in_force_are_exact_at_anniversaries_and_below_on_their_eve(start, years):
    day = anniversary(start, years)
    assert years_in_force(start, day) == years
    assert years - 0.003 < years_in_force(start, day - timedelta(days=1)) < years


def test_a_term_to_60_ends_on_the_anniversary_at_that_age():
    settlement = pay_with(plan("term_life"), life_policy(term="to 60"), [])
    assert settlement.end == date(2056, 3, 1)


def test_premiums_paid_count_due_dates_up_to_the_event_and_no_more_than_are_due():
    dead = event("2040-01-01", "mortality.death", {"cause": "illness"})
    paid = [
        pay_with(plan("term_life"), life_policy(pay=pays), [dead]).premiums_paid
        for pays in (1, 5, 20)
    ]
    assert paid == [2456.0, 12280.0, 34384.0]  # 1, 5 and 14 premiums


def test_a_cover_that_its_own_payment_ended_pays_no_more_while_others_do():
    home = product("home")
    fire = home.covers["fire"]
    pays = fire.module.pays.model_copy(update={"then": Then.model_construct(ends="cover")})
    ending = replace(fire, module=fire.module.model_copy(update={"pays": pays}))
    changed = replace(home, covers={**home.covers, "fire": ending})
    events = [
        event("2026-04-01", "fire.occurrence", FIRE),
        event("2026-05-01", "fire.occurrence", FIRE),
        event("2026-05-01", "water_damage.occurrence", FIRE),
    ]
    settlement = pay(changed, home_policy(), events)
    assert [(p.name, p.amount) for p in settlement.payments] == [
        ("fire", 2500.0),
        ("water_damage", 2500.0),
    ]
    assert outcomes(settlement, 1)["fire", "contents"] == "cover_ended"
    assert settlement.after == "in_force"


# what


def test_an_excluded_event_reaches_no_cover():
    wilful = event("2026-04-01", "fire.occurrence", FIRE | {"cause": "wilful"})
    settlement = pay_with(plan("home"), home_policy(), [wilful])
    assert outcomes(settlement) == {
        ("common.wilful_or_wear", ""): "takes",
        ("common.extraordinary", ""): "fits_not",
        ("fire", "building"): "excluded",
        ("fire", "contents"): "excluded",
    }


def test_items_that_are_not_hit_or_not_insured_are_told_apart():
    bare = home_policy(items={"building": {"value": 500_000, "sum_insured": 500_000}})
    hit = event("2026-04-01", "fire.occurrence", {"cause": "accidental", "loss": {"contents": 9}})
    assert outcomes(pay_with(plan("home"), bare, [hit])) == {
        ("common.wilful_or_wear", ""): "fits_not",
        ("common.extraordinary", ""): "fits_not",
        ("fire", "building"): "not_hit",
        ("fire", "contents"): "not_insured",
    }


def test_a_stated_loss_goes_before_the_one_that_damage_would_give():
    both = {"cause": "accidental", "damage": {"building": "50%"}, "loss": {"building": 10_500}}
    settlement = pay_with(plan("home"), home_policy(), [event(START, "fire.occurrence", both)])
    assert settlement.total == 4750.0  # half insured: 10,500 x 50% - 500
    only = {"cause": "accidental", "damage": {"building": "50%"}}
    settlement = pay_with(plan("home"), home_policy(), [event(START, "fire.occurrence", only)])
    assert settlement.total == 249_500.0  # 1,000,000 x 50% x 50% - 500
    basis = next(a for a in settlement.events[0].answers if a.outcome == "paid").basis
    assert [(read.name, read.computed) for read in basis.reads] == [("loss", True)]


def test_a_cash_value_that_the_policy_states_goes_before_the_computed_one():
    given_up = [event("2035-09-01", "lapse.surrender")]
    computed = pay_with(plan("term_life"), life_policy(), given_up)
    stated = pay_with(plan("term_life"), life_policy(cash_value="5000.5"), given_up)
    assert (computed.total, stated.total) == (4022.02, 5000.5)


# errors


@pytest.mark.parametrize(
    ("policy", "name", "marks", "message"),
    [
        (
            home_policy(),
            "fire.occurence",
            {},
            "events[0].event: unknown event 'fire.occurence'; did",
        ),
        (home_policy(), "fire.occurrence", {"los": {}}, "unknown mark 'los'; did you mean 'loss'?"),
        (
            home_policy(),
            "fire.occurrence",
            {"cause": "wilfull"},
            "nuclear, earthquake or confiscation, got wilfull; did you mean 'wilful'?",
        ),
        (
            home_policy(),
            "fire.occurrence",
            {"cause": "wear", "loss": {"content": 1}},
            "events[0].marks.loss: unknown item 'content'; did you mean 'contents'?",
        ),
        (
            home_policy(),
            "fire.occurrence",
            {"cause": "wear", "loss": 500},
            "expected a value for each item such as {building: …, contents: …}, got 500",
        ),
        (
            home_policy(),
            "fire.occurrence",
            {"cause": {"contents": "wear"}},
            "events[0].marks.cause: expected one value, got keys with values",
        ),
        (
            home_policy(),
            "fire.occurrence",
            FIRE | {"loss": {"contents": "-5"}},
            "events[0].marks.loss.contents: expected 0 or more, got -5",
        ),
        (
            home_policy(),
            "fire.occurrence",
            FIRE | {"loss": {"contents": "much"}},
            "expected an amount of money such as 10000, got much",
        ),
        (
            home_policy(),
            "fire.occurrence",
            {"loss": {"contents": 5}},
            "events[0].marks: 'cause' is not stated, and 'common.wilful_or_wear' reads 'cause'",
        ),
        (
            home_policy(),
            "fire.occurrence",
            {"cause": "accidental"},
            "events[0].marks: neither 'loss' nor 'damage' is stated, and 'fire' reads 'loss'",
        ),
        (
            life_policy(premium=None),
            "mortality.death",
            {"cause": "illness"},
            "'premium' of the policy is not stated, and 'death' reads 'premiums_paid'",
        ),
        (
            home_policy(start=None),
            "fire.occurrence",
            FIRE,
            "start: expected a day such as 2026-03-01",
        ),
        (home_policy(premium=-1), "fire.occurrence", FIRE, "premium: expected 0 or more, got -1"),
        (home_policy(premiun=1), "fire.occurrence", FIRE, "unknown variable 'premiun'"),
        (home_policy(deductible=7), "fire.occurrence", FIRE, "deductible: expected 500 or 1000"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_is_wrong_with_a_claim_is_named(policy, name, marks, message):
    held = plan("home" if "items" in policy else "term_life")
    with pytest.raises(BadInput) as caught:
        pay_with(held, policy, [event("2026-04-01", name, marks)])
    assert message in str(caught.value)


def test_a_premium_that_no_promise_needs_need_not_be_stated():
    """Within the waiting period premiums paid are the benefit; after it nothing reads them."""
    dead = event("2027-04-01", "mortality.death", {"cause": "illness"})
    assert pay_with(plan("term_life"), life_policy(premium=None), [dead]).total == 1_000_000.0


def test_marks_of_an_excluded_event_that_only_covers_read_need_not_be_stated():
    wilful = event("2026-04-01", "fire.occurrence", {"cause": "wilful"})
    assert pay_with(plan("home"), home_policy(), [wilful]).total == 0.0


def test_a_cash_value_that_nobody_says_how_to_compute_must_be_stated():
    life = product("term_life")
    bare = replace(life, product=life.product.model_copy(update={"values": {}}))
    with pytest.raises(BadInput, match="'cash_value' of the policy is not stated"):
        pay(bare, life_policy(), [event("2030-01-01", "lapse.surrender")])


def test_a_policy_that_is_not_sold_is_refused_in_the_language_asked_for():
    items = {"building": {"value": 100_000, "sum_insured": 200_000}}
    with pytest.raises(Refused, match="保险金额不得超过保险价值"):
        pay_with(plan("home"), home_policy(items=items), [], "zh")
