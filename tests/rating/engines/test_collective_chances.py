"""Marks that depend on the policy and on choices above them, as they are bound."""

import math
from dataclasses import replace

import numpy as np
import pytest

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput
from product_factory.expressions.tree import Number
from product_factory.risk import Shares
from rating.engines.collective.annual import AnnualModel, annual_model
from rating.engines.collective.cells import risk_cells
from rating.engines.collective.events import choices
from rating.engines.collective.happens import combination
from rating.payout import bind
from rating.severities import Lognormal
from tests.the_shelf import shipped

MEDICAL = shipped("million_medical")
MEMBER, NONE = 0, 1
INPATIENT, OUTPATIENT = 0, 1


def bound(product: AssembledProduct = MEDICAL) -> AnnualModel:
    columns = {
        "age": np.array([32.0, 32.0]),
        "sex": np.zeros(2),
        "ssi": np.array([MEMBER, NONE], dtype=float),
        "deductible": np.zeros(2),
    }
    nothing = np.zeros((2, 1), dtype=np.int64)
    cells = risk_cells(product, np.ones(2, dtype=np.int64), columns, {}, nothing)
    return annual_model(product, product.bases["pricing"], cells)


MODEL = bound()
(PROCESS,) = MODEL.collective
MARKS = MODEL.payout.marks


def with_risk(**risk) -> AssembledProduct:
    basis = MEDICAL.bases["pricing"]
    changed = replace(basis, risk={"illness": basis.risk["illness"] | risk})
    return replace(MEDICAL, bases=MEDICAL.bases | {"pricing": changed})


def test_the_chance_of_yes_depends_on_the_policy():
    (settled,) = (c for c in PROCESS.chances if MARKS[c.mark] == "settled")
    assert settled.given == ()
    assert settled.cumulative[0, MEMBER] == pytest.approx([0.08, 1.0])
    assert settled.cumulative[0, NONE] == pytest.approx([1.0, 1.0])


def test_a_bill_depends_on_the_setting_and_on_nothing_else():
    (bill,) = PROCESS.draws
    assert bill.given == ((MARKS.index("setting"), 2),)
    assert bill.code.shape == (2, 2, 1)
    for place, mean, cv in ((INPATIENT, 18000.0, 2.0), (OUTPATIENT, 24000.0, 1.5)):
        model = Lognormal.from_form(mean=mean, cv=cv)
        for cell in (MEMBER, NONE):
            assert tuple(bill.parameters[place, cell, 0]) == model.parameters()


@pytest.mark.parametrize(("cell", "ways"), [(MEMBER, 8), (NONE, 4)])
def test_every_combination_that_may_happen_is_listed_with_its_chance(cell, ways):
    """2 settings × 2 causes × settled or not; who is no member never settles."""
    found = choices(PROCESS.chances, cell)
    assert len(found) == ways
    assert math.fsum(chance for chance, _ in found) == pytest.approx(1.0, rel=1e-15)
    known = {
        tuple(MODEL.product.processes["illness"].marks[MARKS[m]].choices[int(c)] for m, c in one): p
        for p, one in found
    }
    assert known["special_outpatient", "accident", "no"] == pytest.approx(
        0.25 * 0.15 * (0.08 if cell == MEMBER else 1.0)
    )


def test_the_last_choice_of_a_combination_counts_fastest():
    given = ((4, 3), (2, 2))
    numbers = [combination(given, {4: a, 2: b}) for a in range(3) for b in range(2)]
    assert numbers == list(range(6))


def test_a_mark_that_the_basis_computes_is_not_drawn_and_claims_must_state_it():
    assert [draws.name for draws in PROCESS.draws] == ["bill"]
    assert MODEL.payout.arrays.computed.shape[0] == 2
    assert bind(MEDICAL).arrays.computed.shape[0] == 1  # the day of diagnosis


def test_chances_that_do_not_add_up_for_a_risk_are_told_with_the_risk():
    at = MEDICAL.bases["pricing"].at
    shares = Shares((("inpatient", Number(0.7, "%", "70%", at)),), at)
    with pytest.raises(BadInput, match=r"got 70% and 0% at age 32, sex M, ssi member"):
        bound(with_risk(setting=shares))


def test_a_chance_of_yes_above_one_is_told():
    at = MEDICAL.bases["pricing"].at
    with pytest.raises(BadInput, match=r"illness\.settled: expected chances of 0% or more"):
        bound(with_risk(settled=Number(1.2, "%", "120%", at)))
