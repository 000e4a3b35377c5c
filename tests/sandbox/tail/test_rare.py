"""A peril that is rare and heavy: it is drawn, or its absence is told; trusted intervals hold."""

import math
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from product_factory.errors import BadValue
from product_factory.nodes import read_nodes
from product_factory.strict import read
from rating.engines.collective.annual import annual_model
from sandbox.execution import ONE_THREAD
from sandbox.portfolio.generate import generate
from sandbox.run import basis_of
from sandbox.tail import find as finding
from sandbox.tail.asked import Tail
from sandbox.tail.bins import bins_of
from sandbox.tail.cells import costlier
from sandbox.tail.expected import held, wrong
from sandbox.tail.find import find_tail
from sandbox.tail.floors import floors
from sandbox.tail.ground import ground_of
from sandbox.tail.law import LARGE, SHARES, SIZES
from sandbox.tail.mixture import Sampler, dealt
from sandbox.tail.perils import Peril, perils, unseen
from tests.sandbox.shipped import product, small
from tests.sandbox.tail.rare import HEAVY, OFTEN, RARE, STEP, mean_of, rare_shop, year_of

YEARS = 2_000


def asked(text):
    return read(Tail, read_nodes(text, "tail.yaml"))


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return generate(rare_shop(tmp_path_factory.mktemp("rare")))


@pytest.fixture(scope="module")
def ground(shop):
    basis = basis_of(shop.product, "best_estimate")
    return ground_of(annual_model(shop.product, basis, shop.cells), shop.premiums, 1, ONE_THREAD)


@pytest.fixture(
    scope="module",
    params=[(50, YEARS), pytest.param((400, 2 * YEARS), marks=pytest.mark.prove)],
    ids=lambda given: f"{given[0]} runs of {given[1]} years",
)
def runs(shop, request):
    number, years = request.param
    text = "{levels: [200, 1000]}"
    return [find_tail(shop, asked(text), years, seed, ONE_THREAD) for seed in range(number)]


def exact():
    """Give the name of each measure with its value, by Fourier transform."""
    year, mean = year_of(), mean_of()
    found = {"mean": mean}
    for period in (200.0, 1_000.0):
        quantile = year.var(1.0 - 1.0 / period)
        beyond = (mean - year.limited_mean(quantile)) * period
        found |= {f"var {period:g}": quantile, f"tvar {period:g}": quantile + beyond}
    return found


def estimates(runs):
    found = defaultdict(list)
    for one in runs:
        (view,) = one.views
        found["mean"].append(view.mean)
        for period, (var, tail) in view.levels.items():
            found[f"var {period:g}"].append(var)
            found[f"tvar {period:g}"].append(tail)
    return found


def test_trusted_intervals_hold_the_exact_value_as_often_as_they_say(runs):
    """In 90 to 99 of a hundred over all measures, in no fewer than chance allows of each."""
    held_by, trusted = {}, {}
    known = exact()
    for name, found in estimates(runs).items():
        kept = [one.measured for one in found if one.measured.trusted]
        ends = [(one.low - STEP / 2.0, one.high + STEP / 2.0) for one in kept]
        held_by[name] = sum(low <= known[name] <= high for low, high in ends)
        trusted[name] = len(kept)
        slack = 3.0 * math.sqrt(0.08 * 0.92 / max(len(kept), 1))
        assert held_by[name] >= (0.92 - slack) * len(kept), name
    share = sum(held_by.values()) / sum(trusted.values())
    assert 0.90 <= share <= 0.99
    assert min(trusted.values()) > 0.2 * len(runs)


def test_the_estimates_are_unbiased(runs):
    known = exact()
    for name in ("mean", "tvar 200", "tvar 1000"):
        values = np.array([one.measured.value for one in estimates(runs)[name]])
        bias = values.mean() - known[name]
        assert abs(bias) < 4.0 * values.std() / math.sqrt(len(runs)) + 0.01 * known[name], name


