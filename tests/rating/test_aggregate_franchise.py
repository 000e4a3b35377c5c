"""Franchises in `aggregate`: textbook, quantiles, Fourier = Panjer = closed mean, the verb."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaincc

from product_factory.errors import BadValue
from rating.aggregate.claim import TermsOfClaim
from rating.aggregate.grid import Source
from rating.aggregate.terms import ClaimTerms
from rating.aggregate.year import YearTerms
from rating.aggregate.yearly import AGREE, METHODS, yearly
from rating.engines.collective.layer import Layer
from rating.frequencies import NegativeBinomial, Poisson
from rating.kernels.aggregate import compound
from rating.severities import Empirical, Gamma, Lognormal, Weibull
from tests.rating.random_programs import same_bits
from tests.rating.test_aggregate_year import SPEC, found

TERMS = ClaimTerms(100.0, 4000.0, 0.9, 700.0, 500.0, franchise=900.0)


def of_one(x, terms):
    """What terms keep of an amount, as they are read."""
    beyond = max(x - terms.deductible, 0.0)
    beyond = min(beyond, terms.above) + max(beyond - terms.above - terms.corridor, 0.0)
    return terms.share * min(beyond, terms.limit) if x >= terms.franchise else 0.0


def test_exponential_claims_that_reach_a_franchise_are_those_of_the_textbook():
    """E[X; X >= f] = (f + θ) exp(-f / θ), E[X²; X >= f] = (f² + 2 f θ + 2 θ²) exp(-f / θ)."""
    claim = TermsOfClaim(Gamma(1.0, 1000.0), ClaimTerms(franchise=300.0))
    reaches = math.exp(-0.3)
    assert claim.mean == pytest.approx(1300.0 * reaches, rel=1e-12)
    assert claim.some == pytest.approx(reaches, rel=1e-12)
    assert claim.square == pytest.approx((300.0**2 + 6e5 + 2e6) * reaches, rel=1e-4)


@pytest.mark.parametrize("severity", [Lognormal(6.0, 1.3), Weibull(0.8, 900.0)], ids=str)
def test_a_claim_that_must_reach_a_franchise_is_the_mean_over_quantiles(severity):
    claim, n = TermsOfClaim(severity, TERMS), 5_000
    kept = np.array([of_one(severity.quantile((k + 0.5) / n), TERMS) for k in range(n)])
    assert claim.mean == pytest.approx(kept.mean(), rel=1e-3)
    assert claim.some == pytest.approx((kept > 0.0).mean(), abs=2e-4)
    for low, high in ((0.0, 300.0), (300.0, 800.0), (450.0, 450.0), (900.0, 1e6)):
        slow = np.clip(kept - low, 0.0, high - low).mean()
        assert TERMS.layer(severity, low, high) == pytest.approx(slow, rel=2e-3)
    assert claim.lump(7.0, 1024).mean == pytest.approx(claim.mean, rel=1e-12)
    asked = (50.0, 899.9, 900.0, 1400.0, 1e9)
    assert TERMS.of_amounts(np.array(asked)).tolist() == pytest.approx(
        [of_one(x, TERMS) for x in asked]
    )


def test_a_claim_of_just_the_franchise_reaches_it():
    """Where losses have single points, as a list of them has."""
    claim = TermsOfClaim(Empirical.of((100.0, 200.0, 400.0), (1.0, 1.0, 2.0)), ClaimTerms())
    reaching = TermsOfClaim(claim.severity, ClaimTerms(franchise=200.0))
    assert claim.mean - reaching.mean == pytest.approx(25.0, rel=1e-12)
    assert reaching.some == pytest.approx(0.75, rel=1e-12)


@settings(max_examples=25)
@given(least=st.floats(0.0, 6000.0), deductible=st.floats(0.0, 3000.0), share=st.floats(0.1, 1.0))
def test_the_mean_is_that_of_the_collective_engine(least, deductible, share):
    """Its layers take lines in order: share and franchise, the franchise of what comes before."""
    severity = Lognormal(7.0, 1.0)
    if deductible >= least:
        engine = Layer(1.0).deductible(deductible).share(share)
    else:
        engine = Layer(1.0).deductible(deductible).franchise(least - deductible).share(share)
    terms = ClaimTerms(deductible, share=share, franchise=least)
    assert TermsOfClaim(severity, terms).mean == pytest.approx(engine.expected(severity), rel=1e-9)


@pytest.mark.parametrize("counted", [Poisson(3.0), NegativeBinomial(4.0, 6.0)], ids=str)
@pytest.mark.parametrize(
    "terms", [TERMS, ClaimTerms(limit=9000.0, franchise=1500.0)], ids=["all", "alone"]
)
def test_fourier_is_panjer_and_both_are_the_closed_mean(counted, terms):
    source = Source(counted, TermsOfClaim(Lognormal(6.0, 1.3), terms))
    year = yearly([source], YearTerms(), step=40.0, points=8192)
    assert year.compared.why == ""
    assert year.compared.apart < AGREE
    assert year.mean == pytest.approx(counted.mean * source.claim.mean, rel=1e-12)
    assert year.kept.mean == pytest.approx(year.mean, rel=1e-6)


def test_a_year_that_must_reach_a_franchise_is_that_of_the_textbook():
    """E[S; S >= f] = Σ P(N = n) n θ Q(n + 1, f / θ) for exponential claims."""
    theta, least = 1000.0, 3210.0
    source = Source(Poisson(3.0), TermsOfClaim(Gamma(1.0, theta), ClaimTerms()))
    year = yearly([source], YearTerms(franchise=least), step=5.0, points=1 << 13)
    n = np.arange(1, 60)
    chance = np.exp(n * math.log(3.0) - 3.0 - np.array([math.lgamma(k + 1.0) for k in n]))
    mean = math.fsum((chance * n * theta * gammaincc(n + 1, least / theta)).tolist())
    reaches = math.fsum((chance * gammaincc(n, least / theta)).tolist())
    assert year.kept.mean == pytest.approx(mean, rel=1e-5)
    assert year.nothing == pytest.approx(1.0 - reaches, rel=1e-5)
    assert float(year.kept.chances.sum()) == pytest.approx(1.0, abs=1e-9)


def test_a_year_of_single_amounts_that_is_just_the_franchise_reaches_it():
    """Claims of exactly 1000: every year with a claim reaches 1000, and those with two 1001."""
    source = Source(Poisson(1.0), TermsOfClaim(Empirical.of((1000.0,)), ClaimTerms()))
    one = 1000.0 * math.exp(-1.0)
    for least, mean in ((999.0, 1000.0), (1000.0, 1000.0), (1001.0, 1000.0 - one)):
        for method in METHODS:
            year = yearly(
                [source], YearTerms(franchise=least), step=1.0, points=1 << 15, method=method
            )
            assert year.kept.mean == pytest.approx(mean, rel=1e-9), (least, method)
    year = yearly([source], YearTerms(franchise=1002.0), step=5.0, points=1 << 13)
    assert year.kept.mean == pytest.approx(1000.0 - one, rel=1e-9)
    assert year.nothing == pytest.approx(2.0 * math.exp(-1.0), rel=1e-9)


def test_a_franchise_that_is_the_limit_of_each_claim_is_summed_over_all_counts():
    """Losses of 500 or 2000 under a limit of 1000, each a Poisson count of its own."""
    severity = Empirical.of((500.0, 2000.0), (3.0, 1.0))
    source = Source(Poisson(2.0), TermsOfClaim(severity, ClaimTerms(limit=1000.0)))
    year = yearly([source], YearTerms(franchise=1000.0), step=10.0, points=1 << 12)

    def chance(mean, n):
        return math.exp(n * math.log(mean) - mean - math.lgamma(n + 1.0))

    slow = math.fsum(
        chance(1.5, a) * chance(0.5, b) * (500.0 * a + 1000.0 * b)
        for a in range(50)
        for b in range(50)
        if 500 * a + 1000 * b >= 1000
    )
    assert year.kept.mean == pytest.approx(slow, rel=1e-9)


@pytest.mark.parametrize(
    ("terms", "least"),
    [
        (ClaimTerms(limit=50_000.0), 50_000.0),
        (ClaimTerms(1000.0, 50_000.0, 0.5, 8000.0, 20_000.0, franchise=4000.0), 10_000.0),
    ],
    ids=["limit", "corridor"],
)
def test_a_franchise_where_claims_gather_is_the_mean_of_simulated_years(terms, least):
    """Of claims at the limit, and of those within the corridor."""
    source = Source(Poisson(0.2), TermsOfClaim(Lognormal(9.0, 2.0), terms))
    year = yearly([source], YearTerms(franchise=least), step=100.0, points=1 << 13)
    draws, years = np.random.default_rng(11), 1_000_000
    counts = draws.poisson(0.2, years)
    paid = terms.of_amounts(draws.lognormal(9.0, 2.0, counts.sum()))
    sums = np.bincount(np.repeat(np.arange(years), counts), paid, minlength=years)
    kept = np.where(sums >= least * (1.0 - 1e-12), sums, 0.0)
    assert abs(year.kept.mean - kept.mean()) < 4.0 * kept.std() / math.sqrt(years)


def test_single_amounts_near_the_franchise_that_are_no_points_are_refused():
    severity = Empirical.of((10.37,))
    source = Source(Poisson(1.0), TermsOfClaim(severity, ClaimTerms()))
    with pytest.raises(BadValue, match=r"franchise: years of single amounts near 10\.37 hold 0\."):
        yearly([source], YearTerms(franchise=10.37), step=0.5, points=512)
    year = yearly([source], YearTerms(franchise=10.37), step=0.01, points=1 << 14)
    assert year.kept.mean == pytest.approx(10.37, rel=1e-9)
    assert yearly([source], YearTerms(franchise=5.0), step=0.5, points=512).kept.mean > 10.3


def test_a_franchise_is_no_negative_and_no_endless_amount():
    for wrong in (-1.0, math.inf):
        with pytest.raises(BadValue, match="franchise: expected 0 or more, and finite, got"):
            ClaimTerms(franchise=wrong)


def test_the_verb_takes_franchises_of_a_claim_and_of_the_year(tmp_path):
    spec = SPEC.replace("deductible: 2000", "franchise: 2000")
    spec += "year: {franchise: 400000}\n"
    told = found(tmp_path, "--step", "500", spec=spec)
    severity = Lognormal(8.0, 1.8)
    exact = severity.expected_layer(2000.0, 498_000.0) + 2000.0 * severity.survival(2000.0)
    assert told["mean_exact"] == pytest.approx(50.0 * exact, rel=1e-12)
    assert "franchise 2000" in told["what"]
    assert told["mean_before_year_terms"] - 400_000.0 < told["mean"]
    assert told["mean"] < told["mean_before_year_terms"]


def test_a_year_by_the_recursion_is_on_a_lattice_on_which_it_is_quick(monkeypatch):
    """One that is chosen is coarser until it is; one that is asked for is refused, and told how."""
    sources = [Source(Poisson(5.0), TermsOfClaim(Gamma(2.0, 900.0), ClaimTerms(limit=5000.0)))]
    fine = yearly(sources, YearTerms(franchise=2000.0))
    monkeypatch.setattr("rating.aggregate.yearly.QUICK", 8_000_000)
    quick = yearly(sources, YearTerms(franchise=2000.0), method="panjer")
    assert quick.grid.step > fine.grid.step
    assert quick.grid.reach > fine.grid.reach / 3.0
    assert quick.grid.points * (5000.0 / quick.grid.step + 1.0) <= 8_000_000
    assert quick.mean == pytest.approx(fine.mean, rel=1e-12)
    assert quick.kept.mean == pytest.approx(fine.kept.mean, rel=1e-4)
    monkeypatch.setattr("rating.aggregate.yearly.LONGEST", 8_000_000)
    says = r"the recursion takes .* on .* points of 0.5, expected 8e.06 at most; say --method"
    with pytest.raises(BadValue, match=says):
        yearly(sources, YearTerms(), step=0.5, method="panjer")
    monkeypatch.setattr("rating.aggregate.yearly.QUICK", 1_000)
    with pytest.raises(BadValue, match=r"expected 1e.03 at most; say --method fourier"):
        yearly(sources, YearTerms(), method="panjer")


def test_the_recursion_passes_over_empty_points_to_the_same_bits():
    """Held against the textbook's double loop."""
    chances = np.zeros(400)
    chances[[0, 3, 50, 70, 399]] = [0.1, 0.3, 0.2, 0.3, 0.1]
    a, b, p0 = NegativeBinomial(4.0, 6.0).panjer()
    slow = np.zeros(chances.size - 1)
    slow[0] = compound(a, b, p0, chances[:2])[0]
    for k in range(1, slow.size):
        terms = ((a + b * j / k) * chances[j] * slow[k - j] for j in range(1, k + 1) if chances[j])
        value = 0.0
        for term in terms:
            value += term
        slow[k] = value / (1.0 - a * chances[0])
    assert same_bits(compound(a, b, p0, chances).tolist(), slow.tolist())
