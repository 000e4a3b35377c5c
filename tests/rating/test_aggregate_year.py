"""`covercast aggregate`: a year by two methods that agree, its lattice, its terms and factors."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from product_factory.errors import BadInput, BadValue
from product_factory.tables import read_table
from rating.aggregate import Lattice
from rating.aggregate.claim import NodesOfClaim, TermsOfClaim
from rating.aggregate.factors import deductible_factors, limit_factors
from rating.aggregate.grid import (
    FINE,
    MOST,
    STEPS,
    Source,
    grid_of,
    reach_of,
    rounded,
    typical,
)
from rating.aggregate.of_cover import cover_year
from rating.aggregate.terms import ClaimTerms
from rating.aggregate.year import YearTerms
from rating.aggregate.yearly import APART, added, lumped, yearly
from rating.engines.collective.expected import costs_of
from rating.frequencies import (
    FREQUENCIES,
    Binomial,
    Mixed,
    NegativeBinomial,
    Poisson,
    ZeroModified,
)
from rating.severities import Gamma, Lognormal, Pareto, Weibull
from tests.rating.engines.tiny_year import LAYER, YEARLY, tiny, tiny_model
from tests.the_command import inside

SPEC = """aggregate: cargo
title: {zh: 货运, en: Cargo}
source: the test
currency: CNY
frequency: {kind: poisson, mean: 50}
severity: {kind: lognormal, mu: 8, sigma: 1.8}
claim: {deductible: 2000, limit: 500000}
"""
COUNTS = [
    Poisson(3.0),
    NegativeBinomial(4.0, 6.0),
    Binomial(5, 0.4),
    Mixed((0.8, 0.2), (Poisson(1.0), Poisson(9.0))),
    ZeroModified(0.3, Poisson(2.0)),
]
EXPONENTIAL = TermsOfClaim(Gamma(1.0, 1000.0), ClaimTerms())


def aggregate(folder, *options, spec=SPEC):
    (folder / "cargo.yaml").write_text(spec, encoding="utf-8")
    return inside("aggregate", "cargo.yaml", *options, cwd=folder)


def found(folder, *options, spec=SPEC):
    run = aggregate(folder, "--json", *options, spec=spec)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def at(told, chance):
    return next(row for row in told["chances"] if row["chance"] == chance)


def test_the_verb_reaches_the_compound_poisson_of_the_design(tmp_path):
    """Reference values of Poisson(50) × lognormal(8, 1.8), deductible 2,000, limit 500,000."""
    told = found(tmp_path)
    exact = 50.0 * Lognormal(8.0, 1.8).expected_layer(2000.0, 500_000.0)
    assert told["step"] <= 20.0
    assert told["mean"] == pytest.approx(exact, rel=1e-9)
    assert told["mean"] == pytest.approx(622_368.734, rel=1e-9)
    assert told["sd"] == pytest.approx(300_939.88, abs=0.01)
    assert at(told, 0.995)["var"] == pytest.approx(1_669_345.1, abs=0.2)
    assert at(told, 0.99)["tvar"] == pytest.approx(1_723_319.0, abs=0.05)
    assert told["lost"] < 1e-9
    assert told["compared"]["apart"] < 1e-9


def test_panjer_and_fourier_agree_on_one_grid_by_the_verb(tmp_path):
    grid = ("--step", "500", "--points", "16384")
    fast = found(tmp_path, *grid)
    slow = found(tmp_path, *grid, "--method", "panjer")
    assert (fast["method"], slow["method"]) == ("fourier", "panjer")
    assert fast["compared"]["points"] == slow["points"] == 16384
    assert fast["compared"]["apart"] < 1e-9
    for key in ("mean", "sd"):
        assert fast[key] == pytest.approx(slow[key], rel=1e-9)
    for one, other in zip(fast["chances"], slow["chances"], strict=True):
        assert one["var"] == pytest.approx(other["var"], rel=1e-7)
        assert one["tvar"] == pytest.approx(other["tvar"], rel=1e-7)


def test_the_counts_are_of_every_kind():
    assert {type(count) for count in COUNTS} == set(FREQUENCIES.values())


@pytest.mark.parametrize("count", COUNTS, ids=str)
def test_a_year_of_every_kind_of_count_is_the_slow_sum_over_counts(count):
    """The textbook: P(S = k) = sum over n of P(N = n) times the n-fold convolution."""
    source = Source(count, TermsOfClaim(Weibull(0.8, 900.0), ClaimTerms(100.0, 4000.0, 0.9)))
    year = yearly([source], YearTerms(), step=200.0, points=1024)
    claim = source.claim.lump(200.0, 1024)
    power, slow = np.eye(1024)[0], np.zeros(1024)
    for n in range(300):
        slow += count.probability(n) * power
        power = np.convolve(power, claim.chances)[:1024]
    assert np.abs(np.cumsum(year.whole.chances) - np.cumsum(slow)).max() < 1e-11
    assert year.mean == pytest.approx(source.mean, rel=1e-15)
    assert year.whole.mean == pytest.approx(source.mean, rel=1e-9)
    assert year.compared.apart < 1e-9
    paid = source.claim.severity.survival(100.0)
    silent = math.fsum(count.probability(n) * (1.0 - paid) ** n for n in range(300))
    assert year.nothing == pytest.approx(silent, rel=1e-9)


def test_two_kinds_of_claims_add_up_independently():
    sources = [
        Source(Poisson(2.0), TermsOfClaim(Gamma(2.0, 100.0), ClaimTerms(0.0, 900.0))),
        Source(Binomial(3, 0.5), TermsOfClaim(Weibull(1.5, 300.0), ClaimTerms(50.0, 700.0))),
    ]
    year = yearly(sources, YearTerms(), step=10.0, points=2048)
    alone = [added([one], 2048, "panjer").chances for one in lumped(sources, year.grid)]
    assert year.whole.chances == pytest.approx(np.convolve(*alone)[:2048], abs=1e-12)
    assert year.compared.apart < 1e-9


def test_the_lattice_reaches_as_far_as_a_long_tail_of_the_count():
    """Its length is of the count's quantile: by mean and variance alone it would be too short."""
    claim = TermsOfClaim(Gamma(2.0, 50.0), ClaimTerms(0.0, 400.0))
    even, clustered = (
        Source(count, claim) for count in (Poisson(5.0), NegativeBinomial(5.0, 50.0))
    )
    assert reach_of([clustered]) > 20.0 * reach_of([even])
    year = yearly([clustered], YearTerms())
    assert year.lost < 1e-9
    assert year.apart < 1e-9
    assert year.grid.reach > clustered.mean + 25.0 * math.sqrt(clustered.variance)


