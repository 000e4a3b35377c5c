"""Skewness, expectiles, distortion measures and ruin: exact values, honest errors, laws."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize, special

from product_factory.errors import BadValue
from sandbox.loss_table import LossTable
from sandbox.measures import (
    Expectile,
    Mean,
    ProportionalHazard,
    ReturnOnCapital,
    Ruin,
    Sample,
    Skewness,
    TailValueAtRisk,
    TimeToRuin,
    ValueAtRisk,
    Wang,
)
from sandbox.measures.allocation import allocate

STANDARD_ERRORS = 4.0
REPEATS = 200
COVERAGE_AT_LEAST = 0.95 - 4.0 * math.sqrt(0.95 * 0.05 / REPEATS)


def exponential_expectile(level):
    """E(X - e)+ = exp(-e) and E(e - X)+ = e - 1 + exp(-e), of an exponential of mean 1."""
    return optimize.brentq(
        lambda e: level * math.exp(-e) - (1 - level) * (e - 1 + math.exp(-e)), 0, 50, xtol=1e-14
    )


def exponential_wang(shift):
    """The integral of Phi(Phi^-1(exp(-x)) + shift) over x from 0, by quadrature."""
    return integrate.quad(
        lambda x: special.ndtr(special.ndtri(math.exp(-x)) + shift), 0, 200, limit=500
    )[0]


CASES = [
    ("exponential", Skewness(), 2.0),
    ("exponential", Expectile(level=0.9), exponential_expectile(0.9)),
    ("exponential", Wang(price_of_risk=0.25), exponential_wang(0.25)),
    # S(x)**(1/a) of an exponential of mean 1 has mean a
    ("exponential", ProportionalHazard(risk_aversion=1.25), 1.25),
    ("normal", Skewness(), 0.0),
    ("normal", Wang(price_of_risk=0.4), 0.4),
    ("normal", Expectile(level=0.5), 0.0),
]
DRAW = {
    "exponential": lambda rng, n: rng.exponential(size=n),
    "normal": lambda rng, n: rng.normal(size=n),
}
rows = st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=60).map(
    lambda numbers: np.array(numbers) / 100
)


@pytest.mark.parametrize(("name", "measure", "exact"), CASES)
def test_measures_of_a_known_distribution_are_its_exact_values_within_four_errors(
    name, measure, exact
):
    got = measure.measure(Sample(DRAW[name](np.random.default_rng(11), 200_000)))
    assert got.trusted, got.why
    assert abs(got.value - exact) < STANDARD_ERRORS * got.error
    assert 0 < got.error < 0.05


@pytest.mark.parametrize(("name", "measure", "exact"), CASES)
def test_intervals_hold_the_exact_value_as_often_as_they_say_and_are_no_wider(name, measure, exact):
    """The skewness of an exponential converges slowly: 90% is asked of it, as is known of it."""
    rng = np.random.default_rng(12)
    got = [measure.measure(Sample(DRAW[name](rng, 4_000))) for _ in range(REPEATS)]
    held = sum(one.low <= exact <= one.high for one in got) / REPEATS
    skewed = name == "exponential" and measure.kind == "skewness"
    assert held >= (0.8 if skewed else COVERAGE_AT_LEAST)
    spread = np.std([one.value for one in got], ddof=1)
    assert np.mean([one.error for one in got]) == pytest.approx(spread, rel=0.4 if skewed else 0.2)


def slow_distortion(values, g):
    """The textbook: the integral of g(S_n(x)) from 0 less that of 1 - g(S_n(x)) below 0."""
    ascending = np.sort(values)
    total = ascending[0]
    for k in range(1, len(ascending)):
        above = (len(ascending) - k) / len(ascending)
        total += g(above) * (ascending[k] - ascending[k - 1])
    return total


@given(rows, st.floats(0.0, 3.0))
def test_wang_is_the_textbook_integral(values, shift):
    slow = slow_distortion(values, lambda s: special.ndtr(special.ndtri(s) + shift))
    scale = np.abs(values).max() + 1.0
    assert Wang(price_of_risk=shift).measure(Sample(values)).value == pytest.approx(
        slow, abs=1e-12 * scale
    )


@given(rows, st.floats(1.0, 20.0))
def test_proportional_hazard_is_the_textbook_integral(values, aversion):
    slow = slow_distortion(values, lambda s: s ** (1.0 / aversion))
    scale = np.abs(values).max() + 1.0
    got = ProportionalHazard(risk_aversion=aversion).measure(Sample(values))
    assert got.value == pytest.approx(slow, abs=1e-12 * scale)


@given(rows, st.floats(0.5, 0.999))
def test_an_expectile_balances_gains_and_losses(values, level):
    e = Expectile(level=level).measure(Sample(values)).value
    gains = level * np.maximum(values - e, 0).mean()
    losses = (1 - level) * np.maximum(e - values, 0).mean()
    assert gains == pytest.approx(losses, abs=1e-10 * (np.abs(values).max() + 1.0))


@given(rows)
def test_without_aversion_each_is_the_mean(values):
    mean = Mean().measure(Sample(values)).value
    scale = 1e-12 * (np.abs(values).max() + 1.0)
    for neutral in (
        Wang(price_of_risk=0),
        ProportionalHazard(risk_aversion=1),
        Expectile(level=0.5),
    ):
        assert neutral.measure(Sample(values)).value == pytest.approx(mean, abs=scale)


@given(rows, st.integers(-(10**6), 10**6))
def test_coherent_measures_move_with_certain_money_and_lie_between_mean_and_largest(values, sure):
    for measure in (
        Wang(price_of_risk=0.5),
        ProportionalHazard(risk_aversion=2),
        Expectile(level=0.9),
        TailValueAtRisk(level=0.9),
    ):
        got = measure.measure(Sample(values)).value
        scale = 1e-11 * (np.abs(values).max() + abs(sure) + 1.0)
        assert measure.measure(Sample(values + sure)).value == pytest.approx(got + sure, abs=scale)
        assert values.mean() - scale <= got <= values.max() + scale


@given(rows, rows)
def test_coherent_measures_reward_diversification(first, second):
    n = min(len(first), len(second))
    a, b = first[:n], second[:n]
    scale = 1e-11 * (np.abs(a).max() + np.abs(b).max() + 1.0)
    for measure in (
        Wang(price_of_risk=0.5),
        ProportionalHazard(risk_aversion=2),
        Expectile(level=0.9),
    ):
        apart = measure.measure(Sample(a)).value + measure.measure(Sample(b)).value
        assert measure.measure(Sample(a + b)).value <= apart + scale


def test_the_skewness_of_a_mirror_is_the_mirrored_skewness():
    values = np.array([1.0, 2.0, 2.0, 7.0, 30.0])
    forth, back = Skewness().measure(Sample(values)), Skewness().measure(Sample(-values))
    assert forth.value == -back.value > 0
    # by hand: mean 8.4, m2 121.04, m3 1829.088, so 1829.088 / 121.04**1.5
    assert forth.value == pytest.approx(1829.088 / 121.04**1.5, rel=1e-12)


def test_ruin_by_hand():
    results = [1.0, -3.0, 4.0, -1.0, -1.5, 9.0, 2.0, 2.0, -9.0, 100.0]
    ruin = Ruin(capital=2.0, years=3)
    # paths 1 -2 2 | -1 -2.5 … | 2 4 -5; the tenth row fills no path
    assert ruin.first_years(Sample(np.array(results))).tolist() == [0, 2, 3]
    got = ruin.measure(Sample(np.array(results)))
    assert got.value == 2 / 3
    assert got.n == 3
    assert not got.trusted


def test_ruin_of_a_walk_is_the_exact_probability():
    """Results +1 or -1 with equal chance, capital 2, ten years: by the reflection principle
    P(min S < -2) = P(S10 <= -3) + P(S10 < -3) = 2 P(S10 <= -4) = 2 (1 + 10 + 45 + 120)/1024.
    """
    exact = 2 * (1 + 10 + 45 + 120) / 1024
    rng = np.random.default_rng(3)
    got = Ruin(capital=2, years=10).measure(Sample(rng.choice([-1.0, 1.0], size=400_000)))
    assert got.trusted
    assert abs(got.value - exact) < STANDARD_ERRORS * got.error


@given(st.floats(0, 100), st.floats(0, 100), st.integers(1, 5))
def test_more_capital_never_brings_more_ruin(one, other, years):
    results = Sample(np.random.default_rng(5).normal(0.5, 10.0, size=400))
    low, high = sorted((one, other))
    least = Ruin(capital=low, years=years).measure(results)
    most = Ruin(capital=high, years=years).measure(results)
    assert most.value <= least.value
    assert 0.0 <= least.low <= least.value <= least.high <= 1.0


def test_rows_that_fill_no_path_are_refused():
    with pytest.raises(BadValue, match="ruin within 3 years"):
        Ruin(capital=1, years=3).measure(Sample(np.zeros(2)))


def shared(measure, table):
    return allocate(measure, table.columns, table.paid, table.total())


def test_time_to_ruin_by_hand():
    """Paths 1 -2 2, -1 -2.5 …, 2 4 -5 with capital 2: never, in year 2, in year 3."""
    sample = Sample(np.array([1.0, -3.0, 4.0, -1.0, -1.5, 9.0, 2.0, 2.0, -9.0, 100.0]))
    measure = TimeToRuin(capital=2.0, years=3)
    got = measure.measure(sample)
    assert (got.value, got.n, got.trusted) == (2.5, 3, False)
    assert got.error == pytest.approx(0.5)  # sd of 2 and 3 is sqrt(1/2), over sqrt(2)
    assert [one.value for one in measure.by_year(sample)] == [0.0, 1 / 3, 2 / 3]
    never = TimeToRuin(capital=1e9, years=3).measure(sample)
    assert math.isnan(never.value)
    assert (never.error, never.trusted) == (math.inf, False)


def test_time_to_ruin_of_a_walk_is_exact():
    """Steps of 1 up or down, capital 0: below 0 first at odd t, in C_k / 2**(2k+1) of paths, k =
    (t - 1) / 2 and C the Catalan numbers 1, 1, 2, 5, 14 (Feller 1968, volume I, chapter III).
    """
    first = {1: 1 / 2, 3: 1 / 8, 5: 2 / 32, 7: 5 / 128, 9: 14 / 512}
    exact = sum(t * p for t, p in first.items()) / sum(first.values())
    sample = Sample(np.random.default_rng(4).choice([-1.0, 1.0], size=450_000))
    measure = TimeToRuin(capital=0, years=9)
    got = measure.measure(sample)
    assert got.trusted
    assert abs(got.value - exact) < STANDARD_ERRORS * got.error
    for year, one in enumerate(measure.by_year(sample), start=1):
        share = sum(p for t, p in first.items() if t <= year)
        assert abs(one.value - share) < STANDARD_ERRORS * one.error


@given(rows, st.floats(0, 100), st.integers(1, 2))
def test_ruin_up_to_the_last_year_is_the_ruin_and_never_falls(values, capital, years):
    sample = Sample(values)
    by_year = TimeToRuin(capital=capital, years=years).by_year(sample)
    assert by_year[-1] == Ruin(capital=capital, years=years).measure(sample)
    assert [one.value for one in by_year] == sorted(one.value for one in by_year)


def test_return_on_capital_by_hand():
    """Results 4, 1, -2, 5 have the mean 2; their losses' worst quarter is 2, worst half 0.5."""
    sample = Sample(np.array([4.0, 1.0, -2.0, 5.0]))
    for capital, return_ in (
        (8.0, 0.25),
        (TailValueAtRisk(level=0.75), 1.0),
        (TailValueAtRisk(level=0.5), 4.0),
    ):
        assert ReturnOnCapital(capital=capital).measure(sample).value == pytest.approx(return_)
    nothing = ReturnOnCapital(capital=ValueAtRisk(level=0.5)).measure(sample)  # a gain of 4
    assert math.isnan(nothing.value)
    assert "capital by value_at_risk is -4.00" in nothing.why


