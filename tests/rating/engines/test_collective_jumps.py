"""Payouts that jump: the nodes are cut where they do, and the bound holds."""

import math
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rating.engines.collective.events import Block
from rating.engines.collective.expected import costs_of
from rating.engines.collective.jumps import MOST, jumps, residue
from rating.engines.collective.numeric import numeric_costs
from rating.engines.collective.quadrature import LINE, halved, unit_nodes
from rating.engines.collective.sequence import by_slot
from rating.severities import Mbbefd
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


def test_so_does_one_on_a_sum_of_two_amounts_which_jumps_along_a_curve(tmp_path):
    """A lognormal and an exponential of mean 100, of which 0.06% was missed under half a bound."""
    lines = "    - {franchise: 900, per: claim}"
    found = numeric_costs(tiny_model(tiny(tmp_path, amount="bill + more", lines=lines)), 0)[0]

    def paid(y):
        mean, chance = above(max(900 - y, mp.mpf("1e-9")))
        return (mean + y * chance) * mp.exp(-y / 100) / 100

    exact = CLAIMS * float(mp.quad(paid, [0, 300, 900]) + 3000 * mp.exp(-9))
    assert abs(found.value - exact) <= found.bound
    assert found.bound < 0.03 * exact


def test_a_ratio_whose_total_loss_is_too_rare_for_a_float_is_not_constant_above_a_jump(tmp_path):
    size = Mbbefd.from_form(c=16.0)
    product = tiny(
        tmp_path,
        amount="bill * 10000000",
        severity="{kind: mbbefd, c: 16}",
        lines="    - {franchise: 40, per: claim}",
    )
    found, start = numeric_costs(tiny_model(product), 0)[0], 40e-7
    mean = size.limited_mean(1.0) - size.limited_mean(start) + start * size.survival(start)
    assert abs(found.value - CLAIMS * 1e7 * mean) <= found.bound
    assert found.bound < 1e-4 * found.value


def found_in_rounds(pay):
    """Cut, as the engine does, until nothing jumps."""
    places, grading = (), halved(LINE)
    while True:
        nodes = unit_nodes((), constant_above=False, grading=grading, jumps=places)
        more = jumps(nodes, pay(nodes.u), pay)
        if not more:
            return sorted(places)
        places = (*places, *more)


@given(places=st.lists(st.floats(0.001, 0.999), min_size=1, max_size=3, unique=True))
def test_jumps_are_found_to_the_last_digit(places):
    places = sorted(places)
    # of several between two nodes, or side by side, all are found once nodes are cut at the first
    assume(min((b - a for a, b in pairwise(places)), default=1.0) > 1e-4)

    def pay(u):
        steps = sum((k + 1.0) * (u >= place) for k, place in enumerate(places))
        return np.stack([np.exp(u), np.floor(1e6 * u**2) / 1e4 + 50.0 * steps], axis=1)

    assert found_in_rounds(pay) == places


@pytest.mark.parametrize("apart", np.arange(0.0005, 0.0085, 0.0005))
def test_two_equal_jumps_side_by_side_do_not_excuse_each_other(apart):
    for first in np.linspace(0.3, 0.301, 5).tolist():
        places = [first, first + apart]

        def pay(u, places=places):
            return 100.0 * np.searchsorted(places, u, "right")[:, None]

        assert found_in_rounds(pay) == places


@pytest.mark.parametrize("steps", [60, 150, 467])
def test_what_a_staircase_leaves_uncut_is_told(steps):
    """The quadrature is off by less than that, however the steps fall between the nodes."""
    for start in np.linspace(0.1, 0.9, 6).tolist():
        nodes = unit_nodes((), constant_above=False, grading=halved(LINE))
        paid = np.floor(steps * nodes.u + start)[:, None] * (steps / 100.0)
        exact = sum(min(1.0, max(0.0, (steps - k + start) / steps)) for k in range(1, steps + 1))
        off = abs(float(nodes.weight @ paid[:, 0]) - exact * (steps / 100.0))
        (left,) = residue(Block(nodes.weight, paid, paid, (nodes,), lambda u: (u, u)), paid)
        assert 1e-6 < off <= left + 1e-9


def test_more_jumps_than_cuts_use_up_the_cuts_and_are_in_the_bound(tmp_path):
    """Fifty rates of a share, each a jump."""
    rates = "".join(
        f"        - {{when: {{bill: {{above: {bill}}}}}, is: {20 + bill // 100}%}}\n"
        for bill in range(5000, 0, -100)
    )
    lines = f"    - share:\n{rates}        - {{otherwise: 20%}}"
    found = numeric_costs(tiny_model(tiny(tmp_path, lines=lines)), 0)[0]
    steps = math.fsum(float(above(bill)[0]) for bill in range(100, 5001, 100))
    exact = CLAIMS * (0.2 * 2000.0 + 0.01 * steps)
    assert abs(found.value - exact) <= found.bound
    assert found.bound < 2e-3 * exact


def test_a_change_of_the_slot_at_equal_amounts_jumps():
    def pay(u):
        slot = np.where(u < 0.05, -1.0, (u >= 0.45).astype(float))
        return by_slot(2, np.stack([100.0 * (slot >= 0), 90.0 * (slot >= 0), slot], axis=1))

    assert pay(np.array([0.01, 0.2, 0.7])).tolist() == [
        [0.0, 0.0, 0.0, 0.0],
        [100.0, 0.0, 90.0, 0.0],
        [0.0, 100.0, 0.0, 90.0],
    ]
    assert found_in_rounds(pay) == [0.05, 0.45]


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