@given(log_step=st.floats(-8.0, 12.0))
def test_steps_are_1_2_or_5_times_a_power_of_ten(log_step):
    step = 10.0**log_step
    found_step = rounded(step)
    assert found_step <= step * (1.0 + 1e-9)
    assert found_step > step / 2.51
    assert f"{found_step:e}"[:8] in ("1.000000", "2.000000", "5.000000")


@pytest.mark.parametrize(
    ("mean", "over", "sigma", "deductible"),
    [(0.001, 1.5, 1.8, 0.0), (0.3, 30.0, 0.2, 900.0), (30.0, 3.0, 2.5, 5000.0)],
)
def test_a_chosen_lattice_keeps_the_mean_and_its_step_changes_no_variance(
    mean, over, sigma, deductible
):
    source = Source(
        NegativeBinomial(mean, over),
        TermsOfClaim(Lognormal(7.0, sigma), ClaimTerms(deductible, 20_000.0)),
    )
    grid = grid_of([source], None, None)
    assert grid.points <= MOST
    whole = added(lumped([source], grid), grid.points, "fourier")
    assert whole.mean == pytest.approx(source.mean, rel=1e-8)
    assert whole.sd == pytest.approx(math.sqrt(source.variance), rel=1e-3)


def test_a_year_whose_means_stay_apart_is_refused():
    tail = Source(Poisson(5.0), TermsOfClaim(Pareto(1.2, 1000.0), ClaimTerms()))
    with pytest.raises(BadValue, match=r"^mean: expected 30000 within .* say more --points"):
        yearly([tail], YearTerms(), apart=APART, step=100.0, points=1 << 14)
    short = Source(Poisson(50.0), EXPONENTIAL)
    with pytest.raises(BadValue, match=r"^mean: expected 50000 within 1e-06, got "):
        yearly([short], YearTerms(), step=100.0, points=512)


