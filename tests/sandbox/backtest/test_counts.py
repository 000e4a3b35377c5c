"""Counts of many policies added up: against scipy, and factors with their intervals."""

import math

import numpy as np
import pytest
from scipy import stats

from rating.frequencies import Binomial, NegativeBinomial, Poisson, ZeroModified
from sandbox.backtest import frequency as of_counts
from sandbox.backtest.counts import Total
from tests.sandbox.backtest.test_series import random


@pytest.mark.parametrize("n", [0, 1, 17, 60])
def test_counts_that_are_alike_add_up_to_the_kind_that_scipy_has(n):
    poisson = Total.of([(Poisson(0.02), 700), (Poisson(0.05), 120)])
    negative = Total.of([(NegativeBinomial(0.1, 1.5), 100), (NegativeBinomial(0.3, 1.5), 30)])
    binomial = Total.of([(Binomial(1, 0.1), 150), (Binomial(2, 0.1), 20)])
    for total_, law in (
        (poisson, stats.poisson(20.0)),
        (negative, stats.nbinom(19.0 / 0.5, 1 / 1.5)),
        (binomial, stats.binom(190, 0.1)),
    ):
        assert total_.distribution(n) == pytest.approx(law.cdf(n), rel=1e-10, abs=1e-14)
        assert total_.probability(n) == pytest.approx(law.pmf(n), rel=1e-10, abs=1e-14)
        both = min(1.0, 2.0 * min(law.cdf(n), law.sf(n - 1)))
        assert total_.two_sided(n) == pytest.approx(both, rel=1e-9, abs=1e-14)
        assert (total_.mean, total_.variance) == pytest.approx((law.mean(), law.var()))


def test_counts_of_different_kinds_are_convolved():
    """Negative binomials of two spreads and zero-modified counts, added term by term."""
    zeros = ZeroModified.from_form(of=Poisson(1.0), none=0.7)
    whole = Total.of(
        [(NegativeBinomial(0.4, 1.5), 5), (NegativeBinomial(0.2, 2.0), 10), (zeros, 3)]
    )
    assert whole.law is None
    size = 80
    table = np.convolve(
        stats.nbinom(4.0, 1 / 1.5).pmf(np.arange(size)), stats.nbinom(2.0, 0.5).pmf(np.arange(size))
    )[:size]
    one = np.array([zeros.probability(n) for n in range(size)])
    for _ in range(3):
        table = np.convolve(table, one)[:size]
    found = [whole.probability(n) for n in range(size)]
    assert found == pytest.approx(table.tolist(), abs=1e-12)
    assert whole.survival(7) == pytest.approx(1.0 - table[:8].sum(), abs=1e-12)
    assert whole.quantile(0.9) == int(np.searchsorted(np.cumsum(table), 0.9))


@pytest.mark.parametrize("n", [0, 3, 40])
def test_the_interval_of_a_poisson_factor_is_garwoods(n):
    low, high = Total.of([(Poisson(0.1), 100)]).interval(n, 0.95)
    assert low == pytest.approx(stats.chi2.ppf(0.025, 2 * n) / 2 / 10 if n else 0.0, rel=1e-7)
    assert high == pytest.approx(stats.chi2.ppf(0.975, 2 * n + 2) / 2 / 10, rel=1e-7)


@pytest.mark.parametrize("n", [20, 45, 50])
def test_the_interval_of_a_binomial_factor_is_clopper_and_pearsons(n):
    """Of 50 with a chance of 30%, up to the largest factor that there is; of all there is no more.

    C. J. Clopper and E. S. Pearson, Biometrika 26 (1934): quantiles of beta distributions.
    """
    low, high = Total.of([(Binomial(1, 0.3), 50)]).interval(n, 0.95)
    assert low == pytest.approx(stats.beta.ppf(0.025, n, 51 - n) / 0.3, rel=1e-7)
    above = stats.beta.ppf(0.975, n + 1, 50 - n) / 0.3 if n < 50 else math.nan
    assert high == pytest.approx(above, rel=1e-7, nan_ok=True)


def test_the_interval_of_counts_that_may_be_none_is_that_of_their_chance():
    """At most one event each: a zero-modified count is a binomial one under another name."""
    zeros = ZeroModified.from_form(of=Binomial(1, 0.5), none=0.4)
    found = Total.of([(zeros, 40)]).interval(37, 0.95)
    bounds = stats.beta.ppf([0.025, 0.975], [37, 38], [4, 3]) / 0.6
    assert found == pytest.approx(bounds.tolist(), rel=1e-6)


def test_the_smallest_error_that_is_told_is_found_four_times_in_five():
    whole = Total.of([(Poisson(0.1), 1_000)])
    test = of_counts.level_test("fire.event", whole, 100, 0.01)
    many = stats.poisson.isf(0.005, 100.0) + 1
    factor = 1.0 + test.finds
    assert stats.poisson.sf(many - 1, 100.0 * factor) == pytest.approx(0.8, abs=1e-6)
    assert stats.poisson.sf(many - 1, 100.0) <= 0.005


@pytest.mark.parametrize(
    "whole",
    [
        Total.of([(NegativeBinomial(0.4, 1.5), 50), (Poisson(0.3), 20)]),
        Total.of([(NegativeBinomial(1.0, 20.0), 1)]),
        Total.of([(NegativeBinomial(1.0, 20.0), 1), (NegativeBinomial(0.5, 40.0), 1)]),
    ],
    ids=["mixed", "long tail", "two long tails"],
)
def test_drawn_counts_have_their_mean_and_variance_however_long_their_tail(whole):
    drawn = whole.drawn(random(), 20_000)
    assert drawn.mean() == pytest.approx(whole.mean, abs=4 * math.sqrt(whole.variance / 20_000))
    assert drawn.var() == pytest.approx(whole.variance, rel=0.12)
    assert whole.distribution(10**6) == pytest.approx(1.0, abs=1e-12)
