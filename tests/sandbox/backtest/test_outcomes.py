"""The tests of assumptions: against scipy, published values, and under the true model."""

import math
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from product_factory.errors import BadValue
from rating.frequencies import Poisson
from rating.severities import SEVERITIES
from rating.severities.empirical import Empirical
from sandbox.backtest import frequency as of_counts
from sandbox.backtest import total as of_totals
from sandbox.backtest.history import Claim, Count
from sandbox.backtest.outcome import Finding, held, holm
from sandbox.backtest.series import two_sided
from sandbox.backtest.severity import anderson_darling, normal_chance, severity
from sandbox.backtest.sizes import Sizes, scores
from sandbox.backtest.total import exposed, pit_of, total
from tests.sandbox.backtest.test_series import YEARS, random

LOGNORMAL = SEVERITIES["lognormal"].from_form(mean=1000.0, cv=1.2)
SIZES = Sizes(((1.0, LOGNORMAL, 1.0),), math.inf)
SPREAD = math.sqrt(math.log(1.0 + 1.2**2))
SCIPY = stats.lognorm(SPREAD, scale=1000.0 / math.sqrt(1.0 + 1.2**2))


# intervals and many tests ------------------------------------------------------------------------


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_coverage_is_held_against_the_textbook_binomial(pair):
    """The chance of all counts that are no likelier; Wilson's interval from his own formula."""
    inside, of = pair
    pit = np.concatenate([np.full(inside, 0.5), np.full(of - inside, 0.99)])
    one = held(pit, 0.8)
    assert (one.inside, one.of) == (inside, of)
    chances = np.array([math.comb(of, k) * 0.8**k * 0.2 ** (of - k) for k in range(of + 1)])
    assert one.p == pytest.approx(chances[chances <= chances[inside] * (1 + 1e-7)].sum(), rel=1e-9)
    z, share = 1.959963984540054, inside / of
    middle = (share + z * z / 2 / of) / (1 + z * z / of)
    reach = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / 4 / of**2)
    assert (one.low, one.high) == pytest.approx((middle - reach, middle + reach), abs=1e-12)


def test_holms_correction_on_a_worked_example():
    """0.01, 0.04, 0.03, 0.005: times 3, 1, 2 and 4 in order, never falling."""
    tests = [Finding("total", "x", "level", 1, 1, 1, p) for p in (0.01, 0.04, 0.03, 0.005)]
    found = holm(tests, 0.05)
    assert [one.adjusted for one in found] == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert [one.fails for one in found] == [True, False, False, True]


def test_the_last_bits_of_a_chance_decide_nothing():
    """Twice 0.025 is 5%, whatever a machine makes of its last bits; and no such bit is told."""
    tests = [Finding("total", "x", "level", 1.0 / 3.0, 0.5, 2.0, p) for p in (0.025 + 1e-12, 0.9)]
    first, second = holm(tests, 0.05)
    assert (first.fails, first.p, first.adjusted, first.estimate) == (True, 0.025, 0.05, 0.333333)
    assert not second.fails


def test_the_chance_of_a_rank_counts_what_was_seen_as_one_draw_more():
    drawn = np.arange(1.0, 100.0)
    assert two_sided(drawn, 99.5) == pytest.approx(2 / 100)
    assert two_sided(drawn, 50.0) == 1.0
    assert two_sided(drawn, 98.0, upper=True) == pytest.approx(3 / 100)


@pytest.mark.parametrize(
    ("a", "chance"), [(0.561, 0.15), (0.631, 0.1), (0.752, 0.05), (1.035, 0.01)]
)
def test_the_chance_of_anderson_and_darling_is_the_published_one(a, chance):
    """D'Agostino and Stephens (1986), table 4.7, case 3."""
    assert normal_chance(a) == pytest.approx(chance, rel=0.02)


