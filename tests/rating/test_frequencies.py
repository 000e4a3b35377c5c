"""Every frequency: laws over all kinds, and values against scipy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from product_factory.errors import BadValue
from rating.frequencies import (
    FREQUENCIES,
    Binomial,
    Frequency,
    Mixed,
    NegativeBinomial,
    Panjer,
    Poisson,
    ZeroModified,
)
from rating.kernels.distributions import frequency_quantile
from rating.kernels.jit import kernel

PEER = 1e-11
SUMMED = 1e-12


def modified(none: float, of: Frequency) -> ZeroModified:
    return ZeroModified.from_form(none=none, of=of)


def mixed(*parts: tuple[float, Frequency]) -> Mixed:
    return Mixed.from_form(weights=[w for w, _ in parts], of=[part for _, part in parts])


EXAMPLES: dict[str, list[Frequency]] = {
    "binomial": [
        Binomial(n, p)
        for n, p in (
            (1, 1e-6),
            (1, 0.7),
            (3, 0.2),
            (12, 0.9),
            (80, 0.999),
            (500, 0.1),
            (10_000, 0.5),
        )
    ],
    "mixed": [
        mixed((0.9, Poisson(0.05)), (0.1, Poisson(0.7))),
        mixed((0.25, NegativeBinomial(2.0, 3.0)), (0.7, Binomial(4, 0.3)), (0.05, Poisson(20.0))),
        mixed((0.6, modified(0.9, Poisson(0.4))), (0.4, Poisson(30.0))),
        mixed((0.5, Poisson(1.0)), (0.5, Poisson(5e3))),
    ],
    "zero_modified": [
        modified(0.85, Poisson(0.4)),
        modified(0.2, Poisson(0.4)),
        modified(0.0, Poisson(3.0)),
        modified(0.9, NegativeBinomial(0.7, 9.0)),
        modified(0.5, NegativeBinomial(50.0, 3.0)),
        modified(0.3, Binomial(5, 0.3)),
        modified(0.999, mixed((0.3, Poisson(0.1)), (0.7, Poisson(2.0)))),
    ],
    "poisson": [Poisson(m) for m in (1e-6, 0.05, 0.7, 3.0, 50.0, 101.0, 1e4)],
    "negative_binomial": [
        NegativeBinomial(m, v)
        for m, v in ((1e-6, 1.5), (0.05, 1.01), (0.7, 9.0), (50.0, 3.0), (1e4, 10.0), (5e3, 500.0))
    ],
}
MODELS = [model for models in EXAMPLES.values() for model in models]
PANJER = [model for model in MODELS if isinstance(model, Panjer)]
SLOW = [m for m in MODELS if m.mean < 100.0 and m.survival(399) < 1e-15]
"""Those whose sum over counts may be written out."""
every_model = pytest.mark.parametrize("model", MODELS, ids=str)
chances = st.floats(1e-12, 1.0 - 1e-12)


def peer(model: Frequency):
    if isinstance(model, Poisson):
        return stats.poisson(model.mean)
    if isinstance(model, Binomial):
        return stats.binom(model.trials, model.chance)
    return stats.nbinom(model.mean**2 / (model.variance - model.mean), model.mean / model.variance)


def test_every_kind_has_its_row_of_examples():
    assert set(EXAMPLES) == set(FREQUENCIES)
    assert all(isinstance(m, FREQUENCIES[kind]) for kind, row in EXAMPLES.items() for m in row)


@pytest.mark.parametrize("model", PANJER, ids=str)
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


@pytest.mark.parametrize("model", [m for m in PANJER if m.mean < 60.0], ids=str)
def test_the_recursion_of_panjer_gives_the_chances(model: Panjer):
    a, b, chance = model.panjer()
    assert chance == pytest.approx(model.probability(0), rel=1e-15)
    for n in range(1, 40):
        chance *= a + b / n
        assert chance == pytest.approx(model.probability(n), rel=1e-8, abs=1e-30)


@every_model
def test_a_weighted_sum_of_panjers_counts_has_the_chances_of_the_model(model: Frequency):
    parts = model.weighted()
    assert math.fsum(weight for weight, _ in parts) == pytest.approx(1.0, rel=1e-15)
    for n in (0, 1, 2, 5, int(model.mean), model.quantile(0.99)):
        summed = math.fsum(weight * count.probability(n) for weight, count in parts)
        assert model.probability(n) == pytest.approx(summed, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("model", SLOW, ids=str)
def test_the_generating_function_is_the_sum_of_chances_times_powers(model: Frequency):
    z = np.array([1.0, 0.3, -1.0, 0.6 + 0.8j, -0.2j, 0.0])
    slow = sum(model.probability(n) * (z**n - 1.0) for n in range(400))
    assert np.abs(model.generating(z) - slow).max() < 1e-12 * min(1.0, model.mean + 1e-3)


def test_the_generating_function_keeps_the_digits_of_rare_events_beside_frequent_ones():
    """exp(w) - 1 = w + w**2 / 2 + … near 0, and numpy's expm1 everywhere."""
    z = 1.0 - np.concatenate([np.geomspace(1e-15, 1.9, 400), 1j * np.geomspace(1e-15, 1.0, 400)])
    found = Poisson(50.0).generating(z)
    slow = np.expm1(50.0 * (z - 1.0))
    assert (np.abs(found - slow) <= 1e-14 * np.abs(slow)).all()
    rare = Poisson(1e-12).generating(np.array([0.5 + 0.5j]))
    assert rare[0] == pytest.approx(1e-12 * (-0.5 + 0.5j), rel=1e-11)


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


