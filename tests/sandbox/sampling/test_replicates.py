"""Errors by replicates: reductions that theory knows, intervals that hold, verdicts told."""

import math

import numpy as np
import pytest
from scipy.special import ndtri

from sandbox.figures.paired import difference
from sandbox.kernels.copulas import independent
from sandbox.measures import Mean, Sample, StandardDeviation, TailValueAtRisk, ValueAtRisk
from sandbox.measures import curve as curve_of
from sandbox.measures.reductions import Reduction, reductions, reductions_lines
from sandbox.measures.replicates import ALIKE, by_replicates, estimated
from sandbox.sampling import PLAIN, SAMPLINGS

RUNS = pytest.mark.parametrize("runs", [150, pytest.param(1_000, marks=pytest.mark.prove)])
YEARS = 640
TOGETHER = [kind for kind in SAMPLINGS if kind != PLAIN.KIND]


def sample(kind, figure, years=YEARS, key=1, lines=1):
    """Give the figure of numbers [year, line] of a run."""
    sampling = SAMPLINGS[kind]
    u = np.empty((years, lines))
    independent(sampling.drivers(years), np.uint64(key), 0, u)
    return Sample(figure(u), replicate=sampling.replicate(years))


def verdict(one):
    return Reduction(one).verdict


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
    assert verdict(one) == "better"


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
    assert verdict(one) == "worse"
    assert Reduction(one).said.startswith("0.50 (")


def test_a_product_of_numbers_is_not_helped_by_a_hypercube_but_by_a_net():
    """(u - 1/2)(v - 1/2) has no part of one number alone."""

    def product(u):
        return (u[:, 0] - 0.5) * (u[:, 1] - 0.5)

    cube = estimated(Mean(), sample("latin_hypercube", product, 10_240, lines=2))
    net = estimated(Mean(), sample("sobol", product, 10_240, lines=2))
    assert cube.reduction_low < 1.0 < cube.reduction_high
    assert verdict(cube) == "open"
    assert net.reduction > 20.0


def test_replicates_that_are_all_the_same_are_not_trusted():
    one = estimated(Mean(), sample("latin_hypercube", lambda u: (u[:, 0] > 0.5) * 1.0))
    assert (one.value, one.error, one.trusted, one.why) == (0.5, 0.0, False, ALIKE)
    assert one.reduction == math.inf
    assert (Reduction(one).said, verdict(one)) == ("all", "untrusted")


def test_too_few_rows_beyond_a_quantile_are_not_trusted():
    one = estimated(ValueAtRisk(level=0.995), sample("sobol", losses, lines=3))
    assert not one.trusted
    assert "rows lie beyond the quantile" in one.why


def test_a_row_alone_is_measured_as_ever():
    plain = sample("plain", losses, lines=3)
    assert estimated(Mean(), plain) == Mean().measure(plain)
    assert reductions({"mean": estimated(Mean(), plain)}) == []
    assert reductions_lines("plain", {"mean": estimated(Mean(), plain)}) == []


def jumps(rows, replicate, at, size=1.0):
    """Give rows of small even noise, in which the rows `at` stand out."""
    moves = np.where(np.arange(rows) % 2 == 0, 0.01, -0.01)
    moves[at] += size
    return Sample(moves - moves.mean(), replicate=replicate)


def test_a_spread_that_rests_on_one_replicate_is_not_trusted_though_many_rows_bear_it():
    """100 rows stand out, all in one of 20 replicates: 100 rows are enough, one replicate not."""
    rows = jumps(2_000, 100, np.arange(100))
    assert Mean().measure(Sample(rows.values)).trusted
    one = estimated(Mean(), rows)
    assert one.why == "the spread rests on about 1.1 of 20 replicates; 4 are wanted"
    assert verdict(one) == "untrusted"


def test_few_replicates_are_not_trusted():
    rng = np.random.default_rng(3)
    one = estimated(Mean(), Sample(rng.normal(size=1_900), replicate=100))
    assert (one.trusted, one.why) == (False, "19 replicates; 20 are wanted")
    assert estimated(Mean(), Sample(rng.normal(size=2_000), replicate=100)).trusted


