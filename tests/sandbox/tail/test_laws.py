"""Laws of years: what they change, and that the ratio they state is the right one."""

from dataclasses import replace
from itertools import combinations_with_replacement, pairwise

import numpy as np
import pytest
from scipy.stats import poisson

from rating.engines.collective.annual import annual_model
from rating.kernels.distributions import drawn
from sandbox.execution import ONE_THREAD
from sandbox.run import basis_of
from sandbox.tail.choose import rising
from sandbox.tail.draw import draw
from sandbox.tail.find import rounds
from sandbox.tail.ground import ground_of, years_of
from sandbox.tail.law import SHARES, SIZES
from sandbox.tail.sizes import in_shares
from sandbox.tail.storms import StormTask
from tests.sandbox.shipped import product, small

YEARS = 600


@pytest.fixture(scope="module")
def home():
    portfolio = small("home", 60)
    model = annual_model(
        product("home"), basis_of(product("home"), "best_estimate"), portfolio.cells
    )
    return ground_of(model, portfolio.premiums, 1, ONE_THREAD)


def larger(ground):
    """Give shares under which the largest half of the sizes is drawn twice as often as usual."""
    shares = SHARES * np.where(np.array(SIZES) > 0.5, 1.5, 0.5)
    return np.tile(shares, (len(ground.draws), ground.means.shape[1], 1))


def laws(ground):
    usual = ground.original
    return {
        "counts": replace(usual, times=usual.times * np.array([[1.5], [1.2], [2.0]])),
        "groups": replace(usual, times=usual.times * (1.0 + np.arange(ground.means.shape[1]))),
        "storms": replace(usual, storms=np.linspace(1.0, 3.0, len(usual.storms))),
        "sizes": replace(usual, shares=larger(ground)),
    }


@pytest.mark.parametrize("name", ["counts", "groups", "storms", "sizes"])
def test_years_of_a_law_weigh_one_on_average_and_the_mean_is_the_original_one(home, name):
    """The theft count is negative binomial, the others are Poisson; storms are of a catalogue."""
    law, usual = laws(home)[name], home.original
    years = draw(home, law, [law], YEARS, 7, name, ONE_THREAD, {})
    weights = np.exp(-years.ratios[:, 0])
    assert weights.std() > 0.1
    assert abs(weights.mean() - 1.0) < 4.0 * weights.std() / YEARS**0.5
    plain = draw(home, usual, [usual], YEARS, 8, name, ONE_THREAD, {})
    for seen in ("storms", "events"):
        tilted = weights[:, None] * getattr(years.seen, seen).reshape(YEARS, -1)
        other = getattr(plain.seen, seen).reshape(YEARS, -1)
        error = np.hypot(tilted.std(axis=0), other.std(axis=0)) / YEARS**0.5
        assert (np.abs(tilted.mean(axis=0) - other.mean(axis=0)) <= 4.5 * error + 0.01).all()


def test_the_original_law_draws_what_it_draws_and_weighs_one(home):
    usual = home.original
    years = draw(home, usual, [usual, *laws(home).values()], 50, 7, "any", ONE_THREAD, {})
    assert (years.ratios[:, 0] == 0.0).all()
    assert (years.ratios[:, 1:] != 0.0).any(axis=0).all()


def test_a_shared_factor_takes_part_in_the_ratio(home):
    """A year of twice the mean expects twice as many, so that a tilt of it takes twice as much."""
    usual, law = home.original, laws(home)["counts"]
    factor = np.where(np.arange(YEARS) % 2 == 0, 0.5, 1.5)
    shared = {"fire.occurrence": factor, "theft.occurrence": factor}
    years = draw(home, law, [law, usual], YEARS, 7, "shared", ONE_THREAD, shared)
    weights = np.exp(-years.ratios[:, 0])
    assert abs(weights.mean() - 1.0) < 4.0 * weights.std() / YEARS**0.5
    theft = weights * years.seen.events[:, 2].sum(axis=1)
    expected = home.means[2].sum()
    assert abs(theft.mean() - expected) < 4.0 * theft.std() / YEARS**0.5


