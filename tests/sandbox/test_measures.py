"""Measures: exact values of known distributions, honest errors, and sums fixed to the bit."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import special, stats

from product_factory.errors import BadValue
from sandbox.loss_table import LossTable, Segments
from sandbox.measures import (
    FIGURES,
    MEASURE,
    MEASURES,
    Exceedance,
    Expectile,
    Mean,
    ProportionalHazard,
    ReturnOnCapital,
    Ruin,
    Sample,
    Skewness,
    StandardDeviation,
    TailValueAtRisk,
    TimeToRuin,
    ValueAtRisk,
    Wang,
    claims_over_premium_by,
    curve,
)
from sandbox.measures.exact import exact_sum
from sandbox.measures.ranks import decimal, ranks

STANDARD_ERRORS = 4.0
REPEATS = 200
COVERAGE_AT_LEAST = 0.95 - 4.0 * math.sqrt(0.95 * 0.05 / REPEATS)
"""Four standard errors of a coverage over 200 runs below 95%: 88.8%."""
CLOSE = 1e-12
"""Relative; the same sum, added in another order."""

EXAMPLES = [
    Mean(),
    StandardDeviation(),
    ValueAtRisk(level=0.995),
    TailValueAtRisk(level=0.99),
    Exceedance(return_period=200),
    Skewness(),
    Expectile(level=0.9),
    Wang(price_of_risk=0.3),
    ProportionalHazard(risk_aversion=1.2),
    ReturnOnCapital(capital=TailValueAtRisk(level=0.99)),
    Ruin(capital=1000.0, years=2),
    TimeToRuin(capital=1000.0, years=2),
]
IN_ANY_ORDER = [measure for measure in EXAMPLES if not isinstance(measure, Ruin | TimeToRuin)]
IN_UNITS_OF_THE_FIGURE = [measure for measure in EXAMPLES if not hasattr(measure, "UNIT")]
GATES = [
    {"kind": "mean"},
    {"kind": "standard_deviation"},
    {"kind": "value_at_risk", "level": 0.995},
    {"kind": "tail_value_at_risk", "level": 0.99},
    {"kind": "exceedance", "return_period": 200},
    {"kind": "skewness"},
    {"kind": "expectile", "level": 0.9},
    {"kind": "wang", "price_of_risk": 0.3},
    {"kind": "proportional_hazard", "risk_aversion": 1.2},
    {"kind": "return_on_capital", "capital": {"kind": "tail_value_at_risk", "level": 0.99}},
    {"kind": "ruin", "capital": 1000.0, "years": 2},
    {"kind": "time_to_ruin", "capital": 1000.0, "years": 2},
]


def exponential_tail(level):
    """VaR -ln(1-p), TVaR 1 - ln(1-p): the mean excess of an exponential is its mean."""
    return -math.log(1 - level), 1 - math.log(1 - level)


def normal_tail(level):
    """VaR z, TVaR phi(z) / (1-p)."""
    z = float(special.ndtri(level))
    return z, math.exp(-z * z / 2) / math.sqrt(2 * math.pi) / (1 - level)


KNOWN = {
    "normal": (lambda rng, n: rng.normal(size=n), normal_tail, 0.0),
    "exponential": (lambda rng, n: rng.exponential(size=n), exponential_tail, 1.0),
}

values = st.lists(st.floats(-1e12, 1e12), min_size=2, max_size=60).map(np.array)

cents = st.lists(st.integers(-(10**14), 10**14), min_size=2, max_size=60).map(
    lambda rows: np.array(rows) / 100
)


def annual(paid, premium, **more):
    return LossTable(
        columns=tuple(f"cover{i}" for i in range(np.shape(paid)[1])),
        paid=np.array(paid, dtype=float),
        premium=np.array(premium, dtype=float),
        basis="best_estimate",
        seed=1,
        **more,
    )


def test_every_kind_has_an_example_and_is_read_from_its_gate():
    assert {example.kind for example in EXAMPLES} == set(MEASURES)
    assert [MEASURE.validate_python(gate) for gate in GATES] == EXAMPLES
    assert all(MEASURES[example.kind] is type(example) for example in EXAMPLES)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "value_at_risk"},
        {"kind": "value_at_risk", "level": 1.0},
        {"kind": "value_at_risk", "level": 99.5},
        {"kind": "tail_value_at_risk", "level": 0.0},
        {"kind": "tail_value_at_risk", "level": math.nan},
        {"kind": "exceedance", "return_period": 1.0},
        {"kind": "exceedance", "return_period": math.inf},
        {"kind": "mean", "level": 0.9},
        {"kind": "expectile", "level": 0.3},
        {"kind": "wang", "price_of_risk": -0.1},
        {"kind": "proportional_hazard", "risk_aversion": 0.5},
        {"kind": "ruin", "capital": -1.0, "years": 2},
        {"kind": "ruin", "capital": 1.0, "years": 0},
        {"kind": "median"},
    ],
)
def test_a_measure_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValidationError):
        MEASURE.validate_python(wrong)


@pytest.mark.parametrize("name", KNOWN)
def test_measures_of_a_known_distribution_are_its_exact_values_within_four_errors(name):
    draw, tail, mean = KNOWN[name]
    sample = Sample(draw(np.random.default_rng(7), 200_000))
    var, tvar = tail(0.995)
    for measure, exact in (
        (Mean(), mean),
        (StandardDeviation(), 1.0),
        (ValueAtRisk(level=0.995), var),
        (TailValueAtRisk(level=0.995), tvar),
        (Exceedance(return_period=200), var),
    ):
        got = measure.measure(sample)
        assert got.trusted, got.why
        assert got.low < got.value < got.high
        assert abs(got.value - exact) < STANDARD_ERRORS * got.error
        assert 0 < got.error < 0.05


@pytest.mark.parametrize("name", KNOWN)
def test_ninety_five_percent_intervals_hold_the_exact_value_as_often_as_they_say(name):
    """And they are no wider than they must be: errors match the spread over repeated runs."""
    draw, tail, mean = KNOWN[name]
    var, tvar = tail(0.99)
    exact = {"mean": mean, "standard_deviation": 1.0, "value_at_risk": var}
    exact["tail_value_at_risk"] = tvar
    measures = [
        Mean(),
        StandardDeviation(),
        ValueAtRisk(level=0.99),
        TailValueAtRisk(level=0.99),
    ]
    rng = np.random.default_rng(2_024)
    held = dict.fromkeys(exact, 0)
    found = {kind: [] for kind in exact}
    for _ in range(REPEATS):
        sample = Sample(draw(rng, 5_000))
        for measure in measures:
            got = measure.measure(sample)
            held[measure.kind] += got.low <= exact[measure.kind] <= got.high
            found[measure.kind].append((got.value, got.error))
    for kind, count in held.items():
        assert count / REPEATS >= COVERAGE_AT_LEAST, kind
        spread = np.std([value for value, _ in found[kind]])
        stated = np.mean([error for _, error in found[kind]])
        assert 0.8 < stated / spread < 1.3, kind


def test_the_interval_of_a_rare_loss_fails_when_few_are_seen_and_says_so():
    """A loss of 1 in 1% of years: in 100 years it happens once or so, in 8,000 some 80 times."""
    rng = np.random.default_rng(3)
    held, trusted = {100: 0, 8_000: 0}, {100: 0, 8_000: 0}
    for n in held:
        for _ in range(REPEATS):
            got = Mean().measure(Sample((rng.random(n) < 0.01).astype(float)))
            held[n] += got.low <= 0.01 <= got.high
            trusted[n] += got.trusted
    assert trusted == {100: 0, 8_000: REPEATS}
    assert held[100] / REPEATS < 0.75
    assert held[8_000] / REPEATS >= COVERAGE_AT_LEAST


def test_too_few_rows_beyond_the_quantile_are_said():
    sample = Sample(np.random.default_rng(5).exponential(size=1_000))
    for measure in (
        ValueAtRisk(level=0.995),
        TailValueAtRisk(level=0.995),
        Exceedance(return_period=200),
    ):
        got = measure.measure(sample)
        assert not got.trusted
        assert got.why == "5 rows lie beyond the quantile; 10 are wanted"
    beyond = ValueAtRisk(level=0.9999).measure(sample)
    assert (beyond.high, beyond.error) == (math.inf, math.inf)
    assert beyond.value == sample.values.max()
    assert TailValueAtRisk(level=0.9999).measure(sample).error == math.inf


def test_a_heavy_tail_that_shows_is_not_trusted():
    rows = np.random.default_rng(6).pareto(1.1, 5_000)
    for measure in (Mean(), StandardDeviation(), TailValueAtRisk(level=0.99)):
        got = measure.measure(Sample(rows))
        assert not got.trusted
        assert "the spread rests on about" in got.why


def test_rows_without_spread_are_not_trusted():
    got = Mean().measure(Sample(np.zeros(1_000)))
    assert (got.value, got.error, got.trusted) == (0.0, 0.0, False)
    assert "no spread" in got.why
    assert not StandardDeviation().measure(Sample(np.zeros(1_000))).trusted


def test_one_to_a_hundred_measured_by_hand():
    """Mean 50.5, variance 100 x 101 / 12; VaR 95% is 95, TVaR 95% is (96 + ... + 100) / 5 = 98."""
    sample = Sample(np.random.default_rng(1).permutation(np.arange(1.0, 101.0)))
    assert Mean().measure(sample).value == 50.5
    assert StandardDeviation().measure(sample).value == math.sqrt(100 * 101 / 12)
    assert ValueAtRisk(level=0.95).measure(sample).value == 95.0
    assert TailValueAtRisk(level=0.95).measure(sample).value == 98.0
    assert Exceedance(return_period=20).measure(sample).value == 95.0


def test_a_level_between_two_rows_counts_the_row_in_part():
    """Of 1..10 at 75%: 8 fills the half row above 7.5, so TVaR = (8/2 + 9 + 10) / 2.5 = 9.2."""
    sample = Sample(np.arange(1.0, 11.0))
    assert ValueAtRisk(level=0.75).measure(sample).value == 8.0
    assert TailValueAtRisk(level=0.75).measure(sample).value == 9.2


def test_the_error_of_a_tail_mean_is_that_of_manistre_and_hancock_by_hand():
    """1..100 at 80%: tail 81..100, variance 35, TVaR 90.5, q 80: (35 + 0.8 x 10.5^2) / 20."""
    got = TailValueAtRisk(level=0.8).measure(Sample(np.arange(1.0, 101.0)))
    assert got.value == 90.5
    assert got.error == pytest.approx(math.sqrt((35 + 0.8 * 10.5**2) / 20), rel=CLOSE)


@pytest.mark.parametrize("n", [1, 2, 50, 1_000, 20_000])
@pytest.mark.parametrize("level", [0.01, 0.5, 0.9, 0.99, 0.995, 0.9999])
def test_ranks_are_the_binomial_quantiles_of_scipy(n, level):
    """The ranks low and high - 1 are quantiles of B at 2.5% and 97.5%, as integers."""
    got = ranks(n, decimal(level))
    assert got.at == math.ceil(n * Fraction(str(level)))
    assert got.low == stats.binom.ppf(0.025, n, level)
    assert got.high == stats.binom.ppf(0.975, n, level) + 1


def test_a_level_is_the_decimal_that_was_written():
    """0.07 x 100 is 7.000000000000001 in binary: the rank must be 7, not 8."""
    assert math.ceil(100 * 0.07) == 8
    assert ranks(100, decimal(0.07)).at == 7


@given(rows=values)
def test_a_measure_is_the_same_to_the_bit_in_any_order_of_rows(rows):
    """Of ruin the order is the matter."""
    turned = rows[::-1].copy()
    for measure in IN_ANY_ORDER:
        assert measure.measure(Sample(rows)) == measure.measure(Sample(turned))


@given(rows=cents, scale=st.sampled_from([0.25, 2.0, 1024.0]))
def test_a_measure_in_another_unit_is_the_measure_to_the_bit(rows, scale):
    """Units that are powers of two, since those scale a float64 without rounding."""
    for measure in IN_UNITS_OF_THE_FIGURE:
        once, scaled = measure.measure(Sample(rows)), measure.measure(Sample(rows * scale))
        for part in ("value", "error", "low", "high"):
            assert getattr(scaled, part) == getattr(once, part) * scale
        assert scaled.why == once.why


@given(rows=values, level=st.floats(0.01, 0.99))
def test_the_tail_mean_lies_between_the_quantile_and_the_largest_row(rows, level):
    quantile = ValueAtRisk(level=level).measure(Sample(rows)).value
    tail = TailValueAtRisk(level=level).measure(Sample(rows)).value
    slack = CLOSE * np.abs(rows).max()
    assert quantile - slack <= tail <= rows.max() + slack
    assert Mean().measure(Sample(rows)).value <= tail + slack


def test_sums_are_exact_where_numpy_is_not():
    rows = np.array([1e16, 1.0, -1e16] * 40_000)
    assert exact_sum(rows) == 40_000.0
    assert rows.sum() != 40_000.0


def test_a_curve_rises_with_its_return_period_and_reads_as_the_measure_does():
    sample = Sample(np.random.default_rng(9).exponential(size=20_000))
    got = curve(sample, (250, 10, 100))
    assert got.return_periods == (10.0, 100.0, 250.0)
    assert [point.value for point in got.points] == sorted(point.value for point in got.points)
    for period, point in zip(got.return_periods, got.points, strict=True):
        assert point == Exceedance(return_period=period).measure(sample)
        assert point.low < math.log(period) < point.high
    with pytest.raises(BadValue, match="return period: expected more than 1 year, got 1"):
        curve(sample, (1,))


def test_the_loss_ratio_is_claims_over_premium_and_its_mean_the_ratio_of_sums():
    """Rows 10/100 and 90/300: 10% and 30% by row, 100/400 = 25% together, not 20%."""
    table = annual([[4, 6], [50, 40]], [100, 300], expenses=np.array([10.0, 30.0]))
    sample = FIGURES["claims_over_premium"](table)
    assert sample.values.tolist() == [0.1, 0.3]
    assert Mean().measure(sample).value == 0.25
    assert FIGURES["combined_ratio"](table).values.tolist() == [0.2, 0.4]
    assert FIGURES["claims"](table).values.tolist() == [10.0, 90.0]


def test_the_error_of_a_ratio_is_that_of_repeated_runs():
    rng = np.random.default_rng(11)
    ratios, errors = [], []
    for _ in range(REPEATS):
        premium = rng.uniform(50, 150, 500)
        got = Mean().measure(Sample.ratio(premium * rng.uniform(0, 1.2, 500), premium))
        ratios.append(got.value)
        errors.append(got.error)
    assert abs(np.mean(ratios) - 0.6) < STANDARD_ERRORS * np.std(ratios) / math.sqrt(REPEATS)
    assert 0.85 < np.mean(errors) / np.std(ratios) < 1.15


def test_segments_have_their_own_loss_ratios():
    zones = Segments(("coast", "inland"), np.array([[9.0, 1], [3, 1]]), np.full((2, 2), 10.0))
    table = annual([[10], [4]], [20, 20], by_segment={"zone": zones})
    got = {
        label: Mean().measure(sample).value
        for label, sample in claims_over_premium_by(table, "zone").items()
    }
    assert got == {"coast": 0.6, "inland": 0.1}
    with pytest.raises(BadValue, match=r"got 'zones'; did you mean 'zone'\?"):
        claims_over_premium_by(table, "zones")


def test_a_figure_that_was_not_simulated_is_said():
    table = annual([[1], [2]], [0, 3])
    for figure, says in (
        ("largest_event", "expected a simulation that keeps events"),
        ("combined_ratio", "expected a simulation with expenses"),
        ("claims_over_premium", "expected a premium above 0 in every row, got 0.0 in row 0"),
    ):
        with pytest.raises(BadValue, match=says):
            FIGURES[figure](table)
    with pytest.raises(BadValue, match="expected at least 2 simulated rows, got 1"):
        FIGURES["claims"](annual([[1]], [1]))


def test_the_arrays_of_a_loss_table_are_sealed():
    paid = np.ones((2, 1))
    table = LossTable(("a",), paid, np.ones(2), "best_estimate", 1)
    for array in (table.paid, table.premium, paid):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 2
    with pytest.raises(TypeError):
        table.by_segment["zone"] = 1


def test_totals_are_added_cover_by_cover():
    table = annual([[1e16, 1.0, -1e16], [1.0, 2.0, 3.0]], [1, 1])
    assert table.total().tolist() == [(1e16 + 1.0) - 1e16, 6.0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"paid": np.ones((3, 1))}, r"paid: expected shape \(2, 1\), got \(3, 1\)"),
        ({"paid": np.full((2, 1), math.nan)}, "paid: expected finite amounts"),
        ({"premium": np.ones(0)}, "expected at least 1 simulated year"),
        ({"largest_event": np.ones(3)}, r"largest_event: expected shape \(2,\)"),
        ({"columns": ("a", "a"), "paid": np.ones((2, 2))}, "covers: expected each name once"),
        ({"kind": "monthly"}, "kind: expected annual or cohort, got 'monthly'"),
        (
            {"by_segment": {"zone": Segments(("x",), np.ones((3, 1)), np.ones((3, 1)))}},
            "segments by zone: expected 2 years, got 3",
        ),
    ],
)
def test_a_loss_table_whose_parts_do_not_fit_is_refused(change, says):
    parts = {"columns": ("a",), "paid": np.ones((2, 1)), "premium": np.ones(2)}
    with pytest.raises(BadValue, match=says):
        LossTable(**{**parts, "basis": "best_estimate", "seed": 1, **change})
