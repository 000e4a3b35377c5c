"""Every frequency: laws over all kinds, and values against scipy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from product_factory.errors import BadValue
from rating.frequencies import FREQUENCIES, Frequency, NegativeBinomial, Poisson
from rating.kernels.distributions import frequency_quantile
from rating.kernels.jit import kernel

PEER = 1e-11
SUMMED = 1e-12

# one row a kind: rare, common, many; mild and strong overdispersion
EXAMPLES: dict[str, list[Frequency]] = {
    "poisson": [Poisson(m) for m in (1e-6, 0.05, 0.7, 3.0, 50.0, 101.0, 1e4)],
    "negative_binomial": [
        NegativeBinomial(m, v)
        for m, v in ((1e-6, 1.5), (0.05, 1.01), (0.7, 9.0), (50.0, 3.0), (1e4, 10.0), (5e3, 500.0))
    ],
}
MODELS = [model for models in EXAMPLES.values() for model in models]
every_model = pytest.mark.parametrize("model", MODELS, ids=str)
chances = st.floats(1e-12, 1.0 - 1e-12)


def peer(model: Frequency):
    if isinstance(model, Poisson):
        return stats.poisson(model.mean)
    return stats.nbinom(model.mean**2 / (model.variance - model.mean), model.mean / model.variance)


def test_every_kind_has_its_row_of_examples():
    assert set(EXAMPLES) == set(FREQUENCIES)
    assert all(isinstance(m, FREQUENCIES[kind]) for kind, row in EXAMPLES.items() for m in row)


@every_model
def test_scipy_agrees(model: Frequency):
    other = peer(model)
    assert model.mean == pytest.approx(other.mean(), rel=PEER)
    assert model.variance == pytest.approx(other.var(), rel=PEER)
    for u in (0.001, 0.5, 0.99, 1.0 - 1e-9):
        n = model.quantile(u)
        assert n == int(other.ppf(u))
        assert model.probability(n) == pytest.approx(other.pmf(n), rel=1e-9)
        assert model.distribution(n) == pytest.approx(other.cdf(n), rel=1e-9)
        if n > 0:
            assert model.survival(n) == pytest.approx(other.sf(n), rel=1e-9, abs=1e-300)


@every_model
@given(u=chances)
def test_a_quantile_is_the_least_count_that_reaches_the_chance(model: Frequency, u: float):
    n = model.quantile(u)
    assert model.distribution(n) >= u * (1.0 - SUMMED)
    assert n == 0 or model.distribution(n - 1) < u * (1.0 + SUMMED)


def test_a_count_that_is_never_zero_though_widely_spread_is_found():
    """Here the chance of 0 is below the smallest double; a walk of 1e5 counts loses 1e-11."""
    model = NegativeBinomial(1.2e6, 2e4)
    assert model.probability(0) < 1e-250
    for u in (1e-9, 0.001, 0.1):
        n = model.quantile(u)
        assert model.distribution(n) >= u * (1.0 - 1e-11)
        assert model.distribution(n - 1) < u * (1.0 + 1e-11)


@every_model
@given(u=chances, v=chances)
def test_a_quantile_never_falls_as_the_chance_rises(model: Frequency, u: float, v: float):
    assert model.quantile(min(u, v)) <= model.quantile(max(u, v))


@given(low=st.floats(1e-6, 1e4), factor=st.floats(1.0, 3.0), over=st.floats(1.001, 50.0), u=chances)
def test_a_quantile_never_falls_as_the_mean_rises(low, factor, over, u):
    high = low * factor
    assert Poisson(low).quantile(u) <= Poisson(high).quantile(u)
    assert NegativeBinomial(low, over).quantile(u) <= NegativeBinomial(high, over).quantile(u)


@pytest.mark.parametrize("model", [m for m in MODELS if m.mean < 60.0], ids=str)
def test_the_recursion_of_panjer_gives_the_chances(model: Frequency):
    a, b, chance = model.panjer()
    assert chance == pytest.approx(model.probability(0), rel=1e-15)
    for n in range(1, 40):
        chance *= a + b / n
        assert chance == pytest.approx(model.probability(n), rel=1e-8)


@pytest.mark.parametrize("model", [m for m in MODELS if m.mean < 200.0], ids=str)
def test_chances_sum_to_one_and_give_the_moments(model: Frequency):
    chances_ = [model.probability(n) for n in range(2000)]
    mean = math.fsum(n * p for n, p in enumerate(chances_))
    square = math.fsum(n * n * p for n, p in enumerate(chances_))
    assert math.fsum(chances_) == pytest.approx(1.0, rel=SUMMED)
    assert mean == pytest.approx(model.mean, rel=1e-11)
    assert square - mean**2 == pytest.approx(model.variance, rel=1e-10)


@every_model
def test_below_zero_there_is_nothing(model: Frequency):
    assert (model.probability(-1), model.distribution(-1), model.survival(-1)) == (0.0, 0.0, 1.0)


def test_no_events_are_expected_of_a_mean_of_zero():
    model = Poisson(0.0)
    assert (model.probability(0), model.distribution(0), model.quantile(1.0 - 1e-12)) == (1, 1, 0)


def test_the_negative_binomial_becomes_poisson_as_its_dispersion_vanishes():
    for u in (0.01, 0.5, 0.999):
        assert NegativeBinomial(7.0, 1.0 + 1e-9).quantile(u) == Poisson(7.0).quantile(u)
    near = NegativeBinomial(7.0, 1.0 + 1e-9)
    assert near.probability(5) == pytest.approx(Poisson(7.0).probability(5), rel=1e-7)


@kernel
def quantiles(code: int, p0: float, p1: float, us: np.ndarray, out: np.ndarray) -> None:
    for i in range(us.size):
        out[i] = frequency_quantile(code, p0, p1, us[i])


@every_model
def test_kernels_give_the_counts_of_the_object(model: Frequency):
    us = np.random.default_rng(1).uniform(0.0, 1.0, 100)
    out = np.empty(us.size, dtype=np.int64)
    quantiles(model.CODE, *model.parameters(), us, out)
    assert out.tolist() == [model.quantile(u) for u in us.tolist()]


@pytest.mark.parametrize("model", [m for m in MODELS if m.mean < 1e4], ids=str)
def test_drawn_counts_have_the_mean_of_the_model(model: Frequency):
    us = (np.arange(200_000) + 0.5) / 200_000
    out = np.empty(us.size, dtype=np.int64)
    quantiles(model.CODE, *model.parameters(), us, out)
    assert abs(out.mean() - model.mean) < 0.005 * model.mean + 5e-6


@pytest.mark.parametrize(
    ("kind", "given_", "message"),
    [
        ("poisson", {"mean": -1.0}, "poisson.mean: expected 0 or more, got -1"),
        ("poisson", {"rate": 1.0}, "poisson: expected mean, got rate"),
        (
            "negative_binomial",
            {"mean": 1.0, "variance_over_mean": 1.0},
            "negative_binomial.variance_over_mean: expected a number above 1, got 1",
        ),
        (
            "negative_binomial",
            {"mean": 0.0, "variance_over_mean": 2.0},
            "negative_binomial.mean: expected a number above 0, got 0",
        ),
    ],
)
def test_bad_parameters_are_named_with_what_was_expected(kind, given_, message):
    with pytest.raises(BadValue) as error:
        FREQUENCIES[kind].from_form(**given_)
    assert str(error.value) == message


def test_a_chance_must_lie_between_zero_and_one():
    with pytest.raises(BadValue, match=r"^u: expected a number between 0 and 1, got 0$"):
        Poisson(1.0).quantile(0.0)


@pytest.mark.parametrize("model", [m for m in MODELS if m.mean < 100.0], ids=str)
@pytest.mark.parametrize("share", [0.01, 0.3, 1.0])
def test_a_share_of_the_year_keeps_each_event_by_the_toss_of_a_coin(model: Frequency, share: float):
    part = model.thinned(share)
    for k in range(3):
        tossed = math.fsum(
            model.probability(n) * math.comb(n, k) * share**k * (1.0 - share) ** (n - k)
            for n in range(k, 400)
        )
        assert part.probability(k) == pytest.approx(tossed, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("model", [m for m in MODELS if m.mean < 100.0], ids=str)
def test_besides_one_event_there_are_as_many_others_as_its_own_year_has(model: Frequency):
    others = model.besides(1.0)
    for n in range(1, 6):
        of_all_events = n * model.probability(n) / model.mean
        assert others.probability(n - 1) == pytest.approx(of_all_events, rel=1e-9, abs=1e-300)
    for k in range(3):
        assert model.besides(0.3).probability(k) == pytest.approx(
            others.thinned(0.3).probability(k), rel=1e-12
        )


@pytest.mark.parametrize("model", [m for m in MODELS if m.mean < 100.0], ids=str)
@pytest.mark.parametrize("share", [0.01, 0.3, 0.9])
def test_what_was_seen_of_a_year_tells_what_is_to_come(model: Frequency, share: float):
    """Of n events each falls into the first share of the year by the toss of a coin."""
    for seen in range(4):
        rest = model.after(seen, share).thinned(1.0 - share)
        for more in range(4):
            n = seen + more
            tossed = math.comb(n, seen) * share**seen * (1.0 - share) ** more
            both = model.thinned(share).probability(seen) * rest.probability(more)
            assert both == pytest.approx(model.probability(n) * tossed, rel=1e-9, abs=1e-300)
