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
from rating.aggregate.yearly import AGREE, yearly
from rating.engines.collective.layer import Layer
from rating.frequencies import NegativeBinomial, Poisson
from rating.severities import Empirical, Gamma, Lognormal, Weibull
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