def test_the_saving_is_what_many_runs_show(runs):
    """The variance that plain years would have, from the transform, over that of these runs."""
    year, years = year_of(), sum(law.years for law in runs[0].laws)
    chances, amounts = year.chances, year.points
    for period, least in ((200.0, 20.0), (1_000.0, 20.0)):
        excess = np.maximum(amounts - year.var(1.0 - 1.0 / period), 0.0)
        variance = (chances * excess**2).sum() - (chances * excess).sum() ** 2
        plain = variance * period**2 / years
        found = estimates(runs)[f"tvar {period:g}"]
        shown = plain / np.var([one.measured.value for one in found])
        said = np.median([one.reduction.value for one in found])
        assert shown > least
        assert shown / 2.5 < said < shown * 2.5
        kept = [one for one in found if one.measured.trusted]
        assert all(one.verdict == "helps" and one.reduction.low > 1.0 for one in kept)


def test_without_floors_what_is_missed_is_marked(shop, monkeypatch):
    monkeypatch.setattr(finding, "floors", lambda *_: {})
    for seed in range(5):
        (view,) = find_tail(shop, asked("{levels: [1000]}"), YEARS, seed, ONE_THREAD).views
        for one in (*view.levels[1_000.0], view.mean):
            assert not one.measured.trusted
            assert one.verdict != "helps"


def test_what_is_too_rare_to_be_drawn_is_marked(tmp_path):
    """Once in ten million years, asked about a million: a floor of 100,000 times is too little."""
    portfolio = generate(rare_shop(tmp_path, 1e-8))
    found = find_tail(portfolio, asked("{levels: [20, 1000000]}"), 3_000, 1, ONE_THREAD)
    (view,) = found.views
    assert not view.levels[1e6][1].measured.trusted
    assert unseen(found.perils, 1e6).startswith("phone.damage is seen as in about")
    assert unseen(found.perils, 20.0) == ""


def test_a_floor_lets_one_event_more_happen_and_half_of_those_are_large(ground):
    for name, law in floors(ground, 1_000.0).items():
        place = next(n for n, one in enumerate(ground.processes) if name.startswith(one))
        mark = [one for _, one in ground.draws].index(name)
        mean, times = ground.means[place, 0], law.times[place, 0]
        more = law.shares[mark, 0] * mean * times - SHARES * mean
        large = more[LARGE:].sum()
        if place == 0:
            assert mean * (times - 1.0) == pytest.approx(1.0)
            assert large == pytest.approx(0.5 + 0.5 * 0.1)
        # no rate is multiplied by more than 100,000, which the rarest sizes would be
        assert (more >= -1e-9).all()
        assert (more <= 1e5 * mean * SHARES * (1.0 + 1e-9)).all()
        assert 0.3 < large <= 0.55 + 1e-9
    assert set(floors(ground, 1e-3)) == {"bike.damage.bill", "bike.damage.more"}


def test_a_size_that_hides_a_peril_is_a_bin_of_its_own(ground):
    """One bill in 10,000 a hundred times as large: it must be seen; a light tail need not be."""
    assert bins_of(np.array([1.0] * 12)).tolist() == [-1] * 3 + [0] * 9
    sizes = np.array([1.0, 1.0, 1.0, 1.0, 1.5, 2.0, 2.5, 2.9, 2.9, 3.1, 300.0, 300.0])
    bins = bins_of(sizes)
    assert bins.tolist() == [-1] * 3 + [0] * 6 + [1, 2, 2]
    usual = tuple(zip((4.0 * (1.0 - np.array([0.0, *SIZES[:-1]]))).tolist(), sizes, strict=True))
    hidden = Peril("bill largest 0.01%", 4e-4, 3.0, 300.0, 1.1, usual)
    assert unseen([hidden], 1_000.0).startswith("bill largest 0.01% is seen as in about 3.0 rows")
    light = replace(hidden, size=3.3)
    assert unseen([light], 1_000.0) == ""
    heavy = replace(ground, bins=np.tile(bins, (len(ground.draws), 1)))
    law = floors(heavy, 1_000.0)["bike.damage.bill"]
    more = law.shares[0, 0] * law.times[0, 0] - SHARES
    assert more[bins == 2].sum() * OFTEN == pytest.approx(0.5 / 3.0, rel=0.01)


