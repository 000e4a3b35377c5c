"""Payouts that jump: the nodes are cut where they do, and the bound holds."""

import math
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rating.engines.collective.expected import costs_of
from rating.engines.collective.jumps import MOST, jumps
from rating.engines.collective.numeric import numeric_costs
from rating.engines.collective.quadrature import LINE, halved, unit_nodes
from tests.rating.engines.tiny_year import tiny, tiny_model

mp = mpmath.mp.clone()
mp.dps = 30
CORRIDOR = "    - {corridor: 900, above: 300, per: event}\n"
CLAIMS = 0.7 * 0.8
"""Of the cause that the cover is for."""


def above(start):
    """E[X; X > start] and P(X > start) of the lognormal with mean 2,000 and cv 1.5."""
    sigma = mp.sqrt(mp.log(mp.mpf("3.25")))
    score = (mp.log(start) - mp.log(2000) + sigma**2 / 2) / sigma
    return 2000 * mp.ncdf(sigma - score), mp.ncdf(-score)


@pytest.mark.parametrize("franchise", [540, 670, 1580, 2230, 2620, 3400, 3920])
def test_a_franchise_costs_what_mpmath_says_within_its_bound(tmp_path, franchise):
    model = tiny_model(tiny(tmp_path, lines=f"    - {{franchise: {franchise}, per: claim}}"))
    found, exact = numeric_costs(model, 0)[0], CLAIMS * float(above(franchise)[0])
    assert abs(found.value - exact) <= found.bound
    assert found.bound < 5e-6 * exact + 0.0036


@pytest.mark.parametrize("franchise", [1060, 1450, 2490, 2880, 3660])
def test_so_does_one_behind_a_corridor(tmp_path, franchise):
    """All but the corridor's 900 is paid from 900 more than the franchise on."""
    lines = f"{CORRIDOR}    - {{franchise: {franchise}, per: claim}}"
    mean, chance = above(franchise + 900)
    exact = CLAIMS * float(mean - 900 * chance)
    found = numeric_costs(tiny_model(tiny(tmp_path, lines=lines)), 0)[0]
    assert abs(found.value - exact) <= found.bound
    assert found.bound < 5e-6 * exact + 0.0036


@pytest.mark.parametrize("franchise", [670, 2620])
def test_so_does_one_before_a_deductible_that_lasts_all_year(tmp_path, franchise):
    """Where that is next to nothing, the recursion along the year costs the same."""
    lines = f"    - {{franchise: {franchise}, per: claim}}\n"
    lines += "    - {deductible: 0.01, per: policy_year}"
    found = costs_of(tiny_model(tiny(tmp_path, lines=lines)))[0]
    exact = CLAIMS * float(above(franchise)[0])
    assert found.method == "numeric"
    assert abs(found.value - exact) <= found.bound + 0.01 * CLAIMS


def test_a_share_that_falls_with_the_loss_jumps_too(tmp_path):
    lines = (
        "    - share:\n        - {when: {bill: {above: 2600}}, is: 70%}\n        - {otherwise: 80%}"
    )
    found = costs_of(tiny_model(tiny(tmp_path, lines=lines)))[0]
    exact = CLAIMS * (0.8 * 2000.0 - 0.1 * float(above(2600)[0]))
    assert abs(found.value - exact) <= found.bound
    assert found.bound < 1e-5 * exact


@given(places=st.lists(st.floats(0.001, 0.999), min_size=1, max_size=3, unique=True))
def test_jumps_are_found_to_the_last_digit(places):
    places = sorted(places)
    # of two between two nodes the other is found once the nodes are cut at the one
    assume(min((b - a for a, b in pairwise(places)), default=1.0) > 0.05)

    def pay(u):
        steps = sum((k + 1.0) * (u >= place) for k, place in enumerate(places))
        return np.stack([np.exp(u), np.floor(1e6 * u**2) / 1e4 + 50.0 * steps], axis=1)

    nodes = unit_nodes((), constant_above=False, grading=halved(LINE))
    assert jumps(nodes, pay(nodes.u), pay) == tuple(places)


@pytest.mark.parametrize(
    "payout",
    [
        lambda u: np.maximum(-1e4 * np.log1p(-u) - 7000.0, 0.0),
        lambda u: np.minimum(2000.0 * (1.0 - u) ** -0.9, 1e7),
        lambda u: 1e4 / (1.0 + np.exp(-80.0 * (u - 0.4))),
        lambda u: np.round(30.0 * np.sqrt(u), 2),
    ],
    ids=["deductible", "limit of a heavy tail", "steep", "in cents"],
)
def test_what_bends_or_rises_quickly_does_not_jump(payout):
    nodes = unit_nodes((0.7,), constant_above=False, grading=halved(LINE))
    assert jumps(nodes, payout(nodes.u)[:, None], lambda u: payout(u)[:, None]) == ()


def test_of_a_staircase_the_highest_steps_are_cut():
    def pay(u):
        return (np.floor(100.0 * u) * 10.0 + 900.0 * (u >= 0.505))[:, None]

    nodes = unit_nodes((), constant_above=False, grading=halved(LINE))
    found = jumps(nodes, pay(nodes.u), pay)
    assert len(found) == MOST
    assert 0.505 in found


def test_a_cut_is_no_jump_and_neither_is_nothing():
    nodes = unit_nodes((0.25,), constant_above=False, grading=LINE)
    step = 1e4 * (nodes.u > 0.25)
    assert jumps(nodes, step[:, None], lambda u: u[:, None]) == ()
    assert jumps(nodes, np.zeros((nodes.u.size, 0)), lambda u: u[:, None]) == ()
    assert math.fsum(nodes.weight[nodes.part == 0]) == pytest.approx(0.25, rel=1e-13)
