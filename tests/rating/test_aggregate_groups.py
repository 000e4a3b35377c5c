"""A year of a group: its members one by one, and what the policy keeps of them all."""

from functools import reduce

import numpy as np
import pytest

from product_factory.errors import BadInput
from rating.aggregate.fourier import sum_by_fourier
from rating.aggregate.lattice import Lattice
from rating.aggregate.of_cover import cover_year
from rating.aggregate.parts import YearInParts
from rating.aggregate.year import YearTerms
from rating.aggregate.yearly import yearly
from rating.engines.collective.annual import annual_model
from rating.engines.collective.expected import costs_of
from sandbox.laws.annual import cells_of
from tests.rating.group_accident import MODULES, PRODUCT
from tests.sandbox.simulate.group_draws import GROUPS, group, works

YEARS = 100_000
FAR = np.sqrt(np.log(2.0 / 1e-6) / (2.0 * YEARS))
"""How far apart a distribution and that of so many years are with chance 1e-6 (Massart 1990)."""
RATE = {("office", 30): 0.05, ("office", 45): 0.08, ("office", 61): 0.08}
RATE |= {("building", 30): 0.2, ("building", 45): 0.3}
POOLED = PRODUCT.replace("over: [injury]", "over: [injury, treatment]")
PLAIN = MODULES["treatment"].replace("    - {limit: 8000, per: policy_year, each: item}\n", "")


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    return works(tmp_path_factory.mktemp("shelf"))


def model_of(product, name):
    return annual_model(
        product, product.bases["pricing"], cells_of(product, group(product, name), 1)
    )


def textbook(name, random):
    """Draw years of each member, claim by claim: what accidents and treatments pay, [year]."""
    trade, members = GROUPS[name]
    injuries, treatments = np.zeros(YEARS), np.zeros(YEARS)
    mean, cv = 0.2, 1.1
    both = (1.0 - mean) / (mean * cv * cv) - 1.0
    spread = np.log1p(1.2**2)
    for member in members:
        year = np.repeat(np.arange(YEARS), random.poisson(RATE[trade, member["age"]], YEARS))
        degree = random.beta(mean * both, (1.0 - mean) * both, year.size)
        paid = np.minimum(degree, 0.8) * member["sum_insured"]
        injuries += np.bincount(year, paid, YEARS)
        count = random.negative_binomial(0.3 / 0.5, 1.0 / 1.5, YEARS)
        year = np.repeat(np.arange(YEARS), count)
        bill = 4000.0 * random.lognormal(-spread / 2.0, spread**0.5, year.size)
        own = np.bincount(year, np.maximum(bill - 500.0, 0.0), YEARS)
        treatments += np.minimum(own, 8000.0)
    return np.minimum(injuries, 60_000.0), treatments


@pytest.mark.parametrize("name", ["three alike and one apart", "of nine"])
def test_the_year_of_a_group_is_that_of_years_drawn_member_by_member(product, name):
    model = model_of(product, name)
    injuries, treatments = textbook(name, np.random.default_rng(7))
    for covers, paid in (
        ([], injuries + treatments),
        (["injury"], injuries),
        (["treatment"], treatments),
    ):
        sources, terms = cover_year(model, covers)
        kept = yearly(sources, terms).kept
        at = np.quantile(paid, [0.3, 0.5, 0.8, 0.95, 0.999]) + 0.5 * kept.step
        seen = np.searchsorted(np.sort(paid), at, side="right") / YEARS
        exact = np.interp(at, kept.points + 0.5 * kept.step, np.cumsum(kept.chances))
        assert np.abs(seen - exact).max() < FAR, covers
        error = paid.std() / np.sqrt(YEARS)
        assert abs(paid.mean() - kept.mean) < 4.0 * error, covers
        assert kept.sd == pytest.approx(paid.std(), rel=0.02)


@pytest.mark.parametrize("name", GROUPS)
def test_its_mean_is_the_price_of_its_covers(product, name):
    model = model_of(product, name)
    due = {one.group[0]: one for one in costs_of(model)}
    for covers in (["treatment"], []):
        some = [due[cover] for cover in covers or due]
        sources, terms = cover_year(model, covers)
        value, off = sum(one.value for one in some), sum(one.bound for one in some)
        assert yearly(sources, terms).kept.mean == pytest.approx(value, abs=off + 0.01), covers
        before, none = cover_year(model, covers, before_limits=True)
        assert none == YearTerms()
        assert sum(one.mean for one in before) > value


def test_a_limit_of_each_member_is_not_one_of_the_policy(product, tmp_path):
    """Members that are alike are one part of the year, of so many; a policy's limit is of all."""
    text = MODULES["treatment"].replace("per: policy_year, each: item", "per: policy_year")
    other = works(tmp_path, **{"modules/health/treatment.yaml": text})
    sources, terms = cover_year(model_of(product, "of nine"), ["treatment"])
    assert isinstance(terms, YearInParts)
    # age does not matter to treatments, and the sum insured does not either: but accidents do
    assert [part.number for part in terms.parts] == [3, 3, 3]
    assert [part.terms for part in terms.parts] == [YearTerms(limit=8000.0)] * 3
    same, whole = cover_year(model_of(other, "of nine"), ["treatment"])
    assert whole == YearTerms(limit=8000.0)
    assert yearly(same, whole).kept.mean < 0.85 * yearly(sources, terms).kept.mean


def test_a_pool_of_the_policy_is_of_all_its_covers_or_refused(tmp_path):
    product = works(
        tmp_path, **{"works/product.yaml": POOLED, "modules/health/treatment.yaml": PLAIN}
    )
    model = model_of(product, "of nine")
    _, whole = cover_year(model, [])
    assert whole == YearTerms(limit=60_000.0)
    with pytest.raises(BadInput, match=r"and on no more, got aggregate: name other covers"):
        cover_year(model, ["injury"])


def test_a_sum_of_alike_amounts_is_their_convolution():
    random = np.random.default_rng(3)
    amounts = [(k, Lattice(2.0, random.dirichlet(np.ones(5 + k)))) for k in (1, 2, 3, 6)]
    apart = [one.chances for k, one in amounts for _ in range(k)]
    due = reduce(np.convolve, apart)
    found = sum_by_fourier(amounts, 128).chances
    np.testing.assert_allclose(found[: due.size], due, atol=1e-14)
    assert found[due.size :].max() < 1e-14