@pytest.mark.parametrize(
    "capital", [2.5, TailValueAtRisk(level=0.9), Wang(price_of_risk=0.8), Expectile(level=0.95)]
)
def test_the_error_of_a_return_on_capital_is_what_repeated_runs_show(capital):
    rng, measure = np.random.default_rng(13), ReturnOnCapital(capital=capital)
    got = [measure.measure(Sample(rng.normal(0.3, 1.0, 4_000))) for _ in range(REPEATS)]
    spread = np.std([one.value for one in got], ddof=1)
    assert np.mean([one.error for one in got]) == pytest.approx(spread, rel=0.2)
    assert sum(one.trusted for one in got) > 0.9 * REPEATS


def test_return_on_the_tail_of_a_normal_result_is_exact():
    """Mean 0.3, deviation 1: TVaR of the loss is -0.3 + phi(z) / (1 - level)."""
    z = float(special.ndtri(0.9))
    tail = math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / 0.1 - 0.3
    sample = Sample(np.random.default_rng(14).normal(0.3, 1.0, 200_000))
    got = ReturnOnCapital(capital=TailValueAtRisk(level=0.9)).measure(sample)
    assert abs(got.value - 0.3 / tail) < STANDARD_ERRORS * got.error


@given(rows, st.integers(-9, 9))
def test_a_return_does_not_see_the_currency(values, power):
    measure = ReturnOnCapital(capital=TailValueAtRisk(level=0.6))
    here, there = (measure.measure(Sample(v)).value for v in (values, values * 2.0**power))
    assert here == there or (math.isnan(here) and math.isnan(there))