def test_rows_that_stand_out_alike_in_every_replicate_are_trusted():
    """A rare loss that falls once in each replicate: rows alone would distrust it."""
    rng = np.random.default_rng(4)
    at = 1_000 * np.arange(20) + 7
    rows = jumps(20_000, 1_000, at, size=1.0 + 0.01 * rng.normal(size=20))
    assert not Mean().measure(Sample(rows.values)).trusted
    one = estimated(Mean(), rows)
    assert one.trusted, one.why
    assert verdict(one) == "better"


def test_rows_that_stand_out_by_chance_are_distrusted_as_of_plain_years():
    """20 losses that fall where they like: the sampling gains nothing, and rows are asked."""
    rng = np.random.default_rng(5)
    one = estimated(Mean(), jumps(20_000, 1_000, rng.integers(0, 20_000, 20)))
    assert not one.trusted
    assert "rows; 30 are wanted" in one.why or "replicates; 4 are wanted" in one.why
    assert verdict(one) == "untrusted"


@pytest.mark.parametrize(("replicate", "least"), [(2, 0.99), (100, 0.95)])
def test_normal_rows_are_hardly_ever_distrusted(replicate, least):
    rng = np.random.default_rng(6)
    found = [
        estimated(Mean(), Sample(rng.normal(size=20 * 100), replicate=replicate)).trusted
        for _ in range(300)
    ]
    assert np.mean(found) >= least


def test_measures_that_are_one_number_share_a_line():
    """Claims, claims over a premium, claims and expenses over it; another measure stands apart."""
    rows = sample("sobol", losses, lines=3)
    ratio = Sample.ratio(rows.values, np.full(YEARS, 7.0), rows.replicate)
    less = Sample(100.0 - rows.values, replicate=rows.replicate)
    said = {
        "claims.mean": estimated(Mean(), rows),
        "claims_over_premium.mean": estimated(Mean(), ratio),
        "claims.value_at_risk 90%": estimated(ValueAtRisk(level=0.9), rows),
        "profit.mean": estimated(Mean(), less),
    }
    first, second = reductions(said)
    assert first.names == ["claims.mean", "claims_over_premium.mean", "profit.mean"]
    assert second.names == ["claims.value_at_risk 90%"]
    lines = reductions_lines("sobol", said)
    assert all(len(line) <= 80 for line in lines)
    assert sum("better" in line for line in lines) == len([first, second])


def test_a_move_is_trusted_by_its_replicates():
    one = by_replicates(0.0, jumps(2_000, 100, np.arange(100)).values, 100, "", "")
    assert "of 20 replicates" in one.why


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


@RUNS
@pytest.mark.parametrize("kind", TOGETHER)
def test_an_interval_of_95_percent_holds_the_exact_value(kind, runs):
    """The value at risk and the tail against a run of many plain years, whose error is small."""
    big = np.sort(sample("plain", losses, 400_000, key=99, lines=3).values)
    level = 0.9
    exact = {
        Mean(): 3.0 * math.exp(0.125),
        ValueAtRisk(level=level): big[int(level * big.size)],
        TailValueAtRisk(level=level): big[int(level * big.size) :].mean(),
    }
    off = 4.5 * math.sqrt(0.95 * 0.05 / runs)
    for measure, value in exact.items():
        found = [estimated(measure, sample(kind, losses, key=key, lines=3)) for key in range(runs)]
        held = np.mean([one.low <= value <= one.high for one in found])
        spread = np.std([one.value for one in found], ddof=1)
        error = math.sqrt(np.mean([one.error**2 for one in found]))
        assert held >= 0.95 - off, (measure, held)
        # the errors say what the runs do; by the roots of few runs, within a quarter
        assert error == pytest.approx(spread, rel=0.25), (measure, held)


@RUNS
@pytest.mark.parametrize("kind", TOGETHER)
def test_the_reduction_is_that_of_many_runs(kind, runs):
    """The variance of plain runs over that of runs of a kind; said within its interval."""
    found = [estimated(Mean(), sample(kind, losses, key=key, lines=3)) for key in range(runs)]
    plain = losses(np.random.default_rng(1).random((100_000, 3))).var() / YEARS
    true = plain / np.var([one.value for one in found], ddof=1)
    own = 1.0 + 2.0 * math.sqrt(2.0 / runs)  # how far off the variance of so many runs may be
    held = [one.reduction_low / own <= true <= one.reduction_high * own for one in found]
    assert np.mean(held) >= 0.9
    assert np.median([one.reduction for one in found]) == pytest.approx(true, rel=0.35)