@pytest.mark.parametrize("model", PANJER, ids=str)
def test_kernels_give_the_counts_of_the_object(model: Panjer):
    us = np.random.default_rng(1).uniform(0.0, 1.0, 100)
    out = np.empty(us.size, dtype=np.int64)
    quantiles(model.CODE, *model.parameters(), us, out)
    assert out.tolist() == [model.quantile(u) for u in us.tolist()]


@pytest.mark.parametrize("model", [m for m in PANJER if m.mean < 1e4], ids=str)
def test_drawn_counts_have_the_mean_of_the_model(model: Panjer):
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
        (
            "binomial",
            {"trials": 2.5, "chance": 0.2},
            "binomial.trials: expected a whole number, 1 or more, got 2.5",
        ),
        (
            "binomial",
            {"trials": 2.0, "chance": 1.0},
            "binomial.chance: expected above 0 and below 1, got 1",
        ),
        ("poisson", {"mean": [1.0, 2.0]}, "poisson.mean: expected a number"),
        (
            "zero_modified",
            {"none": 1.0, "of": Poisson(1.0)},
            "zero_modified.none: expected 0 or more and below 1, got 1",
        ),
        ("zero_modified", {"none": 0.5, "of": 3.0}, "zero_modified.of: expected one frequency"),
        (
            "zero_modified",
            {"none": 0.5, "of": Poisson(0.0)},
            "zero_modified.of: expected a mean above 0, got 0",
        ),
        ("zero_modified", {"none": 0.5}, "zero_modified: expected none and of, got none"),
        (
            "mixed",
            {"weights": [0.5, 0.4], "of": [Poisson(1.0), Poisson(2.0)]},
            "mixed.weights: expected a sum of 1, got 0.9",
        ),
        (
            "mixed",
            {"weights": [1.0], "of": [Poisson(1.0), Poisson(2.0)]},
            "mixed.weights: expected as many weights as frequencies (2, at least 1), got 1",
        ),
        ("mixed", {"weights": [1.0], "of": [2.0]}, "mixed.of: expected frequencies"),
    ],
)
def test_bad_parameters_are_named_with_what_was_expected(kind, given_, message):
    with pytest.raises(BadValue) as error:
        FREQUENCIES[kind].from_form(**given_)
    assert str(error.value) == message


def test_a_chance_must_lie_between_zero_and_one():
    with pytest.raises(BadValue, match=r"^u: expected a number between 0 and 1, got 0$"):
        Poisson(1.0).quantile(0.0)