@pytest.mark.parametrize("terms", [YearTerms(1000.0), YearTerms(limit=2500.0, share=0.8)])
def test_terms_of_the_year_are_those_of_each_sum(terms):
    rng = np.random.default_rng(1)
    chances = rng.random(200)
    year = Lattice(37.0, chances / chances.sum())
    kept = terms.of(year)
    slow = terms.share * np.minimum(np.maximum(year.points - terms.deductible, 0.0), terms.limit)
    assert kept.mean == pytest.approx(float(slow @ year.chances), rel=1e-12)
    assert float(kept.chances.sum()) == pytest.approx(1.0, rel=1e-12)
    for point in (3, 20, 50):
        limited = float(np.minimum(slow, 37.0 * point) @ year.chances)
        assert kept.limited_mean(37.0 * point) <= limited * (1.0 + 1e-12)
        assert kept.limited_mean(37.0 * point) >= limited - 37.0
    assert terms.of(year).points[-1] <= terms.share * terms.limit + 37.0
    assert YearTerms().of(year) is year


def test_factors_of_exponential_claims_are_those_of_the_textbook():
    """Klugman, Panjer and Willmot, Loss Models, 8: E[min(X, L)] = θ (1 - exp(-L / θ))."""
    source = Source(NegativeBinomial(7.0, 2.0), EXPONENTIAL)
    for row in limit_factors([source], [500.0, 100.0, 4000.0]):
        exact = math.expm1(-row.limit / 1000.0) / math.expm1(-0.5)
        assert row.factor == pytest.approx(exact, rel=1e-12)
    for one in deductible_factors([source], [0.0, 250.0, 3000.0]):
        assert one.eliminated == pytest.approx(-math.expm1(-one.deductible / 1000.0), rel=1e-12)
        assert one.claims == pytest.approx(math.exp(-one.deductible / 1000.0), rel=1e-12)


@settings(max_examples=25)
@given(sigma=st.floats(0.2, 3.0), deductible=st.floats(0.0, 2000.0))
def test_factors_rise_ever_less_and_relativities_fall_ever_less(sigma, deductible):
    """An expected layer higher up costs no more (Miccolis 1977): factors are concave."""
    claim = TermsOfClaim(Lognormal(7.0, sigma), ClaimTerms(deductible, 50_000.0))
    amounts = [1000.0 * k for k in range(1, 12)]
    rows = limit_factors([Source(Poisson(2.0), claim)], amounts)
    steps = np.diff([row.factor for row in rows])
    assert (steps >= 0.0).all()
    assert (np.diff(steps) <= 1e-12).all()
    falls = np.diff([r.factor for r in deductible_factors([Source(Poisson(2.0), claim)], amounts)])
    assert (falls <= 0.0).all()


def test_factors_of_nodes_are_those_of_the_amounts_that_are_paid():
    claim = NodesOfClaim(np.array([0.5, 0.3, 0.2]), np.array([0.0, 100.0, 1000.0]))
    source = Source(Poisson(2.0), claim)
    factors = {row.limit: row.factor for row in limit_factors([source], [100.0, 500.0, 2000.0])}
    assert factors == pytest.approx({100.0: 1.0, 500.0: 130.0 / 50.0, 2000.0: 230.0 / 50.0})
    rows = deductible_factors([source], [0.0, 100.0, 400.0])
    assert [row.claims for row in rows] == pytest.approx([1.0, 0.4, 0.4])
    assert [row.factor for row in rows] == pytest.approx([1.0, 180.0 / 230.0, 120.0 / 230.0])
    for chance in (0.1, 0.2, 0.5, 0.6):
        assert claim.weight[claim.paid > claim.beyond(chance)].sum() <= chance
    assert claim.beyond(0.1) == 1000.0


