"""The gamma function and the incomplete gamma ratios against mpmath."""

import math

import mpmath
import numpy as np
import pytest

from product_factory.numbers.gamma import (
    gamma_lower,
    gamma_quantile,
    gamma_upper,
    log_gamma,
    poisson_weight,
)

LOG_GAMMA = 2e-15
RATIO = 5e-14
"""Of a ratio's smaller side; the larger side is 1 minus it."""
ROUND_TRIP = 1e-12
DRAWS = 300


@pytest.fixture(autouse=True)
def sixty_digits():
    with mpmath.workdps(60):
        yield


def relative_error(got: float, want: mpmath.mpf) -> float:
    return abs(float((mpmath.mpf(got) - want) / want))


def test_log_gamma_keeps_its_digits_also_near_its_zeros():
    rng = np.random.default_rng(1)
    points = np.concatenate([10.0 ** rng.uniform(-10.0, 8.0, DRAWS), rng.uniform(0.0, 12.0, DRAWS)])
    near = [1.0 + 1e-9, 1.0 - 1e-9, 2.0 + 1e-9, 2.0 - 1e-9]
    for x in points.tolist() + near:
        assert relative_error(log_gamma(x), mpmath.loggamma(x)) < LOG_GAMMA
    assert log_gamma(1.0) == log_gamma(2.0) == 0.0
    assert log_gamma(0.0) == log_gamma(math.inf) == math.inf
    assert math.isnan(log_gamma(-0.5))


def shapes_and_points(seed: int):
    rng = np.random.default_rng(seed)
    shapes = 10.0 ** rng.uniform(-2.0, 4.0, DRAWS)
    points = shapes * np.exp(rng.normal(0.0, 1.5, DRAWS) / np.sqrt(shapes))
    return [(a, x) for a, x in zip(shapes.tolist(), points.tolist(), strict=True) if x > 1e-250]


def test_poisson_weights_of_whole_and_broken_counts():
    for x, mean in shapes_and_points(2):
        want = mpmath.exp(x * mpmath.log(mean) - mean - mpmath.loggamma(mpmath.mpf(x) + 1))
        if want > 1e-290:
            assert relative_error(poisson_weight(x, mean), want) < RATIO
    assert poisson_weight(0.0, 3.0) == pytest.approx(math.exp(-3.0), rel=1e-15)
    assert (poisson_weight(0.0, 0.0), poisson_weight(2.0, 0.0)) == (1.0, 0.0)


def test_each_incomplete_gamma_ratio_keeps_its_digits():
    for a, x in shapes_and_points(3):
        lower = mpmath.gammainc(a, 0, x, regularized=True)
        upper = mpmath.gammainc(a, x, regularized=True)
        assert relative_error(gamma_lower(a, x), lower) < RATIO
        if upper > 1e-290:
            assert relative_error(gamma_upper(a, x), upper) < RATIO


def test_the_exponential_is_the_gamma_of_shape_one():
    for x in (1e-8, 0.3, 1.0, 5.0, 300.0):
        assert gamma_upper(1.0, x) == pytest.approx(math.exp(-x), rel=RATIO)
        assert gamma_lower(1.0, x) == pytest.approx(-math.expm1(-x), rel=RATIO)


def test_quantiles_undo_the_ratio_on_both_sides():
    rng = np.random.default_rng(4)
    shapes = (10.0 ** rng.uniform(-2.0, 4.0, 2000)).tolist()
    tails = (10.0 ** rng.uniform(-15.0, -0.3, 2000)).tolist()
    for a, u in zip(shapes, tails, strict=True):
        x = gamma_quantile(a, u)
        if x > 1e-290:
            assert gamma_lower(a, x) == pytest.approx(u, rel=ROUND_TRIP)
        v = 1.0 - u
        assert gamma_upper(a, gamma_quantile(a, v)) == pytest.approx(1.0 - v, rel=ROUND_TRIP)


def test_quantiles_end_at_zero_and_infinity():
    assert (gamma_quantile(2.0, 0.0), gamma_quantile(2.0, 1.0)) == (0.0, math.inf)
    assert math.isnan(gamma_quantile(2.0, 1.5))
    assert (gamma_lower(2.0, 0.0), gamma_lower(2.0, math.inf)) == (0.0, 1.0)
    assert (gamma_upper(2.0, 0.0), gamma_upper(2.0, math.inf)) == (1.0, 0.0)