def test_storms_weigh_what_an_enumeration_of_years_gives(home):
    """P(storms cost more than x) by all years of up to four costly storms, against tilted years."""
    task_losses = _losses(home)
    rates = home.model.catalogue[0].rates
    costly = np.flatnonzero(task_losses > 0.0)
    total = rates[costly].sum()
    share = rates[costly] / total
    amounts = np.quantile(task_losses[costly], [0.3, 0.9])
    exact = np.zeros(2)
    for number in range(1, 4):
        for chosen in combinations_with_replacement(range(len(costly)), number):
            counts = np.bincount(chosen)
            orders = np.prod(np.arange(1, number + 1)) / np.prod(
                [np.prod(np.arange(1, c + 1)) for c in counts]
            )
            chance = poisson.pmf(number, total) * orders * share[list(chosen)].prod()
            exact += chance * (task_losses[costly[list(chosen)]].sum() > amounts)
    law = home.original
    law.storms[1:] = 20.0
    years = draw(home, law, [law], YEARS, 5, "storms", ONE_THREAD, {})
    weights = np.exp(-years.ratios[:, 0])
    paid = years.run.table.paid[:, years.run.table.columns.index("typhoon")]
    for amount, chance in zip(amounts, exact, strict=True):
        beyond = weights * (paid > amount)
        assert abs(beyond.mean() - chance) < 4.0 * beyond.std() / YEARS**0.5
        usual = np.sqrt(chance * (1.0 - chance) / YEARS)
        assert beyond.std() / YEARS**0.5 < 0.5 * usual


def _losses(home):
    return StormTask(years_of(home.model, home.premiums, 1, {})).block(0, len(home.storm_class))[
        "storm"
    ]


def test_storms_of_a_higher_class_cost_more(home):
    losses = _losses(home)
    assert (losses[home.storm_class == 0] == 0.0).all()
    for low in range(1, len(home.storm_rates) - 1):
        higher = losses[home.storm_class == low + 1].min()
        assert losses[home.storm_class == low].max() <= higher
    assert home.storm_rates.sum() == pytest.approx(home.model.catalogue[0].rates.sum())


@pytest.mark.parametrize("process", [0, 1, 2])
def test_a_size_in_other_shares_is_the_original_one_at_the_original_chance(home, process):
    """MBBEFD and beta: within a class nothing changes, and cutting twice is cutting."""
    draws = home.model.collective[process].draws[0]
    law = replace(home.original, shares=larger(home))
    once = in_shares(draws, law.shares[process], law.upto[process], home.group[process])
    ends = np.concatenate([[0.0], SIZES])
    for place, (low, high) in enumerate(pairwise(ends)):
        upto = law.upto[process, 0]
        begins = upto[place - 1] if place else 0.0
        for part in (0.1, 0.5, 0.9):
            u = begins + part * (upto[place] - begins)
            known = draws.code[0, 0, 0], *draws.parameters[0, 0, 0]
            usual = drawn(draws.pieces, *known, low + part * (high - low))
            tilted = drawn(once.pieces, once.code[0, 0, 0], *once.parameters[0, 0, 0], u)
            assert tilted == pytest.approx(usual, rel=1e-6, abs=1e-9)


def test_a_composed_size_is_cut_where_its_pieces_end_too(home):
    """Shares that are shares again: pieces of pieces, each drawn as often as both say."""
    draws = home.model.collective[1].draws[0]
    law = replace(home.original, shares=larger(home))
    how = law.shares[1], law.upto[1], np.zeros_like(home.group[1])
    twice = in_shares(in_shares(draws, *how), *how)
    begins, rows = twice.parameters[0, 0, 0, :2].astype(int).tolist()
    chances = twice.pieces[begins : begins + rows, 0]
    assert (np.diff(chances) > 0.0).all()
    assert chances[-1] == 1.0
    # the last class is drawn 1.5 × 1.5 times, within 0.5 … 1 of the cut severity
    first = in_shares(draws, *how)
    again = float(law.upto[1, 0, -2])
    value = drawn(twice.pieces, twice.code[0, 0, 0], *twice.parameters[0, 0, 0], again)
    usual = drawn(first.pieces, first.code[0, 0, 0], *first.parameters[0, 0, 0], SIZES[-2])
    assert value == pytest.approx(usual, rel=1e-6)
    assert 0.0 < usual < 1.0


def test_classes_never_fall_and_chance_is_no_tilt():
    found = rising(np.array([50.0, 40.0, 30.0, 0.0]), np.array([50.0, 40.0, 3.0, 1.0]))
    assert (np.diff(found) >= 0.0).all()
    assert found[0] == 1.0
    assert found[-1] == found[-2] > 5.0
    assert (rising(np.array([10.0, 11.0]), np.array([10.0, 10.0])) == 1.0).all()


def test_rounds_lead_to_every_level_in_steps_of_ten_at_most():
    found = rounds((200.0, 1_000.0, 10_000.0))
    assert set(found) >= {1 / 200, 1 / 1_000, 1 / 10_000}
    assert all(0.0999 < low / high < 1.0 for high, low in pairwise(found))
    assert rounds((1_000_000.0,))[-1] == 1e-6
    assert rounds((5.0,)) == [0.2]