@pytest.mark.parametrize("model", SLOW, ids=str)
@pytest.mark.parametrize("share", [0.01, 0.3, 1.0])
def test_a_share_of_the_year_keeps_each_event_by_the_toss_of_a_coin(model: Frequency, share: float):
    part = model.thinned(share)
    for k in range(3):
        tossed = math.fsum(
            model.probability(n) * math.comb(n, k) * share**k * (1.0 - share) ** (n - k)
            for n in range(k, 400)
        )
        assert part.probability(k) == pytest.approx(tossed, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("model", SLOW, ids=str)
def test_besides_one_event_there_are_as_many_others_as_its_own_year_has(model: Frequency):
    others = model.besides(1.0)
    for n in range(1, 6):
        of_all_events = n * model.probability(n) / model.mean
        assert others.probability(n - 1) == pytest.approx(of_all_events, rel=1e-9, abs=1e-300)
    for k in range(3):
        assert model.besides(0.3).probability(k) == pytest.approx(
            others.thinned(0.3).probability(k), rel=1e-12
        )


@pytest.mark.parametrize("model", SLOW, ids=str)
@pytest.mark.parametrize("share", [0.01, 0.3, 0.9])
def test_what_was_seen_of_a_year_tells_what_is_to_come(model: Frequency, share: float):
    """Of n events each falls into the first share of the year by the toss of a coin."""
    for seen in range(4):
        rest = model.after(seen, share).thinned(1.0 - share)
        for more in range(4):
            n = seen + more
            tossed = math.comb(n, seen) * share**seen * (1.0 - share) ** more
            both = model.thinned(share).probability(seen) * rest.probability(more)
            assert both == pytest.approx(model.probability(n) * tossed, rel=1e-9, abs=1e-16)


@pytest.mark.parametrize("model", SLOW, ids=str)
def test_what_was_seen_in_two_parts_of_a_year_is_what_was_seen_in_both(model: Frequency):
    for first in range(3):
        known = model.after(first, 0.3)
        for second in range(3):
            if model.probability(first + second) < 1e-12:
                continue
            once, twice = model.after(first + second, 0.8), known.after(second, 0.5)
            for n in range(4):
                chance = twice.thinned(0.2).probability(n)
                assert once.thinned(0.2).probability(n) == pytest.approx(
                    chance, rel=1e-8, abs=1e-14
                )


@pytest.mark.parametrize("model", SLOW, ids=str)
@pytest.mark.parametrize("factor", [0.2, 0.8, 1.0])
def test_a_scaled_count_has_so_many_times_the_mean(model: Frequency, factor: float):
    scaled = model.scaled(factor)
    assert type(scaled) is type(model)
    assert scaled.mean == pytest.approx(factor * model.mean, rel=1e-12)
    for n in range(5):
        assert scaled.survival(n) <= model.survival(n) * (1.0 + 1e-12)


def test_a_count_that_cannot_grow_so_much_says_so():
    with pytest.raises(
        BadValue, match=r"^binomial.chance: expected a chance below 1, got 0.7 x 2$"
    ):
        Binomial(3, 0.7).scaled(2.0)
    with pytest.raises(BadValue, match=r"^zero_modified.none: .* at most 1, got 0.8 x 1.5$"):
        modified(0.2, Poisson(0.4)).scaled(1.5)


@pytest.mark.parametrize("model", EXAMPLES["zero_modified"], ids=str)
@pytest.mark.parametrize("share", [0.05, 0.6])
def test_a_thinned_count_of_modified_zeros_has_the_zeros_that_its_docstring_derives(model, share):
    part = model.thinned(share)
    rest = (1.0 - model.none) * model.of.thinned(share).survival(0) / model.of.survival(0)
    assert part.none == pytest.approx(1.0 - rest, rel=1e-12)
    zeros = math.fsum(model.probability(n) * (1.0 - share) ** n for n in range(400))
    assert part.none == pytest.approx(zeros, rel=1e-9)


def test_modified_zeros_are_those_that_were_stated():
    for none in (0.0, 0.2, 0.85):
        assert modified(none, Poisson(0.4)).probability(0) == pytest.approx(none, abs=1e-15)
    truncated = modified(0.0, Poisson(2.0))
    assert truncated.mean == pytest.approx(2.0 / (1.0 - math.exp(-2.0)), rel=1e-14)
    # Klugman, Panjer and Willmot, Loss Models, B.3: p1 = mean / (e^mean - 1)
    assert truncated.probability(1) == pytest.approx(2.0 / math.expm1(2.0), rel=1e-14)


def test_a_mixture_of_one_is_that_one():
    for model in PANJER:
        alone = mixed((1.0, model))
        for u in (0.01, 0.5, 0.999):
            assert alone.quantile(u) == model.quantile(u)
        assert (alone.mean, alone.variance) == (model.mean, model.variance)


@pytest.mark.parametrize(
    "model",
    [
        modified(0.0, Poisson(0.001)),
        modified(0.0, NegativeBinomial(1e-6, 1.5)),
        modified(0.1, NegativeBinomial(4.0, 1e5)),
        modified(0.0, Binomial(5, 1e-4)),
    ],
    ids=str,
)
@pytest.mark.parametrize("beyond", [2.0**-53, 1e-15, 1e-12, 1e-6])
def test_far_quantiles_of_rare_counts_that_are_made_certain_are_the_least(model, beyond):
    """The weight is so large that 1 - (1 - u) / weight is 1, or has few digits left."""
    assert model.weight > 1.0
    u = 1.0 - beyond
    n = model.quantile(u)
    assert model.survival(n) <= 1.0 - u
    assert n == 1 or model.survival(n - 1) > 1.0 - u
