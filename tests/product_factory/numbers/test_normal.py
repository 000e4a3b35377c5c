"""The normal distribution against mpmath, both tails."""

import math

import mpmath
import numpy as np
import pytest

from product_factory.numbers.normal import normal_cdf, normal_density, normal_quantile

RELATIVE = 2e-15
DRAWS = 600


@pytest.fixture(autouse=True)
def forty_digits():
    with mpmath.workdps(40):
        yield


def relative_error(got: float, want: mpmath.mpf) -> float:
    return abs(float((mpmath.mpf(got) - want) / want))


def test_chances_keep_their_digits_far_into_the_lower_tail():
    for x in np.random.default_rng(1).uniform(-37.0, 8.0, DRAWS).tolist():
        assert relative_error(normal_cdf(x), mpmath.ncdf(x)) < RELATIVE
        assert relative_error(normal_density(x), mpmath.npdf(x)) < RELATIVE


def test_quantiles_are_those_of_the_exact_distribution():
    rng = np.random.default_rng(2)
    chances = rng.uniform(0.0, 1.0, DRAWS).tolist()
    chances += (10.0 ** rng.uniform(-300.0, 0.0, DRAWS)).tolist()
    for u in chances:
        exact = mpmath.mpf(normal_quantile(u))
        for _ in range(3):
            exact -= (mpmath.ncdf(exact) - mpmath.mpf(u)) / mpmath.npdf(exact)
        assert relative_error(normal_quantile(u), exact) < RELATIVE


def test_quantiles_printed_by_wichura_are_reproduced():
    """Wichura (1988), AS 241: the three test values of the paper."""
    printed = {
        0.25: -0.6744897501960817,
        0.001: -3.090232306167814,
        1e-20: -9.262340089798408,
    }
    for u, x in printed.items():
        assert normal_quantile(u) == pytest.approx(x, rel=RELATIVE)


def test_the_distribution_is_symmetric_to_the_bit():
    for u in np.random.default_rng(3).integers(1, 2**51, DRAWS).tolist():
        chance = u * 2.0**-52
        assert normal_quantile(1.0 - chance) == -normal_quantile(chance)
        x = 10.0 * chance
        assert normal_cdf(x) == pytest.approx(1.0 - normal_cdf(-x), abs=2.0**-52)


def test_ends_are_infinite_and_outside_is_nan():
    assert (normal_quantile(0.0), normal_quantile(1.0)) == (-math.inf, math.inf)
    assert (normal_cdf(-math.inf), normal_cdf(math.inf), normal_cdf(0.0)) == (0.0, 1.0, 0.5)
    assert normal_quantile(0.5) == 0.0
    assert all(math.isnan(normal_quantile(u)) for u in (-0.1, 1.1, math.nan))
    assert math.isnan(normal_cdf(math.nan))
    assert normal_density(math.inf) == 0.0