def test_the_statistic_of_anderson_and_darling_is_scipys():
    z = stats.t(5).rvs(70, random_state=3)
    own = (z - z.mean()) / z.std(ddof=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        plain = stats.anderson(z, "norm").statistic
    assert anderson_darling(own) == pytest.approx(plain * (1 + 0.75 / 70 + 2.25 / 70**2), rel=1e-9)
    assert normal_chance(1e9) < 1e-60


# places in the predictive distribution ------------------------------------------------------------


def test_scores_are_those_of_scipys_distribution():
    x = SCIPY.rvs(40, random_state=2)
    u = random().random(40)
    found = scores(SIZES, x.tolist(), [0.0] * 40, u)
    assert stats.norm.cdf(found) == pytest.approx(SCIPY.cdf(x), abs=1e-12)
    cut = scores(SIZES, (x + 500.0).tolist(), [500.0] * 40, u)
    truncated = 1.0 - SCIPY.sf(x + 500.0) / SCIPY.sf(500.0)
    assert stats.norm.cdf(cut) == pytest.approx(truncated, abs=1e-12)


def test_a_chance_that_sits_on_a_point_is_shared_evenly():
    """Half are 7 exactly: their places are u / 2, in the order of u."""
    point = Empirical.of([7.0])
    half = Sizes(((0.5, point, 1.0), (0.5, point, 2.0)), math.inf)
    u = np.array([0.1, 0.9])
    assert stats.norm.cdf(scores(half, [7.0, 14.0], [0.0, 0.0], u)) == pytest.approx(
        [0.5 - 0.05, 1.0 - 0.45]
    )


def test_the_place_of_a_year_counts_ties_in_part():
    drawn = np.array([[0.0], [0.0], [5.0], [9.0]])
    assert pit_of([0.0], drawn, np.array([0.5])) == pytest.approx([1.5 / 5])
    assert pit_of([6.0], drawn, np.array([0.5])) == pytest.approx([3.5 / 5])


@given(st.lists(st.integers(1, 500), min_size=1, max_size=40), st.floats(1.0, 1e5))
def test_exposure_keeps_the_mix_to_less_than_a_policy(policies, wanted):
    cells = np.array(policies)
    found = exposed(cells, wanted)
    share = round(wanted) * cells / cells.sum()
    assert found.sum() == round(wanted)
    assert (np.abs(found - share) < 1.0 + 1e-6).all()


def test_an_exposure_beyond_any_portfolio_is_refused():
    with pytest.raises(BadValue, match="at most 10,000,000"):
        exposed(np.array([1]), 2e7)


# planted errors and false alarms ------------------------------------------------------------------


@pytest.mark.parametrize("often", [0.35, 2.5])
def test_a_wrong_frequency_moves_neither_drift_nor_spread_of_totals(often, monkeypatch):
    """Money of more events varies with the level, of larger ones with its square."""
    monkeypatch.setattr(of_totals, "DRAWS", 2_000)
    spread = random(11)
    rows = {year: spread.gamma(2.0 * spread.poisson(30.0, 400), 1.0) for year in YEARS}
    low = {"trend": 0, "spread": 0}
    for seed in range(80):
        drawn = random(1_000 + seed)
        seen = {y: float(drawn.gamma(2.0 * drawn.poisson(30.0 * often), 1.0)) for y in YEARS}
        for one in total("x", seen, rows, random(seed), 0.01)[0]:
            low[one.aspect] = low.get(one.aspect, 0) + (one.p <= 0.05)
    assert low["level"] == 80
    assert max(low["trend"], low["spread"]) <= stats.binom.ppf(0.999, 80, 0.05)


def alarms(tests_of_seed, runs):
    """The share of runs in which each test is below 10% and 1%."""
    below = {}
    for seed in range(runs):
        for one in tests_of_seed(seed):
            below.setdefault((one.subject, one.aspect), []).append(one.p)
    return {
        key: [float((np.array(p) <= level).mean()) for level in (0.1, 0.01)]
        for key, p in below.items()
    }


def within(shares, runs, *, conservative=()):
    """Each share is its level, as far as four standard errors go; where counts are whole, less."""
    assert shares
    for key, found in shares.items():
        for level, share in zip((0.1, 0.01), found, strict=True):
            error = 4.0 * math.sqrt(level * (1.0 - level) / runs)
            assert share <= level + error, (key, level, share)
            if key[1] not in conservative:
                assert share >= level - error, (key, level, share)


def by_frequency(seed):
    """Eight years of 300 policies with one event in ten."""
    seen = {y: Count(int(random(seed * 100 + y).poisson(30.0)), 0.0) for y in YEARS}
    return counted_tests(seen, seed)


def counted_tests(seen, seed):
    process = SimpleNamespace(name="x.y", counts=(Poisson(0.1),), draws=())
    model = SimpleNamespace(collective=(process,), catalogue=())
    policies = {year: np.array([300]) for year in YEARS}
    return of_counts.frequency(model, "x.y", seen, policies, random(seed), 0.01)[0]


def by_severity(seed):
    spread = random(seed)
    above = np.where(spread.random(60) < 0.5, 0.0, 300.0)
    u = spread.random(60)
    amounts = SCIPY.isf(SCIPY.sf(above) * u)
    claims = [
        Claim(YEARS[place % len(YEARS)], x, a)
        for place, (x, a) in enumerate(zip(amounts.tolist(), above.tolist(), strict=True))
    ]
    return severity("x.y.bill", claims, SIZES, spread, 0.01)[0]


def by_total(seed):
    spread = random(seed)
    rows = {y: spread.gamma(3.0, 1_000.0, 400) * (spread.random(400) < 0.9) for y in YEARS}
    seen = {y: float(spread.gamma(3.0, 1_000.0) * (spread.random() < 0.9)) for y in YEARS}
    return total("x", seen, rows, spread, 0.01)[0]


RUNS = 70
CONSERVATIVE = dict.fromkeys(("frequency", "severity"), ("level",))
CONSERVATIVE["total"] = ("level", "trend", "spread")
"""Counts are whole; of totals the larger of two chances is told."""
KINDS = {"frequency": by_frequency, "severity": by_severity, "total": by_total}


@pytest.mark.parametrize("kind", KINDS)
def test_under_the_true_model_a_false_alarm_is_as_rare_as_promised(kind, monkeypatch):
    monkeypatch.setattr(of_counts, "DRAWS", 1_000)
    monkeypatch.setattr(of_totals, "DRAWS", 1_000)
    within(alarms(KINDS[kind], RUNS), RUNS, conservative=CONSERVATIVE[kind])


@pytest.mark.prove
@pytest.mark.parametrize("kind", KINDS)
def test_over_many_histories_a_false_alarm_is_as_rare_as_promised(kind, monkeypatch):
    monkeypatch.setattr(of_counts, "DRAWS", 2_000)
    monkeypatch.setattr(of_totals, "DRAWS", 2_000)
    within(alarms(KINDS[kind], 2_000), 4_000, conservative=CONSERVATIVE[kind])


def listed(seed, *, scale=1.0, drift=0.0, wide=1.0, common=0.0, tail=False, size=240):
    """Claims of eight years, with what is planted."""
    spread = random(seed)
    year = np.arange(size) % len(YEARS)
    z = spread.normal(0.0, wide, size) + drift * (year - 3.5) + math.log(scale) / SPREAD
    z += spread.normal(0.0, common, len(YEARS))[year]
    if tail:  # as level and spread are assumed, and of another form
        z = spread.exponential(1.0, size) - 1.0
    amounts = SCIPY.ppf(stats.norm.cdf(z))
    claims = [Claim(YEARS[y], float(x), 0.0) for y, x in zip(year, amounts, strict=True)]
    return {one.aspect: one for one in severity("x.y.bill", claims, SIZES, spread, 0.01)[0]}


@pytest.mark.parametrize(
    ("planted", "aspect"),
    [
        ({"scale": 1.3}, "level"),
        ({"drift": 0.12}, "trend"),
        ({"wide": 1.3}, "spread"),
        ({"common": 0.5}, "years"),
        ({"tail": True}, "shape"),
    ],
)
def test_what_is_wrong_with_a_severity_is_named(planted, aspect):
    """And surest of all; years that scatter may well look like another level, as words say."""
    runs = [listed(seed, **planted) for seed in range(25)]
    assert np.mean([one[aspect].p <= 0.01 for one in runs]) >= 0.8
    surest = [min(one, key=lambda name, one=one: one[name].p) for one in runs]
    assert np.mean([name == aspect for name in surest]) >= (0.5 if aspect == "years" else 0.8)


def test_the_factor_of_a_severity_and_its_drift_are_found_with_their_intervals():
    """95% intervals of the factor 1.3 hold it so often; the drift is told a year."""
    runs = [listed(seed, scale=1.3) for seed in range(25)]
    inside = sum(one["level"].low <= 1.3 <= one["level"].high for one in runs)
    assert inside >= 25 - stats.binom.ppf(0.9999, 25, 0.05)
    assert np.mean([one["level"].estimate for one in runs]) == pytest.approx(1.3, rel=0.03)
    drifts = [listed(seed, drift=0.1)["trend"].estimate for seed in range(12)]
    assert np.mean(drifts) == pytest.approx(math.expm1(0.1 * SPREAD), rel=0.1)


@pytest.mark.parametrize("aspect", ["level", "trend"])
def test_an_error_of_a_severity_of_the_size_that_is_told_is_found_four_times_in_five(aspect):
    finds = np.mean([listed(seed, size=120)[aspect].finds for seed in range(5)])
    planted = {"scale": 1.0 + finds} if aspect == "level" else {"drift": math.log1p(finds) / SPREAD}
    runs = 50
    found = sum(listed(seed, size=120, **planted)[aspect].p <= 0.01 for seed in range(runs))
    low, high = stats.binom.interval(0.9999, runs, 0.8)
    assert low <= found <= high


PARETO = SEVERITIES["pareto"].from_form(alpha=2.5, minimum=1000.0)
BETA = SEVERITIES["beta"].from_form(mean=0.4, cv=0.5)


@pytest.mark.parametrize(("size", "about"), [(PARETO, 1e-3), (BETA, 1e6)])
def test_claims_beyond_anything_possible_fail_without_a_traceback(size, about):
    """Below a threshold, and above a ratio: nothing near moves the chances of what is far away."""
    sizes = Sizes(((1.0, size, 1.0),), math.inf)
    amounts = (about * random(3).uniform(0.9, 1.1, 24)).tolist()
    claims = [Claim(YEARS[n % 8], x, 0.0) for n, x in enumerate(amounts)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = {one.aspect: one for one in severity("x", claims, sizes, random(), 0.01)[0]}
    assert found["level"].p < 1e-12
    assert (found["level"].estimate > 1.0) == (about > 1.0)
    assert math.isnan(found["level"].finds)
    assert math.isnan(found["trend"].estimate)
    assert math.isnan(found["trend"].finds)


def test_claims_that_are_all_alike_are_not_of_the_form_assumed():
    claims = [Claim(YEARS[n % 8], 700.0, 0.0) for n in range(24)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = {one.aspect: one for one in severity("x", claims, SIZES, random(), 0.01)[0]}
    assert found["shape"].p < 1e-12
    assert found["spread"].p < 1e-12
    assert math.isnan(found["shape"].estimate)
