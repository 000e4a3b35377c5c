"""The incomplete beta ratio against mpmath, and its quantile against itself."""

import math

import mpmath
import numpy as np
import pytest

from product_factory.numbers.beta import (
    beta_lower,
    beta_quantile,
    beta_upper,
    binomial_weight,
)

RATIO = 2e-13
ROUND_TRIP = 2e-12
DRAWS = 200


@pytest.fixture(autouse=True)
def many_digits():
    with mpmath.workdps(80):
        yield


def relative_error(got: float, want: mpmath.mpf) -> float:
    return abs(float((mpmath.mpf(got) - want) / want))


def test_each_side_of_the_ratio_keeps_its_digits():
    rng = np.random.default_rng(1)
    for a, b in (10.0 ** rng.uniform(-2.0, 3.0, (DRAWS, 2))).tolist():
        x = float(rng.beta(a, b))
        if 1e-200 < x < 1.0:
            lower = mpmath.betainc(a, b, 0, x, regularized=True)
            upper = mpmath.betainc(a, b, x, 1, regularized=True)
            assert relative_error(beta_lower(a, b, x), lower) < RATIO
            assert relative_error(beta_upper(a, b, x), upper) < RATIO


def test_binomial_chances_are_those_of_counting():
    """Ten tosses of a fair coin: C(10, n) / 1024."""
    for n in range(1, 10):
        want = math.comb(10, n) / 1024.0
        assert binomial_weight(float(n), 10.0 - n, 0.5, 0.5) == pytest.approx(want, rel=1e-14)


def test_closed_forms_are_reproduced():
    """I_x(1, b) = 1 - (1 - x)**b; I_x(1/2, 1/2) = 2 asin(sqrt(x)) / pi (DLMF 8.17.7)."""
    for x in (1e-6, 0.1, 0.5, 0.9):
        assert beta_lower(1.0, 3.0, x) == pytest.approx(1.0 - (1.0 - x) ** 3, rel=1e-10)
        arc = 2.0 * math.asin(math.sqrt(x)) / math.pi
        assert beta_lower(0.5, 0.5, x) == pytest.approx(arc, rel=RATIO)


def test_quantiles_undo_the_ratio():
    rng = np.random.default_rng(2)
    shapes = (10.0 ** rng.uniform(-2.0, 4.0, (2000, 2))).tolist()
    chances = rng.uniform(0.0, 1.0, 1000).tolist()
    chances += (10.0 ** rng.uniform(-15.0, -0.3, 1000)).tolist()
    for (a, b), u in zip(shapes, chances, strict=True):
        x = beta_quantile(a, b, u)
        if 1e-290 < x < 0.999:
            assert beta_lower(a, b, x) == pytest.approx(u, rel=ROUND_TRIP)


def test_quantiles_end_at_zero_and_one():
    assert (beta_quantile(2.0, 3.0, 0.0), beta_quantile(2.0, 3.0, 1.0)) == (0.0, 1.0)
    assert math.isnan(beta_quantile(2.0, 3.0, -0.5))
    assert (beta_lower(2.0, 3.0, 0.0), beta_lower(2.0, 3.0, 1.0)) == (0.0, 1.0)
