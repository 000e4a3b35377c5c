"""Rates of group_accident against the cost of the basis: every age, class and size of group."""

import pytest

from rating.engines.collective.annual import annual_model
from rating.engines.collective.expected import costs_of
from rating.plan import bind
from rating.quote import quote
from sandbox.laws.annual import cells_of
from sandbox.laws.profiles import profile_of
from tests.the_shelf import shipped

GROUP = shipped("group_accident")
PLAN = bind(GROUP)
LEAST, MOST = 0.75, 0.81
"""Claims over premium: the loading is a quarter at most, and size takes no more than expenses."""

FREQUENCY = {16: 0.035, 24: 0.035, 25: 0.028, 44: 0.028, 45: 0.032, 54: 0.032, 55: 0.04, 65: 0.04}
CLASSES = {1: 0.8, 2: 1.2, 3: 1.4, 4: 1.6, 5: 2.0, 6: 3.0}


def group(persons, deductible=100, **member):
    one = {"age": 50, "occupation": "class_1", "sum_insured": 100000}
    one |= {"medical_limit": 10000, "daily": 50} | member
    known = {"member_years": 0, "loss_index": "100%", "deductible": deductible}
    return known | {"items": {"member": [one] * persons}}


def premium(*args, **member):
    return quote(PLAN, group(*args, **member)).premium


@pytest.mark.parametrize("age", FREQUENCY)
@pytest.mark.parametrize("number", CLASSES)
def test_rates_rise_as_accidents_do_with_age_and_class(age, number):
    cost = FREQUENCY[age] / 0.032 * CLASSES[number] / 0.8
    paid = premium(3, age=age, occupation=f"class_{number}") / premium(3)
    assert cost / paid == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("persons", [3, 9, 10, 49, 50, 199, 200, 1000])
def test_no_size_takes_more_off_than_a_larger_group_saves(persons):
    off = 1.0 - premium(persons) / persons / (premium(9) / 9)
    assert off <= 60 / 250 * (1 / 5 - 1 / persons) + 1e-3 or off <= 1e-6


@pytest.mark.long
@pytest.mark.prove
@pytest.mark.parametrize(
    ("deductible", "member"),
    [
        (500, {"age": 30, "sum_insured": 50000, "daily": 150}),
        (0, {"age": 60, "occupation": "class_6", "sum_insured": 300000, "medical_limit": 50000}),
        (100, {"age": 20, "occupation": "class_3", "sum_insured": 1000000, "medical_limit": 20000}),
    ],
    ids=["least", "worst", "richest"],
)
def test_cost_over_premium_stands_in_its_bounds_in_every_size(deductible, member):
    given = group(3, deductible, **member)
    basis = GROUP.bases["pricing"]
    cells = cells_of(GROUP, profile_of(GROUP, "a", given), 1)
    cost = sum(one.value for one in costs_of(annual_model(GROUP, basis, cells), 0)) / 3
    for persons in (3, 10, 50):
        assert LEAST <= cost * persons / premium(persons, deductible, **member) <= MOST
