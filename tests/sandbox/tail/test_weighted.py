"""Weighted years: what they estimate, how often their intervals hold, and what they save."""

import math

import numpy as np
import pytest
from scipy.stats import t

from sandbox.kernels.tail import weigh
from sandbox.measures import Mean, Sample, TailValueAtRisk, ValueAtRisk
from sandbox.tail.weighted import GROUPS, STUDENT, Weighted, student

THRICE, PERIOD = 5.0, 1_000.0
YEARS = 2_000


def plain(values):
    return Weighted(
        values, np.ones(len(values)), np.zeros(len(values), dtype=np.int64), len(values)
    )


def exponential(seed, tilted=THRICE, part=0.5):
    """Exponential years of mean 1, a part of them drawn with a mean of 5: the ratio is known."""
    draws = np.random.default_rng(seed)
    law = np.repeat([0, 1], [int((1 - part) * YEARS), int(part * YEARS)])
    values = draws.exponential(size=YEARS) * np.where(law == 1, tilted, 1.0)
    ratios = -math.log(tilted) + values * (1.0 - 1.0 / tilted)
    weights = np.empty(YEARS)
    weigh(ratios[:, None], np.array([part]), weights)
    return Weighted(values, weights, law, YEARS)


@pytest.mark.parametrize("level", [0.9, 0.995])
def test_years_of_one_law_are_measured_as_a_plain_run_is(level):
    values = np.random.default_rng(3).lognormal(size=YEARS)
    years, sample = plain(values), Sample(values)
    var, tail = years.value_at_risk(1.0 - level), years.tail_value_at_risk(1.0 - level)
    assert var.measured.value == ValueAtRisk(level=level).measure(sample).value
    usual = TailValueAtRisk(level=level).measure(sample)
    assert math.isclose(tail.measured.value, usual.value, rel_tol=1e-9)
    # theirs divides by one row less than the ten that lie beyond
    assert math.isclose(tail.measured.error, usual.error, rel_tol=0.06)
    assert math.isclose(years.mean().measured.error, Mean().measure(sample).error, rel_tol=1e-9)


def test_years_of_one_law_save_nothing():
    years = plain(np.random.default_rng(4).lognormal(size=YEARS))
    for found in (years.mean(), years.value_at_risk(0.01), years.tail_value_at_risk(0.01)):
        assert math.isclose(found.reduction.value, 1.0, rel_tol=1e-2)
        assert found.reduction.verdict == "same"


def test_the_mean_of_years_that_are_alike_does_not_suffer_from_the_weights():
    years = exponential(6)
    alike = Weighted(1_000.0 + years.values, years.weights, years.law, YEARS)
    found, moved = alike.mean().measured, years.mean().measured
    assert found.error == pytest.approx(moved.error, rel=1e-6)
    assert abs(found.value - 1_001.0) < 4.0 * found.error


def test_no_weight_exceeds_one_over_the_part_of_the_original_law():
    assert exponential(1).weights.max() <= 2.0


def test_a_law_away_from_the_tail_is_said_to_hurt():
    """Small years made frequent: only half of them say anything of the mean beyond a quantile."""
    found = exponential(2, tilted=0.05).tail_value_at_risk(0.05)
    assert found.reduction.high < 1.0
    assert found.reduction.verdict == "hurts"


@pytest.mark.parametrize("runs", [150, pytest.param(1_000, marks=pytest.mark.prove)])
def test_intervals_hold_the_exact_value_as_often_as_they_say(runs):
    """VaR of an exponential is ln T, TVaR ln T + 1; 93 to 97 of a hundred where `prove` counts."""
    exact = math.log(PERIOD)
    held = np.zeros(4)
    for seed in range(runs):
        years = exponential(seed)
        pairs = (
            (years.mean(), 1.0),
            (years.value_at_risk(1.0 / PERIOD), exact),
            (years.tail_value_at_risk(1.0 / PERIOD), exact + 1.0),
            (years.exceeded(exact), 1.0 / PERIOD),
        )
        held += [one.measured.low <= value <= one.measured.high for one, value in pairs]
    slack = 4.0 * math.sqrt(0.05 * 0.95 / runs)
    assert (np.abs(held / runs - 0.95) <= slack).all()


def test_the_saving_is_the_ratio_of_the_variances_that_many_runs_show():
    """Of TVaR: over many runs, the variance of plain years over that of weighted ones."""
    many = [exponential(seed).tail_value_at_risk(1.0 / 100.0) for seed in range(200)]
    draws = np.random.default_rng(9)
    usual = [
        plain(draws.exponential(size=YEARS)).tail_value_at_risk(1.0 / 100.0).measured.value
        for _ in range(200)
    ]
    shown = np.var(usual) / np.var([one.measured.value for one in many])
    said = np.median([one.reduction.value for one in many])
    assert said == pytest.approx(shown, rel=0.4)
    assert all(one.reduction.low < said * 1.5 for one in many)
    errors = np.median([one.plain_error for one in many])
    assert errors == pytest.approx(np.std(usual), rel=0.2)


def test_weights_that_do_not_average_one_are_not_trusted():
    years = exponential(5)
    wrong = Weighted(years.values, years.weights * 1.5, years.law, YEARS)
    found = wrong.value_at_risk(0.01).measured
    assert not found.trusted
    assert found.why.startswith("the weights have a mean of 1.5")
    assert years.value_at_risk(0.01).measured.trusted


def test_few_years_beyond_are_not_trusted():
    found = plain(np.random.default_rng(4).lognormal(size=YEARS)).value_at_risk(1e-3).measured
    assert not found.trusted
    assert found.why


def test_a_value_at_risk_with_few_years_beyond_has_no_error():
    values = np.random.default_rng(4).lognormal(size=YEARS)
    values[:100] = values.max()  # an atom, beyond which there is nothing
    found = plain(values).value_at_risk(1e-3).measured
    assert found.value == values.max()
    assert math.isinf(found.error)
    assert math.isinf(found.high)
    assert found.low <= found.value
    assert not found.trusted


def test_a_chance_of_none_is_bounded_by_the_rule_of_three():
    years = exponential(3)
    found = years.exceeded(1e6).measured
    assert (found.value, found.low, found.high) == (0.0, 0.0, 3.0 / (YEARS / 2))
    assert math.isinf(found.error)
    assert not found.trusted
    assert (1.0 - found.high) ** (YEARS / 2) == pytest.approx(0.05, rel=0.01)


@pytest.mark.parametrize("freedom", [4, 5, 10, 19, 40, 1_000])
def test_a_quantile_of_students_t_is_right_to_three_thousandths(freedom):
    assert student(freedom) == pytest.approx(t.ppf(0.975, freedom), rel=3e-3)
    assert pytest.approx(t.ppf(0.975, GROUPS - 1), rel=1e-12) == STUDENT


def test_means_that_are_off_withdraw_all_trust():
    years = exponential(5)
    wrong = Weighted(years.values, years.weights, years.law, YEARS, "bike is off")
    for one in (wrong.mean(), wrong.value_at_risk(0.01), wrong.exceeded(3.0)):
        assert one.measured.why == "bike is off"
        assert one.verdict == "unknown"
