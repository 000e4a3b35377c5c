"""Costs of claims that meet balances of the year in order of date: million_medical and beyond."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from product_factory.errors import BadInput
from product_factory.expressions.tree import Number
from rating.engines.collective.annual import AnnualModel, annual_model
from rating.engines.collective.cells import risk_cells
from rating.engines.collective.expected import costs_of
from rating.engines.collective.phases import phases
from rating.engines.collective.queue import in_sequence, queues
from rating.engines.collective.sequence import slot_costs
from tests.rating.engines import million_textbook as textbook
from tests.the_shelf import shipped

MEDICAL = shipped("million_medical")
CENT = 0.005
MEMBER, NONE = 0.0, 1.0
FREQUENCY = {MEMBER: 0.12, NONE: 0.10}
BOTH = ("inpatient", "special_outpatient")


def model(basis: str, product=MEDICAL, **changes: list[float]) -> AnnualModel:
    """Bind a year for men of 32 by membership, deductible 10,000, unless told otherwise."""
    given = {"age": [32.0] * 2, "sex": [0.0] * 2, "ssi": [MEMBER, NONE], "deductible": [0.0] * 2}
    columns = {name: np.array(values) for name, values in (given | changes).items()}
    size = columns["age"].size
    cells = risk_cells(
        product, np.ones(size, dtype=np.int64), columns, {}, np.zeros((size, 1), dtype=np.int64)
    )
    return annual_model(product, product.bases[basis], cells)


def without_limit():
    """The product with a yearly limit that no year reaches."""
    pools = dict(MEDICAL.product.pools)
    at = pools["annual_limit"].at
    covers = {
        name: replace(
            cover,
            terms=cover.terms
            | {"limit": replace(cover.terms["limit"], expression=Number(1e13, "", "1e13", at))},
        )
        for name, cover in MEDICAL.covers.items()
    }
    return replace(MEDICAL, covers=covers)


@cache
def costs(basis: str, cell: int, *, limited: bool = True, deductible: float = 0.0):
    product = MEDICAL if limited else without_limit()
    return costs_of(model(basis, product, deductible=[deductible] * 2), cell)


def cost_of(found, group=BOTH):
    (one,) = (one for one in found if one.group == group)
    return one


@pytest.mark.parametrize(("membership", "hand"), [(MEMBER, "497.66"), (NONE, "1261.49")])
def test_the_costs_worked_by_hand_without_the_yearly_limit_are_met_to_the_cent(membership, hand):
    """LANGUAGE.md, section 5: 497.6636 and 1,261.49, of which the limit takes 0.02 and 0.39."""
    found = cost_of(costs("pricing", int(membership), limited=False))
    assert f"{found.value:.2f}" == hand
    slow = textbook.unlimited(
        FREQUENCY[membership], 0.0, 10_000.0, member=membership == MEMBER, waiting=False
    )
    assert f"{slow:.2f}" == hand
    assert abs(found.value - slow) <= found.bound <= CENT


@pytest.mark.parametrize("membership", [MEMBER, NONE])
@pytest.mark.parametrize("deductible", [0.0, 1.0])
@pytest.mark.parametrize("basis", ["pricing", "best_estimate"])
def test_the_engine_agrees_with_the_integral_over_the_dates_of_claims(
    membership, deductible, basis
):
    """Overdispersed counts and a waiting period among them: `best_estimate` has both."""
    found = cost_of(costs(basis, int(membership), limited=False, deductible=deductible))
    own = basis == "best_estimate"
    slow = textbook.unlimited(
        FREQUENCY[membership] * (0.97 if own else 1.0),
        0.3 if own else 0.0,
        10_000.0 * (1.0 + deductible),
        member=membership == MEMBER,
        waiting=own,
        step=100.0,
    )
    assert abs(found.value - slow) <= found.bound + CENT


@pytest.mark.parametrize(
    ("basis", "mean", "over"), [("pricing", 0.1, 0.0), ("best_estimate", 0.097, 0.3)]
)
def test_the_yearly_limit_takes_what_the_sum_of_a_year_says(basis, mean, over):
    """Who is no member is paid min((S - deductible)+, limit), so that no date enters."""
    found = cost_of(costs(basis, 1))
    slow = textbook.limited(
        mean, over, 10_000.0, 2_000_000.0, waiting=basis == "best_estimate", step=100.0
    )
    assert abs(found.value - slow) <= found.bound + CENT
    assert cost_of(costs(basis, 1, limited=False)).value - found.value > 0.3


def test_leaving_out_that_events_of_a_year_depend_on_one_another_would_be_seen():
    """A negative binomial year taken for Poisson claims is 3% off: that is what a bound is for."""
    apart = textbook.unlimited(0.1164, 0.0, 10_000.0, member=True, waiting=True, step=100.0)
    found = cost_of(costs("best_estimate", 0))
    assert abs(apart - found.value) > 0.02 * found.value


def test_a_waiting_period_cuts_the_year_after_its_last_day():
    bound = model("best_estimate")
    (queue,) = queues(bound)
    assert [(p.first, p.last) for p in phases(bound, queue, 0)] == [(0, 30), (30, 365)]
    (queue,) = queues(model("pricing"))
    assert [(p.first, p.last) for p in phases(model("pricing"), queue, 0)] == [(0, 365)]


def test_cells_computed_together_cost_what_each_costs_by_itself():
    bound = model("pricing", age=[0.0, 32.0], sex=[1.0, 0.0], ssi=[0.0] * 2)
    together = slot_costs(bound, range(2))
    alone = cost_of(costs("pricing", 0)).value
    assert together.value[1].sum() == pytest.approx(alone, rel=1e-12)
    assert together.value[0].sum() > together.value[1].sum()


def test_a_pool_costs_its_covers():
    found = costs("pricing", 0)
    parts = [cost_of(found, (cover,)).value for cover in BOTH]
    assert cost_of(found).value == pytest.approx(sum(parts), rel=1e-14)


def test_twice_the_claims_cost_more_than_twice_as_much():
    """The second claim of a year meets less of the deductible."""
    bound = model("pricing", ssi=[MEMBER] * 2)
    (process,) = bound.collective
    counts = tuple(
        count.scaled(times) for count, times in zip(process.counts, (1.0, 2.0), strict=True)
    )
    once, doubled = slot_costs(
        replace(bound, collective=(replace(process, counts=counts),)), range(2)
    ).value.sum(axis=1)
    assert 2.0 * once < doubled < 2.3 * once


def altered(**lines):
    """million_medical with other lines under `adjust` of its first cover."""
    cover = MEDICAL.covers["inpatient"]
    pays = cover.module.pays
    new = tuple(line.model_copy(update=lines.get(line.operation, {})) for line in pays.adjust)
    module = cover.module.model_copy(update={"pays": pays.model_copy(update={"adjust": new})})
    return replace(MEDICAL, covers=MEDICAL.covers | {"inpatient": replace(cover, module=module)})


def test_a_franchise_behind_a_yearly_deductible_is_left_to_simulation():
    product = altered(
        share={
            "operation": "franchise",
            "value": Number(5.0, "", "5", MEDICAL.covers["inpatient"].at),
        }
    )
    with pytest.raises(BadInput, match="a franchise follows a deductible that lasts all year"):
        queues(model("pricing", product))


def test_a_product_whose_claims_do_not_wait_takes_the_other_ways():
    assert in_sequence(model("pricing"))
    pays = {
        name: cover.module.pays.model_copy(update={"adjust": cover.module.pays.adjust[1:]})
        for name, cover in MEDICAL.covers.items()
    }
    covers = {
        name: replace(cover, module=cover.module.model_copy(update={"pays": pays[name]}))
        for name, cover in MEDICAL.covers.items()
    }
    pools = {"annual_limit": MEDICAL.product.pools["annual_limit"]}
    product = replace(
        MEDICAL, covers=covers, product=MEDICAL.product.model_copy(update={"pools": pools})
    )
    assert not in_sequence(model("pricing", product))
    assert in_sequence(model("best_estimate", product))