ALLOCATING = [
    TailValueAtRisk(level=0.9),
    Wang(price_of_risk=0.5),
    ProportionalHazard(risk_aversion=1.5),
]


def table_of(paid):
    return LossTable(
        columns=tuple(f"cover{i}" for i in range(paid.shape[1])),
        paid=paid,
        premium=np.ones(len(paid)),
        basis="best_estimate",
        seed=1,
    )


@pytest.mark.parametrize("measure", ALLOCATING, ids=lambda m: m.kind)
def test_parts_of_all_covers_together_are_the_measure_and_do_not_see_the_order_of_rows(measure):
    paid = np.random.default_rng(8).integers(0, 6, size=(400, 3)).astype(float)
    parts = shared(measure, table_of(paid))
    whole = measure.measure(Sample(paid.sum(axis=1))).value
    assert sum(part.value for part in parts.values()) == pytest.approx(whole, rel=1e-12)
    again = shared(measure, table_of(paid[::-1].copy()))
    for name, part in parts.items():
        assert again[name].value == pytest.approx(part.value, rel=1e-12)


@pytest.mark.parametrize("measure", ALLOCATING, ids=lambda m: m.kind)
def test_parts_of_independent_normals_are_as_their_variances(measure):
    """Of jointly normal covers with no mean a part is its covariance with the whole over the
    variance of the whole, times the measure: variances 1, 4, 9 give 1/14, 4/14, 9/14.
    """
    rng = np.random.default_rng(9)
    paid = rng.normal(size=(200_000, 3)) * [1.0, 2.0, 3.0]
    parts = shared(measure, table_of(paid))
    whole = measure.measure(Sample(paid.sum(axis=1))).value
    for part, variance in zip(parts.values(), (1, 4, 9), strict=True):
        assert abs(part.value - whole * variance / 14) < STANDARD_ERRORS * part.error
        assert part.error < 0.05


def test_weights_of_ranks_are_one_together_and_never_fall():
    for measure in ALLOCATING:
        weights = measure.weights(997)
        assert math.fsum(weights) == pytest.approx(1.0, abs=1e-13)
        assert (np.diff(weights) >= -1e-17).all()


def test_too_few_rows_to_allocate_are_said():
    with pytest.raises(BadValue, match="an allocation: expected at least 40 rows, got 30"):
        shared(ALLOCATING[0], table_of(np.ones((30, 2))))
