"""Interest of a basis: flat, by policy year, a curve of spot rates, a dated cap."""

import dataclasses
from datetime import date
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import At, BadInput
from product_factory.expressions.tree import Name, Number, Steps
from product_factory.interest import forward, highest_interest, yearly_interest
from product_factory.rules.definition import definition_facts
from rating.engines.multistate import Cells, bound, gross_premium
from rating.engines.multistate.backward import backward
from rating.engines.multistate.moves import chained
from rating.engines.multistate.project import present_values
from rating.engines.multistate.value import annuity, discount, net_single_premium
from rating.projection import by_year, project
from tests.rating.plain_life import plain, q, table, write_plain
from tests.rating.tiny_shelf import changed
from tests.the_command import inside

HERE = At("test")
TEXTBOOK = 1e-13
"""Sums of twenty products in another order."""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    curve = table("Spot rates", "rate", CURVE, key="policy_year: {key: step, type: integer}")
    return write_plain(tmp_path_factory.mktemp("interest"), **{"tables/spot.csv": curve})


CURVE = [(1, "1.5%"), (2, "1.9%"), (3, "2.2%"), (5, "2.5%"), (10, "2.8%"), (15, "2.6%")]


plain_once = cache(plain)


def cell(term=10, pay=5):
    terms, pays = ["5", "10", "20"], ["1", "5", "10"]
    return Cells({
        "age": np.array([40.0]), "sum_insured": np.array([1000.0]),
        "term": np.array([float(terms.index(str(term)))]),
        "pay": np.array([float(pays.index(str(pay)))]),
    })  # fmt: skip


def basis(product, interest, curve=None, step="year"):
    at = product.bases["pricing"]
    grid = at.grid.model_copy(update={"step": step})
    return dataclasses.replace(at, interest=interest, curve=curve, grid=grid)


def schedule(*rows):
    return Steps(rows, "policy_year", "test", HERE)


def textbook(worth, term, pay):
    """Benefits and a premium of 1 by spelling out every year; worth(t): value of 1 at time t."""
    benefits, due, alive = 0.0, 0.0, 1.0
    for year in range(term):
        due += worth(year) * alive * (year < pay)
        benefits += worth(year + 1) * alive * q(40 + year) * 1000.0
        alive *= 1.0 - q(40 + year)
    return benefits, due


def test_a_curve_of_spot_rates_discounts_as_the_textbook(shelf):
    """The value of 1 in t years is (1 + s(t))^-t, read from the table by hand."""

    def worth(t):
        rate = next((float(r[:-1]) / 100 for n, r in reversed(CURVE) if n <= t), 0.0)
        return (1.0 + rate) ** -t

    product = plain_once(shelf)
    curve = basis(product, Name("spot", HERE), "spot")
    at = bound(product, curve, cell(20, 10))
    found = net_single_premium(at)[0], annuity(at)[0]
    for got, wanted in zip(found, textbook(worth, 20, 10), strict=True):
        assert got == pytest.approx(wanted, rel=TEXTBOOK)
    # without `curve: spot` the same rates are earned year by year, which is another price
    earned = bound(product, dataclasses.replace(curve, curve=None), cell(20, 10))
    assert abs(annuity(earned)[0] - found[1]) > 1e-3 * found[1]


def test_rates_by_policy_year_are_earned_one_after_the_other(shelf):
    rates = [0.025, 0.025, 0.02, 0.02, 0.02, 0.0, 0.0, -0.01, -0.01, -0.01]

    def worth(t):
        found = 1.0
        for rate in rates[:t]:
            found /= 1.0 + rate
        return found

    product = plain_once(shelf)
    rows = schedule((1.0, 0.025), (3.0, 0.02), (6.0, 0.0), (8.0, -0.01))
    at = bound(product, basis(product, rows), cell())
    for got, wanted in zip(
        (net_single_premium(at)[0], annuity(at)[0]), textbook(worth, 10, 5), strict=True
    ):
        assert got == pytest.approx(wanted, rel=TEXTBOOK)


@given(
    rate=st.integers(-500, 2000).map(lambda n: n / 10_000), step=st.sampled_from(["year", "month"])
)
def test_a_flat_curve_is_the_flat_rate_to_the_bit(shelf, rate, step):
    product = plain_once(shelf)
    flat = bound(product, basis(product, Number(rate, "", str(rate), HERE), step=step), cell())
    level = basis(product, schedule((1.0, rate), (4.0, rate)), step=step)
    spot = dataclasses.replace(level, curve="spot")
    for other in (level, spot):
        at = bound(product, other, cell())
        assert np.array_equal(discount(at), discount(flat))
        assert np.array_equal(gross_premium(at), gross_premium(flat))
        whole, same = project(at, np.ones(1)), project(flat, np.ones(1))
        assert np.array_equal(whole.pv(whole.premiums), same.pv(same.premiums))
        assert np.array_equal(by_year(whole, np.ones(1)).claims, by_year(same, np.ones(1)).claims)


