"""Corridors of a claim and of the year in `aggregate`: textbook, quantiles, laws, the verb."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rating.aggregate import Lattice
from rating.aggregate.claim import TermsOfClaim
from rating.aggregate.terms import ClaimTerms
from rating.aggregate.year import YearTerms
from rating.severities import Gamma, Lognormal, Weibull
from tests.rating.test_aggregate_year import SPEC, found

CORRIDOR = ClaimTerms(100.0, 4000.0, 0.9, 700.0, 500.0)


def through(x, terms):
    """What terms with a corridor keep of an amount, as they are read."""
    beyond = max(x - terms.deductible, 0.0)
    beyond = min(beyond, terms.above) + max(beyond - terms.above - terms.corridor, 0.0)
    return terms.share * min(beyond, terms.limit)


def test_exponential_claims_through_a_corridor_are_those_of_the_textbook():
    """E[min(X, a)] + E[max(X - a - c, 0)] = θ (1 - exp(-a / θ)) + θ exp(-(a + c) / θ)."""
    claim = TermsOfClaim(Gamma(1.0, 1000.0), ClaimTerms(corridor=800.0, above=300.0))
    exact = -1000.0 * math.expm1(-0.3) + 1000.0 * math.exp(-1.1)
    assert claim.mean == pytest.approx(exact, rel=1e-12)
    assert claim.some == 1.0
    nothing_first = TermsOfClaim(Gamma(1.0, 1000.0), ClaimTerms(corridor=800.0))
    assert nothing_first.mean == pytest.approx(1000.0 * math.exp(-0.8), rel=1e-12)
    assert nothing_first.some == pytest.approx(math.exp(-0.8), rel=1e-12)


@pytest.mark.parametrize("severity", [Lognormal(6.0, 1.3), Weibull(0.8, 900.0)], ids=str)
def test_a_claim_through_a_corridor_is_the_mean_over_quantiles(severity):
    claim = TermsOfClaim(severity, CORRIDOR)
    n = 20_000
    kept = np.array([through(severity.quantile((k + 0.5) / n), CORRIDOR) for k in range(n)])
    assert claim.mean == pytest.approx(kept.mean(), rel=2e-4)
    assert claim.square == pytest.approx((kept * kept).mean(), rel=1e-3)
    for low, high in ((0.0, 300.0), (300.0, 800.0), (450.0, 450.0), (900.0, 1e6)):
        slow = np.clip(kept - low, 0.0, high - low).mean()
        assert CORRIDOR.layer(severity, low, high) == pytest.approx(slow, rel=2e-3)
    lumped = claim.lump(7.0, 1024)
    assert lumped.mean == pytest.approx(claim.mean, rel=1e-12)
    assert claim.beyond(1e-9) <= CORRIDOR.most
    assert CORRIDOR.of_amounts(np.array([50.0, 650.0, 1400.0, 1e9])).tolist() == pytest.approx(
        [through(x, CORRIDOR) for x in (50.0, 650.0, 1400.0, 1e9)]
    )


@settings(max_examples=25)
@given(width=st.floats(1.0, 3000.0), above=st.floats(0.0, 3000.0))
def test_a_wider_corridor_keeps_less_and_one_that_begins_higher_keeps_more(width, above):
    def mean(corridor, begins):
        terms = ClaimTerms(corridor=corridor, above=begins)
        return TermsOfClaim(Lognormal(7.0, 1.0), terms).mean

    whole = TermsOfClaim(Lognormal(7.0, 1.0), ClaimTerms()).mean
    assert mean(2.0 * width, above) <= mean(width, above) <= whole * (1.0 + 1e-12)
    assert mean(width, above) <= mean(width, above + 500.0) * (1.0 + 1e-12)


def test_the_verb_takes_corridors_of_a_claim_and_of_the_year(tmp_path):
    spec = SPEC.replace("limit: 500000", "limit: 500000, corridor: 4000, above: 1000")
    spec += "year: {corridor: 90000, above: 200000}\n"
    told = found(tmp_path, "--step", "500", spec=spec)
    severity = Lognormal(8.0, 1.8)
    exact = severity.expected_layer(2000.0, 1000.0) + severity.expected_layer(7000.0, 499_000.0)
    assert told["mean_exact"] == pytest.approx(50.0 * exact, rel=1e-12)
    assert "corridor 4000 above 1000" in told["what"]
    assert told["mean_before_year_terms"] - 90_000.0 < told["mean"]
    assert told["mean"] < told["mean_before_year_terms"] - 70_000.0


def test_a_corridor_of_the_year_is_that_of_each_sum():
    terms = YearTerms(300.0, 4000.0, 0.9, 700.0, 500.0)
    chances = np.random.default_rng(1).random(200)
    year = Lattice(37.0, chances / chances.sum())
    kept = terms.of(year)
    slow = np.array([through(point, terms) for point in year.points])
    assert kept.mean == pytest.approx(float(slow @ year.chances), rel=1e-12)
    assert float(kept.chances.sum()) == pytest.approx(1.0, rel=1e-12)
