"""Sobol' indices: the published values of test functions, and the laws of any function."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.sensitivity.sobol import estimates, sobol

SEED = 7


def ishigami(u):
    """Sin x1 + 7 sin² x2 + 0.1 x3⁴ sin x1, x uniform from −π to π."""
    x = math.pi * (2.0 * u - 1.0)
    return math.sin(x[0]) + 7.0 * math.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * math.sin(x[0])


def test_the_indices_of_ishigamis_function_are_the_published_ones():
    """T. Ishigami and T. Homma (1990); A. Saltelli et al., Global Sensitivity Analysis (2008)."""
    found = sobol(ishigami, 3, 11, SEED)
    assert np.allclose(found.first, [0.3139, 0.4424, 0.0], atol=0.02)
    assert np.allclose(found.total, [0.5576, 0.4424, 0.2437], atol=0.02)
    assert (np.abs(found.first - [0.3139, 0.4424, 0.0]) < 4.0 * found.first_error).all()
    assert (np.abs(found.total - [0.5576, 0.4424, 0.2437]) < 4.0 * found.total_error).all()
    variance = 49.0 / 8.0 + 0.1 * math.pi**4 / 5.0 + 0.01 * math.pi**8 / 18.0 + 0.5
    assert math.isclose(found.variance, variance, rel_tol=0.02)
    assert found.runs == 2**11 * 5


@pytest.mark.parametrize("a", [(0.0, 1.0, 4.5, 9.0), (0.0, 0.0, 0.0, 0.0)])
def test_the_indices_of_sobols_g_function_are_those_of_its_formula(a):
    """Sobol's g of 1993: V_i = 1/3 / (1 + a_i)², and V = Π (1 + V_i) − 1."""
    part = np.array([1.0 / 3.0 / (1.0 + one) ** 2 for one in a])
    whole = np.prod(1.0 + part) - 1.0
    total = part * np.prod(1.0 + part) / (1.0 + part) / whole
    found = sobol(
        lambda u: float(np.prod((np.abs(4.0 * u - 2.0) + a) / (1.0 + np.array(a)))), 4, 11, SEED
    )
    assert np.allclose(found.first, part / whole, atol=0.03)
    assert np.allclose(found.total, total, atol=0.03)


def test_a_sum_has_indices_that_add_to_one_and_totals_that_are_the_same():
    """F = Σ b x: S = T = b² / Σ b²."""
    weights = np.array([1.0, 2.0, 3.0])
    found = sobol(lambda u: float(weights @ u), 3, 10, SEED)
    expected = weights**2 / (weights**2).sum()
    assert np.allclose(found.first, expected, atol=0.02)
    assert np.allclose(found.total, expected, atol=0.02)


@settings(max_examples=20, deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(0.01, 100.0))
def test_a_level_and_a_unit_change_no_index(level, unit):
    rng = np.random.default_rng(3)
    f_a, f_b, mixed = rng.normal(size=64), rng.normal(size=64), rng.normal(size=(2, 64))
    plain = estimates(f_a, f_b, mixed)
    moved = estimates(*(level + unit * one for one in (f_a, f_b, mixed)))
    assert np.allclose(plain, moved, atol=1e-6)


def test_what_nothing_moves_has_no_indices():
    found = sobol(lambda _: 3.0, 2, 4, SEED)
    assert (found.first == 0.0).all()
    assert (found.total == 0.0).all()


def test_the_same_seed_gives_the_same_indices_and_another_gives_others():
    one, again, other = (sobol(ishigami, 3, 5, seed) for seed in (1, 1, 2))
    assert one.first.tobytes() == again.first.tobytes()
    assert one.total_error.tobytes() == again.total_error.tobytes()
    assert one.first.tobytes() != other.first.tobytes()


def test_the_bootstrap_error_is_what_repeated_estimates_show():
    """Rotated points are surer than independent ones, so the bootstrap is on the safe side."""
    runs = [sobol(ishigami, 3, 7, seed) for seed in range(12)]
    spread = np.std([one.total for one in runs], axis=0, ddof=1)
    said = np.mean([one.total_error for one in runs], axis=0)
    assert (said > 0.5 * spread).all()
    assert (said < 10.0 * spread).all()
