"""The elementary functions against mpmath with 60 digits, and their special values."""

import math
from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from product_factory.numbers.portable import exp, expm1, log, log1p, power

EXP_ULPS = 0.8
EXPM1_ULPS = 1.1
LOG_ULPS = 0.8
POWER_ULPS = 0.7
DRAWS = 2000

Scalar = Callable[[float], float]


@pytest.fixture(autouse=True)
def sixty_digits():
    with mpmath.workdps(60):
        yield


def ulps(got: float, want: mpmath.mpf) -> float:
    return abs(float((mpmath.mpf(got) - want) / mpmath.mpf(math.ulp(float(want)))))


def spread(seed: int, low: float, high: float) -> list[float]:
    return np.random.default_rng(seed).uniform(low, high, DRAWS).tolist()


def magnitudes(seed: int, low: float, high: float) -> list[float]:
    return [10.0**e for e in spread(seed, low, high)]


@pytest.mark.parametrize(
    ("function", "reference", "points", "bound"),
    [
        (exp, mpmath.exp, spread(1, -708.0, 709.7) + spread(2, -1.0, 1.0), EXP_ULPS),
        (expm1, mpmath.expm1, spread(3, -40.0, 700.0) + spread(4, -0.7, 0.7), EXPM1_ULPS),
        (expm1, mpmath.expm1, magnitudes(5, -300.0, 0.0), EXPM1_ULPS),
        (log, mpmath.log, magnitudes(6, -307.0, 308.0) + spread(7, 0.5, 2.0), LOG_ULPS),
        (log1p, mpmath.log1p, magnitudes(8, -300.0, 308.0) + spread(9, -0.999, 3.0), LOG_ULPS),
    ],
)
def test_errors_stay_below_the_stated_ulps(
    function: Scalar, reference: Callable[[mpmath.mpf], mpmath.mpf], points: list[float], bound
):
    assert max(ulps(function(x), reference(mpmath.mpf(x))) for x in points) < bound


@pytest.mark.parametrize(
    ("bases", "exponents"),
    [
        (magnitudes(10, -10.0, 10.0), spread(11, -30.0, 30.0)),
        (spread(12, 0.8, 1.2), spread(13, -2000.0, 2000.0)),
        (spread(14, 0.9, 1.3), [float(n % 100) for n in range(DRAWS)]),
        (spread(15, 0.99999, 1.00001), spread(16, -1e7, 1e7)),
    ],
)
def test_powers_stay_below_the_stated_ulps(bases: list[float], exponents: list[float]):
    worst = max(
        ulps(power(x, y), mpmath.mpf(x) ** mpmath.mpf(y))
        for x, y in zip(bases, exponents, strict=True)
    )
    assert worst < POWER_ULPS


def test_compound_interest_stays_below_the_stated_ulps():
    for rate in (1.0175, 1.02, 1.025, 1.03, 1.035):
        for years in range(-120, 121):
            want = mpmath.mpf(rate) ** years
            assert ulps(power(rate, float(years)), want) < POWER_ULPS


def test_whole_powers_that_a_double_holds_are_exact():
    for base in range(2, 12):
        for n in range(16):
            if base**n < 2**53:
                assert power(float(base), float(n)) == base**n
                assert power(-float(base), float(n)) == (-base) ** n
    assert power(2.0, -1074.0) == 5e-324
    assert power(0.25, -0.5) == 2.0


def test_exp_ends_in_infinity_and_in_zero_without_raising():
    assert exp(709.782712893384) == pytest.approx(1.797693134862273e308, rel=1e-13)
    assert exp(709.7827128933841) == math.inf
    assert exp(-745.2) == 0.0
    assert exp(-745.0) == 5e-324
    assert (exp(math.inf), exp(-math.inf), exp(0.0)) == (math.inf, 0.0, 1.0)
    assert (expm1(math.inf), expm1(-math.inf), expm1(0.0)) == (math.inf, -1.0, 0.0)


def test_logarithms_end_in_infinity_and_nan_without_raising():
    assert (log(0.0), log(1.0), log(math.inf)) == (-math.inf, 0.0, math.inf)
    assert (log1p(-1.0), log1p(0.0), log1p(math.inf)) == (-math.inf, 0.0, math.inf)
    assert math.isnan(log(-1.0))
    assert math.isnan(log1p(-1.5))
    assert log(5e-324) == pytest.approx(-744.4400719213812, rel=1e-15)


def test_nan_stays_nan():
    assert all(math.isnan(f(math.nan)) for f in (exp, expm1, log, log1p))
    assert math.isnan(power(math.nan, 1.0))
    assert math.isnan(power(2.0, math.nan))
    assert power(math.nan, 0.0) == power(1.0, math.nan) == 1.0


EDGES = [0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0, -3.0, 1e308, -1e308, math.inf, -math.inf]


@pytest.mark.parametrize("x", EDGES)
@pytest.mark.parametrize("y", EDGES)
def test_powers_at_the_edges_are_those_of_ieee(x: float, y: float):
    """IEEE 754 gives an infinite base to any power a value; here a negative one has none."""
    with np.errstate(all="ignore"):
        want = float(np.power(x, y))
    if x == -math.inf and abs(y) == 0.5:
        want = math.nan
    assert power(x, y) == pytest.approx(want, rel=1e-15, nan_ok=True)
