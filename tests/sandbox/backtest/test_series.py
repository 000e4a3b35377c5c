"""Years side by side: drift, spread and memory, planted and told."""

import math
from functools import partial

import numpy as np
import pytest
from scipy import stats

from sandbox.backtest.series import Series, over_years

YEARS = list(range(2018, 2026))
TOLD = "frequency", "x", 0.01


def random(seed=1):
    return np.random.Generator(np.random.PCG64(seed))


def counted(numbers, mean=40.0, over=1.0, draws=1_500, seed=7):
    """The tests of yearly counts whose means grow from year to year."""
    means = mean * (1.0 + 0.05 * np.arange(len(numbers)))
    spread = random(seed)
    drawn = np.stack([spread.negative_binomial(m / 0.2, 1 / 1.2, draws) for m in means], axis=1)
    series = Series(
        YEARS[: len(numbers)], np.asarray(numbers, float), means, 1.2 * means, drawn, powers=(1,)
    )
    return {one.aspect: one for one in over_years(series, "frequency", "x", 0.01)}


def history(seed, *, level=1.0, drift=0.0, common=0.0, memory=0.0, years=8):
    """Draw counts, with what is planted."""
    spread = random(seed)
    means = 40.0 * (1.0 + 0.05 * np.arange(years)) * level
    means *= np.exp(drift * (np.arange(years) - (years - 1) / 2))
    if common:
        shape = 1.0 / common**2
        means *= spread.gamma(shape, 1.0 / shape, years)
    if memory:
        noise, past = spread.normal(0.0, memory, years), 0.0
        for year in range(years):
            past = 0.9 * past + noise[year]
            means[year] *= math.exp(past)
    return spread.negative_binomial(means / 0.2, 1 / 1.2)


def found_in(plant, aspect, runs=60, level=0.01):
    return np.mean([counted(plant(seed))[aspect].p <= level for seed in range(runs)])


def test_a_wrong_level_moves_neither_drift_nor_spread_nor_memory():
    plant = partial(history, level=1.5)
    for aspect in ("trend", "spread", "memory"):
        assert found_in(plant, aspect, level=0.05) <= 0.15


def test_a_drift_is_found_as_one_and_leaves_the_spread():
    plant = partial(history, drift=0.12)
    assert found_in(plant, "trend") > 0.9
    assert found_in(plant, "spread") <= 0.1
    estimates = [counted(plant(seed))["trend"].estimate for seed in range(60)]
    assert np.mean(estimates) == pytest.approx(math.expm1(0.12), abs=0.01)


def test_a_common_factor_of_years_is_found_as_spread():
    plant = partial(history, common=0.5)
    assert found_in(plant, "spread") > 0.8
    ratios = [counted(plant(seed))["spread"].estimate for seed in range(60)]
    assert np.median(ratios) > 3.0


def test_years_that_follow_one_another_are_found_as_memory():
    plant = partial(history, memory=0.5, years=8)
    ties = [counted(plant(seed))["memory"].estimate for seed in range(60)]
    own = [counted(history(seed))["memory"].estimate for seed in range(60)]
    assert np.mean(ties) > np.mean(own) + 0.15


@pytest.mark.parametrize(("place", "estimate"), [(0, -1.0), (-1, math.inf)])
def test_all_in_the_first_or_the_last_year_is_a_drift_without_bounds(place, estimate):
    numbers = np.zeros(3)
    numbers[place] = 1
    found = counted(numbers, mean=0.5)["trend"]
    assert found.estimate == estimate
    assert all(math.isnan(one) for one in (found.low, found.high, found.finds))
    assert 0.05 < found.p <= 1.0


@pytest.mark.parametrize("least", [1e-3, 1e-12])
def test_the_drift_of_two_far_years_is_their_quotient_even_where_little_is_in_one(least):
    """Equal means and powers of q: the fit is exact, and reads the same backwards."""
    seen = np.array([1.0, least, least**2])
    mean, drawn = np.full(3, 2.0), random().exponential(2.0, (1_000, 3))
    for order, quotient in ((slice(None), least), (slice(None, None, -1), 1.0 / least)):
        series = Series(YEARS[:3], seen[order], mean, 50.0 * mean, drawn, powers=(1, 2))
        trend = next(one for one in over_years(series, "total", "x", 0.01) if one.aspect == "trend")
        assert 1.0 + trend.estimate == pytest.approx(quotient, rel=1e-6, abs=1e-12)


def test_an_event_where_none_was_ever_drawn_is_told():
    """One in a million a year: no draw has any."""
    mean = np.full(5, 1e-6)
    seen = np.array([0.0, 1.0, 0.0, 0.0, 0.0])
    found = over_years(Series(YEARS[:5], seen, mean, mean, np.zeros((1_000, 5)), (1,)), *TOLD)
    assert [one.aspect for one in found] == ["trend", "spread", "memory"]
    assert found[1].estimate == math.inf


def test_years_on_a_line_have_no_spread_however_sums_are_rounded():
    """Three years in proportion to their means, drawn and seen: what is left of them is nothing."""
    mean = np.array([0.1, 0.7, 1.3])
    drawn = mean * random().integers(1, 9, (1_000, 1))
    series = Series(YEARS[:3], 3.0 * mean, mean, mean, drawn, powers=(1,))
    few = over_years(Series(YEARS[:3], np.array([3.0, 1.0, 2.0]), mean, mean, drawn, (1,)), *TOLD)
    assert over_years(series, *TOLD)[1].p == 1.0
    assert (few[1].estimate, few[1].high) == (math.inf, math.inf)


def test_a_cover_so_volatile_that_bounds_are_no_numbers_is_told_as_unbounded():
    mean, drawn = np.full(3, 2.0), random().exponential(2.0, (1_000, 3))
    series = Series(YEARS[:3], np.array([1.0, 2.0, 1.0]), mean, 1e9 * mean, drawn, powers=(1, 2))
    trend = over_years(series, "total", "x", 0.01)[0]
    assert (trend.low, trend.high, trend.finds) == (-1.0, math.inf, math.inf)


def test_a_drift_of_counts_of_the_size_that_is_told_is_found_four_times_in_five():
    finds = counted(history(1))["trend"].finds
    runs = 80
    plant = partial(history, drift=math.log1p(finds))
    low, high = stats.binom.interval(0.9999, runs, 0.8)
    assert low / runs <= found_in(plant, "trend", runs) <= high / runs
