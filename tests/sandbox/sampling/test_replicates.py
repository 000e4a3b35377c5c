"""Errors by replicates: reductions that theory knows, intervals that hold, verdicts told."""

import math
import os

import numpy as np
import pytest
from scipy.special import ndtri

from sandbox.figures.paired import difference
from sandbox.kernels.copulas import independent
from sandbox.measures import Mean, Sample, StandardDeviation, TailValueAtRisk, ValueAtRisk
from sandbox.measures import curve as curve_of
from sandbox.measures.replicates import ALIKE, estimated
from sandbox.measures.told import judged, reduced
from sandbox.sampling import PLAIN, SAMPLINGS

PROVE = os.environ.get("COVERCAST_PROFILE") == "prove"
RUNS = 1_000 if PROVE else 150
YEARS = 640
TOGETHER = [kind for kind in SAMPLINGS if kind != PLAIN.KIND]


def sample(kind, figure, years=YEARS, key=1, lines=1):
    """Give the figure of numbers [year, line] of a run."""
    sampling = SAMPLINGS[kind]
    u = np.empty((years, lines))
    independent(sampling.drivers(years), np.uint64(key), 0, u)
    return Sample(figure(u), replicate=sampling.replicate(years))


def square(u):
    return u[:, 0] ** 2


def losses(u):
    """Three lines, each lognormal: mean 3 exp(1/8)."""
    return np.exp(0.5 * ndtri(u)).sum(axis=1)


def test_the_reduction_of_pairs_is_that_of_theory():
    """Of u squared: the correlation of a pair is -7/8, and 1 / (1 - 7/8) = 8."""
    one = estimated(Mean(), sample("antithetic", square, 20_000))
    assert one.reduction == pytest.approx(8.0, rel=0.05)
    assert one.reduction_low < 8.0 < one.reduction_high
    assert judged(one) == "better"


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_the_reduction_of_strata_is_that_of_theory(kind):
    """Of u squared in m strata: 4/45 over 1 / (9 m**2)."""
    m = 256
    one = estimated(Mean(), sample(kind, square, 20 * m))
    theory = (4.0 / 45.0) * 9.0 * m * m
    assert one.reduction_low < theory < one.reduction_high
    assert one.value == pytest.approx(1.0 / 3.0, abs=5.0 * one.error)


def test_pairs_make_an_even_figure_worse_and_it_is_said():
    """(u - 1/2)**2 is the same in both years of a pair, which count as one: reduction 1/2."""
    one = estimated(Mean(), sample("antithetic", lambda u: (u[:, 0] - 0.5) ** 2, 20_000))
    assert one.reduction == pytest.approx(0.5, rel=0.01)
    assert judged(one) == "worse"
    assert "0.50" in reduced(one)


def test_a_product_of_numbers_is_not_helped_by_a_hypercube_but_by_a_net():
    """(u - 1/2)(v - 1/2) has no part of one number alone."""

    def product(u):
        return (u[:, 0] - 0.5) * (u[:, 1] - 0.5)

    cube = estimated(Mean(), sample("latin_hypercube", product, 10_240, lines=2))
    net = estimated(Mean(), sample("sobol", product, 10_240, lines=2))
    assert cube.reduction_low < 1.0 < cube.reduction_high
    assert judged(cube) == "open"
    assert net.reduction > 20.0


def test_replicates_that_are_all_the_same_are_not_trusted():
    one = estimated(Mean(), sample("latin_hypercube", lambda u: (u[:, 0] > 0.5) * 1.0))
    assert (one.value, one.error, one.trusted, one.why) == (0.5, 0.0, False, ALIKE)
    assert one.reduction == math.inf
    assert reduced(one) == "all"


def test_too_few_rows_beyond_a_quantile_are_not_trusted():
    one = estimated(ValueAtRisk(level=0.995), sample("sobol", losses, lines=3))
    assert not one.trusted
    assert "rows lie beyond the quantile" in one.why


def test_a_row_alone_is_measured_as_ever():
    plain = sample("plain", losses, lines=3)
    assert estimated(Mean(), plain) == Mean().measure(plain)
    assert judged(estimated(Mean(), plain)) == reduced(estimated(Mean(), plain)) == ""


@pytest.mark.parametrize("kind", TOGETHER)
def test_values_are_those_of_all_rows(kind):
    rows = sample(kind, losses, lines=3)
    for measure in (
        Mean(),
        StandardDeviation(),
        ValueAtRisk(level=0.9),
        TailValueAtRisk(level=0.9),
    ):
        assert estimated(measure, rows).value == measure.measure(Sample(rows.values)).value
    point = curve_of(rows, (10.0,)).points[0]
    assert point == estimated(ValueAtRisk(level=0.9), rows)


@pytest.mark.parametrize("kind", TOGETHER)
def test_the_move_between_two_runs_has_the_error_of_replicates(kind):
    rows = sample(kind, losses, lines=3)
    more = Sample(rows.values * 1.1, replicate=rows.replicate)
    moved, one = difference(Mean(), rows, more), estimated(Mean(), rows)
    assert moved.error == pytest.approx(0.1 * one.error)
    assert moved.error < 0.5 * difference(Mean(), Sample(rows.values), Sample(more.values)).error
    assert difference(Mean(), rows, rows).error == 0.0


@pytest.mark.parametrize("kind", TOGETHER)
def test_an_interval_of_95_percent_holds_the_exact_value(kind):
    """The value at risk and the tail against a run of many plain years, whose error is small."""
    big = np.sort(sample("plain", losses, 400_000, key=99, lines=3).values)
    level = 0.9
    exact = {
        Mean(): 3.0 * math.exp(0.125),
        ValueAtRisk(level=level): big[int(level * big.size)],
        TailValueAtRisk(level=level): big[int(level * big.size) :].mean(),
    }
    off = 4.5 * math.sqrt(0.95 * 0.05 / RUNS)
    for measure, value in exact.items():
        found = [estimated(measure, sample(kind, losses, key=key, lines=3)) for key in range(RUNS)]
        held = np.mean([one.low <= value <= one.high for one in found])
        spread = np.std([one.value for one in found], ddof=1)
        error = math.sqrt(np.mean([one.error**2 for one in found]))
        assert held >= 0.95 - off, (measure, held)
        # the errors say what the runs do; by the roots of few runs, within a quarter
        assert error == pytest.approx(spread, rel=0.25), (measure, held)


@pytest.mark.parametrize("kind", TOGETHER)
def test_the_reduction_is_that_of_many_runs(kind):
    """The variance of plain runs over that of runs of a kind; said within its interval."""
    found = [estimated(Mean(), sample(kind, losses, key=key, lines=3)) for key in range(RUNS)]
    plain = losses(np.random.default_rng(1).random((100_000, 3))).var() / YEARS
    true = plain / np.var([one.value for one in found], ddof=1)
    own = 1.0 + 2.0 * math.sqrt(2.0 / RUNS)  # how far off the variance of so many runs may be
    held = [one.reduction_low / own <= true <= one.reduction_high * own for one in found]
    assert np.mean(held) >= 0.9
    assert np.median([one.reduction for one in found]) == pytest.approx(true, rel=0.35)
