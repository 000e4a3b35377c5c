"""What is paid against an independent payer that reads the YAML alone."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.shelf import installed
from rating.claims import Settlement, pay_with
from tests.rating.claims.reference import Reference
from tests.rating.claims.shelf_products import (
    START,
    event,
    home_events,
    home_policies,
    home_policy,
    life_policy,
    plan,
    product,
)

HALF_A_CENT = 0.005 + 1e-6
"""Payments are rounded to the cent; the reference is not, and floats may take a tie either way."""
HOME = Reference(installed(), "home")
LIFE = Reference(installed(), "term_life")
MEDICAL = Reference(installed(), "million_medical")


def exact(value: Any) -> Any:
    """Numbers and shares as fractions, everything else as it is."""
    if isinstance(value, dict):
        return {key: exact(entry) for key, entry in value.items()}
    if isinstance(value, str) and value.endswith("%"):
        return Fraction(value[:-1]) / 100
    try:
        return value if isinstance(value, date) else Fraction(str(value))
    except ValueError:
        return day_or_word(value)


def day_or_word(text: Any) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def agree(settlement: Settlement, reference: Reference, policy: Any, events: Any) -> None:
    stated = [{"date": e.date, "event": e.event, "marks": exact(e.marks)} for e in events]
    expected: dict[Any, list[Fraction]] = {}
    for number, name, item, amount in reference.pay(exact(policy), stated):
        expected.setdefault((events[number].date, name, item), []).append(amount)
    paid: dict[Any, list[float]] = {}
    for payment in settlement.payments:
        paid.setdefault((payment.date, payment.name, payment.item), []).append(payment.amount)
    assert {k: len(v) for k, v in paid.items()} == {k: len(v) for k, v in expected.items()}
    for key, amounts in paid.items():
        for one, other in zip(sorted(amounts), sorted(expected[key]), strict=True):
            assert abs(one - float(other)) <= HALF_A_CENT, key


@given(
    policy=home_policies(),
    events=home_events(START, date(2027, 3, 10), most=8),
)
def test_random_events_on_a_home_pay_what_the_reference_pays(policy, events):
    agree(pay_with(plan("home"), policy, events), HOME, policy, events)


@given(
    days=st.lists(st.integers(0, 1500) | st.integers(85, 95) | st.integers(728, 733), max_size=3),
    cause=st.sampled_from(["illness", "accident", "suicide", "crime", "policyholder_act"]),
    kind=st.sampled_from(["mortality.death", "mortality.total_disability", "lapse.surrender"]),
    pays=st.sampled_from([1, 5, 20]),
)
def test_random_events_on_a_life_pay_what_the_reference_pays(days, cause, kind, pays):
    policy = life_policy(cash_value="123.45", pay=pays)
    marks = {} if kind == "lapse.surrender" else {"cause": cause}
    events = [event(START + timedelta(days=day), kind, marks) for day in days]
    agree(pay_with(plan("term_life"), policy, events), LIFE, policy, events)


ILLNESSES = ("critical_illness.severe", "critical_illness.moderate", "critical_illness.mild")
NAMED = (
    "恶性肿瘤——重度",
    "中度脑中风后遗症",
    "中度慢性肾功能衰竭",
    "轻度脑中风后遗症",
    "较轻急性心肌梗死",
)


@given(
    days=st.lists(st.integers(0, 3000) | st.sampled_from([91, 700]), min_size=1, max_size=6),
    named=st.lists(st.sampled_from(NAMED), min_size=6, max_size=6),
    kinds=st.lists(st.sampled_from(ILLNESSES[1:]), min_size=6, max_size=6),
    last=st.sampled_from([*ILLNESSES, "mortality.death"]),
    cause=st.sampled_from(["illness", "illness", "illness", "accident", "crime", "suicide"]),
    age=st.integers(0, 55),
)
def test_random_diagnoses_pay_what_the_reference_pays(days, named, kinds, last, cause, age):
    policy = {"start": START, "age": age, "sex": "M", "pay": 20, "sum_insured": 500_000}
    policy |= {"premium": "20825.00", "cash_value": "1234.56"}
    names = [*kinds[: len(days) - 1], last]
    events = []
    for day, name, illness in zip(sorted(days), names, named, strict=False):
        marks = {"cause": cause if name == last else "illness"}
        marks |= {"illness": illness} if name in ILLNESSES else {}
        events.append(event(START + timedelta(days=day), name, marks))
    settlement = pay_with(plan("critical_illness"), policy, events)
    agree(settlement, Reference(installed(), "critical_illness"), policy, events)


@given(
    day=st.integers(0, 20_000),
    age=st.integers(0, 45),
    pays=st.sampled_from([1, 3, 5, 10, 20]),
    value=st.integers(0, 200_000),
    cause=st.sampled_from(["illness", "accident", "suicide"]),
)
def test_random_deaths_of_an_increasing_life_pay_what_the_reference_pays(
    day, age, pays, value, cause
):
    policy = {"start": START, "age": age, "sex": "F", "pay": pays, "sum_insured": 100_000}
    policy |= {"premium": "12345.60", "cash_value": value}
    events = [event(START + timedelta(days=day), "mortality.death", {"cause": cause})]
    settlement = pay_with(plan("increasing_whole_life"), policy, events)
    agree(settlement, Reference(installed(), "increasing_whole_life"), policy, events)


@pytest.mark.parametrize(
    "change", [{"deductible": 1000}, {"start": START - timedelta(days=100)}, {"items": {}}]
)
def test_a_payer_that_reads_one_thing_otherwise_is_caught(change):
    policy = home_policy()
    marks = {"cause": "accidental", "damage": {"building": "20%"}}
    events = [event("2026-12-31", "fire.occurrence", marks)] * 2
    events += [event("2027-02-01", "fire.occurrence", marks)]
    settlement = pay_with(plan("home"), policy, events)
    agree(settlement, HOME, policy, events)
    with pytest.raises(AssertionError):
        agree(settlement, HOME, policy | change, events)


@pytest.mark.parametrize("name", ["home", "critical_illness", "increasing_whole_life"])
def test_the_golden_claims_are_what_the_reference_pays(name):
    for entry in product(name).files["claims"]:
        policy = {k: v for k, v in entry.policy.items() if k != "start"}
        policy["start"] = date.fromisoformat(entry.policy["start"])
        settled = pay_with(plan(name), entry.policy, entry.events)
        agree(settled, Reference(installed(), name), policy, entry.events)


@st.composite
def treatments(draw: st.DrawFn) -> list[Any]:
    """Treatments around the waiting period, few enough dates that some share one."""
    days = draw(st.lists(st.integers(0, 370) | st.integers(27, 33), min_size=1, max_size=4))
    found = []
    for _ in range(draw(st.integers(1, 7))):
        day = draw(st.sampled_from(days))
        bill = draw(st.integers(0, 60_000) | st.integers(1_000_000, 3_000_000))
        marks = {
            "setting": draw(st.sampled_from(["inpatient", "special_outpatient"])),
            "cause": draw(st.sampled_from(["illness", "illness", "accident", "pre_existing"])),
            "settled": draw(st.sampled_from(["yes", "no"])),
            "bill": bill,
            "paid_by_ssi": draw(st.integers(0, bill)),
        }
        if draw(st.booleans()):
            marks["diagnosed"] = START + timedelta(days=draw(st.integers(0, 40)))
        found.append(event(START + timedelta(days=day), "illness.treatment", marks))
    return found


@given(
    events=treatments(),
    ssi=st.sampled_from(["member", "none"]),
    deductible=st.sampled_from([10_000, 20_000]),
)
def test_random_treatments_pay_what_the_reference_pays(events, ssi, deductible):
    policy = {"start": START, "age": 40, "sex": "F", "ssi": ssi, "deductible": deductible}
    agree(pay_with(plan("million_medical"), policy, events), MEDICAL, policy, events)


def test_the_golden_claims_of_million_medical_are_what_the_reference_pays():
    for entry in product("million_medical").files["claims"]:
        policy = entry.policy | {"start": date.fromisoformat(entry.policy["start"])}
        settled = pay_with(plan("million_medical"), entry.policy, entry.events)
        agree(settled, MEDICAL, policy, entry.events)