def test_a_costly_policy_among_many_is_a_group_of_its_own():
    cost, mean = np.ones(1_000), np.full(1_000, 0.01)
    cost[7], mean[7] = 500.0, 1e-3
    group = costlier(cost, mean)
    assert group[7] == group.max() > 0
    assert (np.delete(group, 7) == 0).all()
    assert (costlier(np.ones(1_000), mean) == 0).all()
    assert (costlier(np.zeros(3), np.zeros(3)) == 0).all()


def test_home_has_groups_and_each_is_drawn():
    """Two homes of a thousand that are worth far more: the floor of fires draws theirs too."""
    portfolio = small("home", 300)
    model = annual_model(
        product("home"), basis_of(product("home"), "best_estimate"), portfolio.cells
    )
    ground = ground_of(model, portfolio.premiums, 1, ONE_THREAD)
    assert (ground.means > 0.0).sum(axis=1).max() > 1
    sampler = Sampler(ground, None, 1, ONE_THREAD, None)
    rare = floors(ground, 1_000.0)
    years = sampler.mixed(dealt(ground, rare, {}, 0.2, 1_500), "")
    fires = years.seen.events[:, 0]
    drawn = (fires > 0).sum(axis=0)
    assert (drawn[ground.means[0] > 0.0] >= 10).all()
    assert years.weights.max() <= 1.0 / 0.2
    for one in held(ground, years, priced=True):
        assert not one.off
    assert {one.name for one in perils(ground, years)} >= {
        "fire.occurrence",
        "typhoon.storm of class 1",
    }


def test_a_mean_that_is_off_withdraws_all_trust(shop, ground, monkeypatch):
    sampler = Sampler(ground, None, 1, ONE_THREAD, None)
    years = sampler.mixed(dealt(ground, floors(ground, 1e3), {}, 0.2, 2_000), "")
    known = held(ground, years, priced=True)
    assert wrong(known) == ""
    assert {"bike", "phone", "bike.damage", "bike.damage.bill"} <= {one.name for one in known}
    by_name = {one.name: one.expected for one in known}
    assert by_name["bike"] == pytest.approx(mean_of() - RARE * HEAVY)
    assert by_name["bike.damage"] == pytest.approx(OFTEN)
    assert by_name["phone.damage.bill"] == pytest.approx(RARE * HEAVY)
    # weights that are wrong for one kind of event alone
    often = years.seen.events[:, 0, 0] > 5
    bad = replace(years, weights=years.weights * np.where(often, 1.5, 1.0))
    assert wrong(held(ground, bad, priced=True)).startswith("bike")
    monkeypatch.setattr(finding, "wrong", lambda _: "bike is off")
    (view,) = find_tail(shop, asked("{levels: [200]}"), 2_000, 1, ONE_THREAD).views
    assert {view.mean.measured.why, view.levels[200.0][1].measured.why} == {"bike is off"}


@pytest.mark.parametrize(
    ("text", "years", "line"),
    [
        ("{original: 99.99%}", 2_000, "99.99% by the original law, got 2,000"),
        ("{levels: [2, 5, 10, 20, 50, 100, 200, 500, 1000, 10000]}", 2_000, "of 10 laws and 4"),
        ("{tilt: {bike.damage: 2}, original: 95%}", 2_000, "of 1 law and 4 floors beside 95%"),
    ],
)
def test_so_few_years_that_a_law_draws_hardly_any_are_refused(shop, text, years, line):
    with pytest.raises(BadValue) as refused:
        find_tail(shop, asked(text), years, 1, ONE_THREAD)
    said = str(refused.value)
    assert line in said
    assert said.startswith("--years: expected ")
