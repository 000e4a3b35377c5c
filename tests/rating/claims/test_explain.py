"""A settlement on paper: it fits, it says why in both languages, and its sums are the payments."""

import json
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import given

from rating.claims import as_json, explain, paid, pay_with
from rating.claims.words import WORDS
from rating.page import COLUMNS, width
from rating.payout import bind
from tests.conformance.cargo import cargo
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

PRODUCTS = (
    "home",
    "term_life",
    "critical_illness",
    "increasing_whole_life",
    "endowment",
    "annuity",
    "disability_income",
)
CASES = [(name, entry) for name in PRODUCTS for entry in product(name).files["claims"]]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("name", "entry"), CASES, ids=[entry.name for _, entry in CASES])
def test_every_golden_claim_is_explained_within_80_columns(name, entry, language):
    settlement = pay_with(plan(name), entry.policy, entry.events)
    lines = explain(settlement, language).splitlines()
    assert [line for line in lines if width(line) > COLUMNS] == []
    paid = [line for line in lines if line.startswith(f"    {WORDS[language]['rounded']}")]
    amounts = [float(line.split()[-1].replace(",", "")) for line in paid]
    assert amounts == [payment.amount for payment in settlement.payments]
    assert float(lines[-1].split()[-1].replace(",", "")) == settlement.total


@given(policy=home_policies(), events=home_events())
def test_any_settlement_fits_the_page_and_is_json(policy, events):
    settlement = pay_with(plan("home"), policy, events)
    for language in WORDS:
        assert all(width(line) <= COLUMNS for line in explain(settlement, language).splitlines())
    told = json.loads(json.dumps(as_json(settlement), allow_nan=False))
    amounts = [a["amount"] for e in told["events"] for a in e["answers"] if a["amount"] is not None]
    assert amounts == [payment.amount for payment in settlement.payments]


def test_both_languages_say_the_same_things_of_the_same_figures():
    def places(text):
        return sorted(re.findall(r"\{(\w+)\}", text))

    assert WORDS["en"].keys() == WORDS["zh"].keys()
    for word, text in WORDS["en"].items():
        assert places(text) == places(WORDS["zh"][word]), word


def test_a_shared_deductible_and_a_used_up_pool_are_shown_with_what_is_left():
    entry = next(e for e in product("home").files["claims"] if "盗抢后火灾" in e.name)
    text = explain(pay_with(plan("home"), entry.policy, entry.events))
    assert (
        """\
  Fire and explosion · Contents
    amount                                                            195,000.00
      = loss
    average, does not apply                                           195,000.00
      condition: item is building (item contents)
    deductible 500.00, per event                                      194,566.67
      = deductible
      225,000.00 met here, shared in proportion
    limit 200,000.00, per policy year, each item                      180,000.00
      = limit (sum_insured 200,000.00)
      The sum insured of each item: 180,000.00 left before, 0.00 after
    paid, rounded half up to 0.01                                     180,000.00
"""
        in text
    )


def test_why_nothing_is_paid_is_said():
    reasons = explain(
        pay_with(
            plan("home"),
            home_policy(),
            [
                event(START, "fire.occurrence", {"cause": "wear", "loss": {"contents": 5}}),
                event("2027-03-01", "fire.occurrence", {}),
            ],
        )
    )
    assert "Property exclusions [common.wilful_or_wear]: excluded" in reasons
    assert "condition: cause is wilful or wear (cause wear)" in reasons
    assert "Fire and explosion · Contents: nothing: the event is excluded" in reasons
    assert "Nothing is paid: the term ended before 2027-03-01." in reasons


ANNUITANT = {"start": START, "age": 40, "sex": "M", "annuity_age": 60, "pay": 10}


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "no cover listens to this event."), ("zh", "没有保障责任对应此事件。")],
)
def test_one_line_tells_what_was_paid_and_one_more_each_event_that_no_cover_pays(language, says):
    policy = {**ANNUITANT, "sum_insured": 12000, "premium": 21790.2}
    alive = event("2027-01-01", "alive")
    disabled = event("2028-01-01", "mortality.total_disability", {"cause": "illness"})
    lines = paid(pay_with(plan("annuity"), policy, [alive, disabled]), language).splitlines()
    assert lines[0] == "paid 0.00, after: in_force"
    assert lines[1].startswith("2028-01-01 ")
    assert "".join(says.split()) in "".join("".join(lines[1:]).split()), "however it is wrapped"
    heard = pay_with(plan("annuity"), policy, [alive])
    assert len(paid(heard, language).splitlines()) == 1


def test_the_waiting_period_and_a_computed_cash_value_are_shown():
    dead = event(START + timedelta(days=89), "mortality.death", {"cause": "illness"})
    text = explain(pay_with(plan("term_life"), life_policy(), [dead]))
    assert "waiting period: day 89 of 90, counted from 0" in text
    assert "waived if: cause is accident (cause illness)" in text
    assert "this payment ends the contract" in text
    lapsed = explain(
        pay_with(plan("term_life"), life_policy(), [event("2035-09-01", "lapse.surrender")])
    )
    assert "= cash_value (cash_value 4,022.02 computed)" in lapsed


def test_gap_times_and_waiver_are_shown():
    entry = product("critical_illness").files["claims"][3]
    text = explain(pay_with(plan("critical_illness"), entry.policy, entry.events))
    assert (
        """\
  Moderate illness benefit: nothing: too soon after an event that it paid
    waiting period of 90 days is over: day 494
    gap: day 179 of 180 since it paid on 2027-01-10, counted from 0
"""
        in text
    )
    assert (
        """\
    gap of 180 days is over: day 180 since it paid on 2027-01-10
    payment 2 of 2
    amount                                                            250,000.00
      = sum_insured * share (sum_insured 500,000.00)
    paid, rounded half up to 0.01                                     250,000.00
    this is the last payment of the cover, which ends
"""
        in text
    )
    assert text.count("this payment waives the premiums that fall due after it") == 1
    assert "Moderate illness benefit: nothing: an earlier payment ended this cover" in text
    assert "premiums are waived since 2027-01-10" in text


def test_a_claim_is_paid_and_explained_without_numba():
    code = (
        "import sys; import rating.claims; "
        "from tests.rating.claims.shelf_products import *; from rating.claims import *; "
        "explain(pay_with(plan('term_life'), life_policy(), [event('2035-09-01', "
        "'lapse.surrender')])); sys.exit('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_a_corridor_says_where_it_begins_and_what_of_it_is_left():
    """The last claim of cargo: of the costs of May 1,000 reach the 6,000, and 1,000 are borne."""
    claim = cargo().files["claims"][-1]
    settlement = pay_with(bind(cargo()), claim.policy, claim.events)
    for language, *said in (
        (
            "en",
            "corridor 1,000.00 above 6,000.00, per contract",
            "above = first",
            "1,000.00 left before, 0.00 after",
        ),
        (
            "zh",
            "中间免赔额 1,000.00（超过 6,000.00 起），合同期内",
            "起点 = first",
            "此前剩余 1,000.00，此后剩余 0.00",
        ),
    ):
        lines = explain(settlement, language).splitlines()
        assert all(any(words in line for line in lines) for words in said)
        assert all(width(line) <= COLUMNS for line in lines)
    told = json.loads(json.dumps(as_json(settlement), allow_nan=False))
    lines = [line for event in told["events"] for a in event["answers"] for line in a["lines"]]
    assert {line["operation"] for line in lines if line["above"] is not None} == {"corridor"}