def test_tables_of_factors_are_read_as_tables_of_a_product(tmp_path):
    run = aggregate(
        tmp_path, "-o", "out", "--limits", "100000,50000,500000", "--deductibles", "0,2000",
        "--step", "2000",
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert files == [
        "cargo.json", "cargo.png", "cargo.xlsx", "cargo_deductibles.csv", "cargo_distribution.csv",
        "cargo_limits.csv",
    ]  # fmt: skip
    for name in files[3:]:
        text = (tmp_path / "out" / name).read_text("utf-8")
        read_table(text, name.removesuffix(".csv"), name)
        assert "digest " in text
    limits = (tmp_path / "out" / "cargo_limits.csv").read_text("utf-8")
    assert "# source: the test\n" in limits
    assert "# method: basic limit 100000; frequency poisson {mean: 50}" in limits
    assert "\n100000,1.000000," in limits


def test_the_claims_of_a_products_cover_cost_what_the_engine_says(tmp_path):
    model = tiny_model(tiny(tmp_path, lines=f"{LAYER}\n{YEARLY}", phone_lines=LAYER))
    by_cover = {one.group[0]: one for one in costs_of(model)}
    sources, terms = cover_year(model, ["bike"])
    assert terms == YearTerms(limit=5000.0)
    year = yearly(sources, terms)
    assert year.kept.mean == pytest.approx(
        by_cover["bike"].value, abs=by_cover["bike"].bound + 0.01
    )
    before, none = cover_year(model, ["bike"], before_limits=True)
    assert none == YearTerms()
    assert math.fsum(one.mean for one in before) > by_cover["bike"].value
    phone, whole = cover_year(model, ["phone"])
    assert whole == YearTerms()
    assert yearly(phone, whole).kept.mean == pytest.approx(by_cover["phone"].value, rel=1e-5)


def test_a_year_whose_claims_depend_on_earlier_ones_is_refused(tmp_path):
    lines = "    - {deductible: 1500, per: policy_year}\n    - {share: 80%}"
    model = tiny_model(tiny(tmp_path, lines=lines, phone_lines=LAYER))
    with pytest.raises(BadInput, match=r"covers: a deductible of the year .* simulate the years"):
        cover_year(model, ["phone"])


def test_covers_of_their_own_claims_have_a_limit_of_the_year_each(tmp_path):
    both = f"{LAYER}\n{YEARLY}"
    model = tiny_model(tiny(tmp_path, lines=both, phone_lines=both))
    sources, terms = cover_year(model, [])
    due = costs_of(model)
    off = math.fsum(one.bound for one in due) + 0.01
    assert yearly(sources, terms).kept.mean == pytest.approx(
        math.fsum(one.value for one in due), abs=off
    )
    with pytest.raises(BadValue, match=r"^unknown cover 'bikes'; did you mean 'bike'\?$"):
        cover_year(model, ["bikes"])


@pytest.mark.parametrize(
    ("old", "new", "options", "line"),
    [
        ("poisson", "poison", (), "frequency: unknown kind 'poison'; did you mean 'poisson'?"),
        ("mean: 50", "mean: -50", (), "poisson.mean: expected 0 or more, got -50"),
        ("mean: 50", "mean: age", (), "unknown name 'age'"),
        ("{kind: poisson, mean: 50}", "50", (), "expected a distribution such as"),
        ("kind: lognormal, mu: 8, sigma: 1.8", "kind: poisson, mean: 5", (), "expected a severity"),
        ("sigma: 1.8", "sigma: -1", (), "lognormal.sigma"),
        ("deductible: 2000", "deductible: -1", (), "deductible: expected 0 or more, got -1"),
        ("sigma: 1.8", "sigm: 1.8", (), "got mu and sigm; did you mean 'sigma'?"),
        ("limit: 500000", "limits: 500000", (), "unknown key 'limits'; did you mean 'limit'?"),
        ("limit: 500000", "corridor: 5", (), "expected both of the keys 'corridor' and 'above'"),
        ("limit: 500000", "corridor: -5, above: 0", (), "corridor: expected 0 or more, got -5"),
        ("currency: CNY", "currency: RMB", (), "did you mean CNY?"),
        ("", "", ("--limits", "1000"), "limits: expected two or more, each once, got 1000"),
        ("", "", ("--limits", "1000,x"), "limits: expected"),
        ("", "", ("--deductibles", "-1,0"), "deductibles: expected 0 or more, got -1"),
        ("", "", ("--step", "0"), "step: expected a number above 0, got 0"),
        ("", "", ("--points", "1"), "points: expected 2 to"),
        ("", "", ("--step", "1e-9"), "step: expected a lattice of at most"),
        ("", "", ("--method", "guess"), "method: expected fourier or panjer, got guess"),
        ("", "", ("--step", "1000", "--points", "64"), "say more --points"),
    ],
)
def test_what_cannot_be_computed_is_told_and_nothing_is_written(tmp_path, old, new, options, line):
    assert old in SPEC
    run = aggregate(tmp_path, "-o", "out", *options, spec=SPEC.replace(old, new))
    assert run.returncode == 2
    assert line in run.stderr
    assert run.stdout == ""
    assert list((tmp_path / "out").iterdir()) == []


def test_a_limit_that_is_often_reached_is_the_quantile_of_all_those_chances():
    source = Source(Poisson(3.0), TermsOfClaim(Gamma(1.0, 1000.0), ClaimTerms(limit=4000.0)))
    year = yearly([source], YearTerms(limit=2500.0), step=10.0, points=8192)
    reached = 1.0 - float(np.cumsum(year.whole.chances)[249])
    assert 0.3 < reached < 0.6
    for chance in (1.0 - 0.99 * reached, 0.9, 0.999):
        assert year.kept.var(chance) == 2500.0
        assert year.kept.tvar(chance) == 2500.0
    assert year.kept.var(1.0 - 1.01 * reached) < 2500.0


@pytest.mark.parametrize("mean", [1e-17, 1e-20, 1e-200])
def test_a_year_whose_claims_are_rarer_than_rounding_has_a_lattice(mean):
    """The chance of a silent year is 1 to the last digit; the payment of the others is not lost."""
    source = Source(Poisson(mean), TermsOfClaim(Gamma(1.0, 1000.0), ClaimTerms(limit=5000.0)))
    assert typical([source, source]) == pytest.approx(source.claim.mean, rel=1e-12)
    year = yearly([source], YearTerms())
    assert year.whole.mean == pytest.approx(source.mean, rel=1e-9)


def test_a_basic_limit_under_which_nothing_is_paid_is_refused():
    never = Source(Poisson(0.0), EXPONENTIAL)
    with pytest.raises(BadValue, match=r"^limits: .* got 1000, under which nothing is paid$"):
        limit_factors([never], [1000.0, 2000.0])
    above = Source(Poisson(1.0), NodesOfClaim(np.array([1.0]), np.array([500.0])))
    with pytest.raises(BadValue, match=r"^deductibles: .* got 500, above which nothing is paid$"):
        deductible_factors([above], [500.0, 0.0])


@pytest.mark.parametrize("claim", [Gamma(2.0, 400.0), Weibull(1.5, 900.0)], ids=str)
def test_a_chosen_step_raises_the_variance_by_its_aim_where_points_last(claim):
    """Against the exact second moment: E[Y²] of the lattice is that of the claim and h²/6."""
    source = Source(Poisson(20.0), TermsOfClaim(claim, ClaimTerms()))
    grid = grid_of([source], None, None)
    assert reach_of([source]) <= grid.reach
    found = source.claim.lump(grid.step, grid.points)
    square = float((found.points * found.points) @ found.chances)
    exact = claim.moment(2)
    assert square / exact - 1.0 == pytest.approx(grid.step**2 / 6.0 / exact, rel=0.1)
    assert square / exact - 1.0 <= FINE


def test_a_mean_that_no_chosen_points_reach_coarsens_the_step_and_is_told_so():
    """A tail so long that the points do not last: the step is coarser than its aim."""
    source = Source(Poisson(0.5), TermsOfClaim(Lognormal(7.0, 2.6), ClaimTerms(limit=5e8)))
    grid = grid_of([source], None, None)
    assert grid.points == MOST
    assert typical([source]) / grid.step < STEPS
