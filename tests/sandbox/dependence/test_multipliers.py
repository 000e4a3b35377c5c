"""Multipliers: of mean one, rising with their uniform number, the same for whoever shares them."""

import numpy as np
import pytest

from product_factory.errors import BadInput
from product_factory.nodes import read_nodes
from product_factory.strict import read
from sandbox.dependence.bind import bind
from sandbox.dependence.diversification import of_table
from sandbox.dependence.multipliers import MULTIPLIERS
from sandbox.dependence.specification import Dependence, DependenceFile
from sandbox.dependence.told import lines
from sandbox.loss_table import LossTable
from tests.sandbox.shipped import product

TEXTS = {
    "gamma": ("{kind: gamma, cv: 30%}", 0.3),
    "lognormal": ("{kind: lognormal, cv: 60%}", 0.6),
    "shock": ("{kind: shock, chance: 20%, times: 3}", 1.0),
}
LINES = ("home.fire", "home.theft")


def multiplier(text):
    node = read_nodes(text, "m.yaml")
    return read(MULTIPLIERS[str(node["kind"])], node)


def test_every_kind_has_an_example():
    assert set(TEXTS) == set(MULTIPLIERS)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_multiplier_has_mean_one_and_the_deviation_that_it_says(kind):
    """By the midpoint rule over its uniform number."""
    text, deviation = TEXTS[kind]
    one = multiplier(text)
    values = one.values(0, (np.arange(100_000) + 0.5) / 100_000)
    assert values.mean() == pytest.approx(1.0, abs=1e-4)
    assert values.std() == pytest.approx(deviation, rel=2e-3)
    assert one.deviation(0) == pytest.approx(deviation, rel=1e-12)
    assert (np.diff(values) >= 0.0).all()
    assert (values >= 0.0).all()


def test_each_line_may_have_a_spread_of_its_own():
    one = multiplier("{kind: gamma, cv: [10%, 40%]}")
    one.bound(LINES)
    assert (one.deviation(0), one.deviation(1)) == (0.1, 0.4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{kind: gamma, cv: 0%}", "m.yaml:1:19: cv: expected above 0%, at most 1000%, got 0%"),
        (
            "{kind: gamma, cv: [10%, 20%, 30%]}",
            "m.yaml:1:19: cv: expected one number or 2, one for each line, got 3",
        ),
        (
            "{kind: shock, chance: 20%, times: 6}",
            "m.yaml:1:35: times: expected above 1, at most 5 for the mean to stay 1, got 6",
        ),
        (
            "{kind: shock, chance: 0%, times: 2}",
            "m.yaml:1:23: chance: expected a chance between 0% and 100%, got 0%",
        ),
        (
            "{kind: lognormal, cv: wide}",
            "m.yaml:1:23: cv: expected a number such as 0.12, got wide",
        ),
    ],
)
def test_numbers_out_of_bounds_are_told_with_their_place(text, said):
    with pytest.raises(BadInput) as caught:
        multiplier(text).bound(LINES)
    assert str(caught.value) == said


def factor(lasts=1):
    text = f"""\
dependence: years
title: {{zh: 年, en: Years}}
shared:
  - factor: long
    lines: [home.fire, home.theft]
    multiplier: {{kind: gamma, cv: 30%}}
    copula: {{kind: clayton, theta: 1}}
    lasts: {lasts}
    reference: chosen
    trust: illustrative
"""
    says = read(Dependence, read_nodes(text, "d.yaml"))
    return says, says.shared[0]


def test_a_factor_that_lasts_is_the_same_for_so_many_years():
    says, one = factor(lasts=3)
    values = one.drawn(one.bound(), says.key("long", 5), 10)
    assert (values[0::3][:3] == values[1::3]).all()
    assert (values[1::3] == values[2::3]).all()
    assert len(np.unique(values[:, 0])) == 4


def test_years_that_are_not_independent_are_told():
    _, one = factor(lasts=3)
    assert one.lasts == 3
    bound = bind(DependenceFile(factor(lasts=3)[0], b""), product("home"))
    table = LossTable(("fire",), np.ones((20, 1)), np.ones(20), "pricing", 1)
    told = "\n".join(lines(bound, of_table(table)))
    assert "the same for 3 years in a row: errors above take years as" in told
    usual = bind(DependenceFile(factor()[0], b""), product("home"))
    assert "in a row" not in "\n".join(lines(usual, of_table(table)))


@pytest.mark.parametrize("lasts", [1, 3])
def test_more_years_move_no_year(lasts):
    says, one = factor(lasts)
    few = one.drawn(one.bound(), says.key("long", 5), 10)
    assert (one.drawn(one.bound(), says.key("long", 5), 25)[:10] == few).all()
    assert (one.drawn(one.bound(), says.key("long", 6), 10) != few).any()
