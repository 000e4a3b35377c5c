"""Rows that come in draws: how their variance splits, and what a share of them is worth."""

import math

import numpy as np
import pytest

from sandbox.adequacy.clusters import clustered, origins, share_of
from sandbox.measures import Mean, Sample


def test_the_variance_is_split_as_it_was_made():
    """Rows N(θ, 2²), θ N(0, 1): process 4, assumptions 1; and the error of the mean is by draw."""
    rng = np.random.default_rng(2)
    theta = rng.standard_normal(400)
    rows = (theta[:, None] + 2.0 * rng.standard_normal((400, 10))).ravel()
    found = origins(rows, 400)
    assert abs(found.process - 4.0) < 4.0 * found.process_error
    assert abs(found.parameter - 1.0) < 4.0 * found.parameter_error
    assert math.isclose(found.process_error, 4.0 * math.sqrt(2.0 / 3600.0), rel_tol=0.15)
    mean = clustered(Mean(), Sample(rows), 400)
    assert math.isclose(mean.error, math.sqrt((1.0 + 0.4) / 400.0), rel_tol=0.1)
    alone = origins(rng.standard_normal(4000), 400)
    assert alone.parameter < 4.0 * alone.parameter_error + 1e-12


def test_errors_of_the_parts_are_those_of_leaving_out_each_draw():
    """The slow textbook: every draw left out in turn, and both parts found anew."""
    rng = np.random.default_rng(5)
    rows = rng.gamma(2.0, size=(12, 7)) + rng.standard_normal((12, 1))

    def parts(by_draw):
        within = by_draw.var(axis=1, ddof=1).mean()
        return within, by_draw.mean(axis=1).var(ddof=1) - within / 7

    left = np.array([parts(np.delete(rows, draw, axis=0)) for draw in range(12)])
    errors = np.sqrt(11 / 12 * ((left - left.mean(axis=0)) ** 2).sum(axis=0))
    found = origins(rows.ravel(), 12)
    assert np.allclose([found.process, found.parameter], parts(rows), rtol=1e-12)
    assert np.allclose([found.process_error, found.parameter_error], errors, rtol=1e-10)


def test_a_share_of_none_or_all_of_the_rows_of_draws_is_known_as_from_so_many_rows():
    """Wilson of 20 of 20: from 20 / (20 + 1.96²) to 1, however many rows each draw has."""
    for rows in (2, 50):
        good = np.ones(20 * rows, dtype=bool)
        one = share_of(good, 20)
        assert (one.value, one.high) == (1.0, 1.0)
        assert math.isclose(one.low, 20.0 / (20.0 + 1.959963984540054**2), rel_tol=1e-12)
        none = share_of(~good, 20)
        assert (none.value, none.low) == (0.0, 0.0)
        assert math.isclose(none.high, 1.0 - one.low, rel_tol=1e-12)


def test_rows_of_draws_are_worth_what_the_draws_show():
    """Alike within a draw, a row is worth 1 of the draws; independent, a row."""
    rng = np.random.default_rng(3)
    whole = np.repeat(rng.random(400) < 0.7, 25)
    assert math.isclose(share_of(whole, 400).error, share_of(whole[::25], 0).error, rel_tol=0.01)
    apart = rng.random(400 * 25) < 0.7
    assert math.isclose(share_of(apart, 400).error, share_of(apart, 0).error, rel_tol=0.1)
    assert share_of(apart, 400).error >= share_of(apart, 0).error


@pytest.mark.parametrize("draws", [5, 10])
def test_few_draws_hold_the_share_as_often_as_promised(draws):
    """Shares of draws are beta(3, 2), 0.6 in the mean; without Student's quantile 88% at 5."""
    rng, runs = np.random.default_rng(1), 1_500
    inside = 0
    for _ in range(runs):
        chances = rng.beta(3.0, 2.0, draws)
        found = share_of((rng.random((draws, 50)) < chances[:, None]).ravel(), draws)
        inside += found.low <= 0.6 <= found.high
    assert inside / runs >= 0.95 - 3.0 * math.sqrt(0.95 * 0.05 / runs)