@given(st.lists(st.floats(-0.02, 0.15), min_size=1, max_size=30))
def test_what_years_earn_one_after_the_other_is_what_the_spot_rate_says(spot):
    earned = forward(np.array(spot))
    for year, rate in enumerate(spot, 1):
        grown = float(np.prod(1.0 + earned[:year]))
        assert grown == pytest.approx((1.0 + rate) ** year, rel=1e-12)


@given(
    st.lists(st.floats(-0.05, 0.2), min_size=10, max_size=10),
    st.sampled_from(["year", "month"]),
)
def test_forward_backward_and_kernels_agree_on_any_curve(shelf, rates, step):
    product = plain_once(shelf)
    rows = schedule(*((year + 1.0, rate) for year, rate in enumerate(rates)))
    at = bound(product, basis(product, rows, step=step), cell())
    worth = net_single_premium(at)
    back = backward(at, np.zeros_like(at.within)).first[:, 0]
    benefits, due = present_values(chained(at)).T
    np.testing.assert_allclose(back, worth, rtol=1e-12)
    np.testing.assert_allclose(benefits, worth, rtol=1e-12)
    np.testing.assert_allclose(due, annuity(at), rtol=1e-12)


def test_a_dated_cap_is_the_interest_of_its_day(shelf, tmp_path):
    """`interest: cn.cap` reads the cap of the day that is asked for, to every figure below it."""
    cap = """\
parameters: cn
list:
  cap:
    title: {zh: 上限, en: Cap}
    type: ratio
    dated:
      - {from: 2025-09-01, is: 2.0%, reference: the test, trust: memory}
      - {from: 2027-01-01, is: 1.75%, reference: the test, trust: memory}
"""
    root = write_plain(tmp_path, **{"parameters/cn.yaml": cap})
    changed(root, "plain/bases.yaml", "interest: 3%", "interest: cn.cap")
    for day, rate in ((date(2026, 3, 1), 0.02), (date(2027, 3, 1), 0.0175)):
        product = plain(root, day)
        assert yearly_interest(product, product.bases["pricing"], 3).tolist() == [rate] * 3
    early, late = (
        inside("build", "plain", "--shelf", str(root), "--on", day)
        and inside(
            "quote", "plain", "--shelf", str(root), "--on", day, "--set", "age=40",
            "--set", "term=10", "--set", "pay=5", "--set", "sum_insured=100000",
        )
        for day in ("2026-03-01", "2027-03-01")
    )  # fmt: skip
    assert early.returncode == late.returncode == 0, early.stderr + late.stderr
    assert early.stdout != late.stdout


@pytest.mark.parametrize(
    ("interest", "said"),
    [
        ("-100%", "pricing.interest: expected a rate above -100%, got -100.000000% in policy year"),
        ("-150%", "pricing.interest: expected a rate above -100%, got -150.000000% in policy year"),
        (
            '"if(age > 40, 1%, 2%)"',
            "one rate for all, or one by policy year, got one that depends on age",
        ),
        ("{2: 3%}", "expected a schedule from policy year 1 on"),
        ("short", "expected a rate above -100%, got no rate, the table ends in policy year 4"),
    ],
)
def test_an_interest_that_is_none_is_told_at_its_place(tmp_path, interest, said):
    ends = table("Short", "rate", [(1, "1%"), (2, "1%"), (3, "1%")], "policy_year: {key: exact}")
    ends = ends.replace("key: exact}", "key: exact, type: integer}")
    root = write_plain(tmp_path, **{"tables/short.csv": ends})
    changed(root, "plain/bases.yaml", "interest: 3%", f"interest: {interest}")
    found = inside("build", "plain", "--shelf", str(root))
    assert found.returncode == 2
    assert said in found.stderr
    assert "products/plain/bases.yaml:2:1" in found.stderr
    assert len(found.stderr.splitlines()) == 1, found.stderr


def test_rules_judge_the_highest_rate_of_a_schedule(tmp_path):
    root = write_plain(tmp_path)
    changed(root, "plain/bases.yaml", "interest: 3%", "interest: {1: 2%, 5: 2.5%, 9: 1%}")
    product = plain(root)
    assert highest_interest(product, product.bases["pricing"]) == 0.025
    assert definition_facts(product).numbers["definition.pricing.interest"].value == 0.025


def test_a_spot_curve_that_no_year_can_earn_is_refused(shelf):
    product = plain_once(shelf)
    falling = basis(product, schedule((1.0, 1.0), (2.0, -1.0)), "spot")
    with pytest.raises(BadInput, match=r"got -100.000000% in policy year 2"):
        yearly_interest(product, falling, 2)
    with pytest.raises(BadInput, match="'interest'"):
        yearly_interest(product, dataclasses.replace(falling, interest=None), 2)
