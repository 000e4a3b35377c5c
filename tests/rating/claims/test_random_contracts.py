"""Laws of promises over contracts made at random, and the independent payer beside them."""

import tempfile
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from product_factory.assemble import assemble
from product_factory.language import Language
from product_factory.shelf import open_shelf
from rating.claims import pay_with
from rating.claims.settlement import Settlement
from rating.models import MODELS
from rating.payout import PayoutPlan, bind
from tests.product_factory.shelves import write
from tests.rating.claims.random_contracts import (
    BASES,
    PROCESS,
    PRODUCT,
    contracts,
    happenings,
    policies,
)
from tests.rating.claims.reference import Reference
from tests.rating.claims.shelf_products import event
from tests.rating.claims.test_against_reference import exact

CENT = 0.02
"""A sum insured reduced by a payment that floats round the other way moves the next one."""
PLAIN = {
    "processes/hit.yaml": PROCESS,
    "made/bases.yaml": BASES,
    "made/product.yaml": PRODUCT.format(covers="  - {use: x/c0@^1, as: c0}", pay=4),
    "modules/x/c0.yaml": """\
module: x/c0
version: 1.0.0
title: {zh: 甲, en: c0}
kind: indemnity
terms:
  gap: {type: days, default: 90 days}
pays:
  event: hit.a
  gap: gap
  amount: bill
""",
}
SLOW = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.generate, Phase.target],
)
"""A contract is read anew for each example, so that shrinking one takes minutes."""


def made(folder: Path, files: dict[str, str]) -> tuple[PayoutPlan, Reference]:
    root = write(folder, files)
    product = assemble(open_shelf(root), "made", Language(files={}, models=MODELS))
    return bind(product), Reference(root, "made")


def settled(files, policy, events) -> tuple[Settlement, Reference]:
    with tempfile.TemporaryDirectory() as folder:
        plan, reference = made(Path(folder), files)
        return pay_with(plan, policy, events), reference


def amounts(settlement: Settlement):
    found = defaultdict(list)
    for payment in settlement.payments:
        found[payment.date, payment.name].append(payment.amount)
    return found


@SLOW
@given(files=contracts(), policy=policies(), events=happenings())
def test_a_random_contract_pays_what_the_independent_reference_pays(files, policy, events):
    with tempfile.TemporaryDirectory() as folder:
        plan, reference = made(Path(folder), files)
        settlement = pay_with(plan, policy, events)
        stated = [{"date": e.date, "event": e.event, "marks": exact(e.marks)} for e in events]
        expected = defaultdict(list)
        for number, name, _, amount in reference.pay(exact(policy), stated):
            expected[events[number].date, name].append(float(amount))
        waived = reference.waived
    paid = amounts(settlement)
    assert {k: len(v) for k, v in paid.items()} == {k: len(v) for k, v in expected.items()}
    for key, values in paid.items():
        assert sorted(values) == pytest.approx(sorted(expected[key]), abs=CENT), key
    assert settlement.waived == waived


@SLOW
@given(files=contracts(), policy=policies(), events=happenings())
def test_gaps_and_numbers_of_times_hold_whatever_else_a_contract_says(files, policy, events):
    """No cover pays for more events than its times, nor for two events nearer than its gap."""
    settlement, reference = settled(files, policy, events)
    for alias, cover in reference.covers.items():
        pays = cover["module"]["pays"]
        days = [
            event.date
            for event in settlement.events
            for answer in event.answers
            if answer.name == alias and answer.outcome == "paid"
        ]
        if "times" in pays:
            assert len(days) <= int(cover["terms"]["times"])
        if "gap" in pays:
            gap = int(cover["terms"]["gap"].split()[0])
            for one, two in pairwise(days):
                assert two - one >= timedelta(days=gap)


@SLOW
@given(files=contracts(), policy=policies(), events=happenings())
def test_payments_are_never_below_zero_and_end_with_the_contract(files, policy, events):
    settlement, _ = settled(files, policy, events)
    assert all(payment.amount >= 0.0 for payment in settlement.payments)
    if settlement.ended is not None:
        assert all(payment.date <= settlement.ended for payment in settlement.payments)
    again, _ = settled(files, policy, events)
    assert again.payments == settlement.payments
    assert settlement.premiums_paid is not None
    if settlement.waived is not None:
        before = [e for e in events if e.date <= settlement.waived]
        assert settlement.premiums_paid == settled(files, policy, before)[0].premiums_paid


def test_a_reference_that_forgets_the_gap_is_caught(tmp_path):
    """Planted: the law of the first test can fail."""
    plan, reference = made(tmp_path, PLAIN)
    events = [
        event(f"2026-0{month}-01", "hit.a", {"grade": "low", "bill": 100}) for month in (4, 5)
    ]
    policy = {"start": events[0].date, "age": 30, "sum_insured": 1000, "premium": 100}
    paid = pay_with(plan, policy, events)
    stated = [{"date": e.date, "event": e.event, "marks": exact(e.marks)} for e in events]
    assert len(list(reference.pay(exact(policy), stated))) == len(paid.payments) == 1
    reference.covers["c0"]["terms"]["gap"] = "0 days"
    assert len(list(reference.pay(exact(policy), stated))) == 2
