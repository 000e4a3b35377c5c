"""Anti-selection: the mix follows the price, and chance alone moves nothing."""

import math
from dataclasses import replace

import numpy as np
import pytest

from product_factory.errors import BadInput
from product_factory.nodes import read_nodes
from product_factory.strict import read
from sandbox.adequacy.asked import Selection
from sandbox.adequacy.segments import Cut
from sandbox.adequacy.selection import drift


def cut(rows=400, *, tariff=(60.0, 60.0), spread=1.0):
    rng = np.random.default_rng(4)
    claims = np.array([30.0, 60.0]) * (1.0 + spread * 0.2 * rng.standard_normal((rows, 2)))
    return Cut(
        "group", ("calm", "wild"), np.array([100, 100]), np.array(tariff), np.zeros(2),
        np.zeros(2), claims,
    )  # fmt: skip


def test_a_tariff_in_proportion_to_cost_does_not_drift_whatever_its_level():
    even = cut(1, spread=0.0, tariff=(60.0, 120.0))
    found = drift(even, Selection.model_construct(by="group", elasticity=3.0, years=4), 0.0)
    assert np.allclose(found.loss_ratio, 0.5, rtol=1e-12)
    assert np.allclose(found.mix, 0.5, rtol=1e-12)


def test_the_mix_follows_the_price_as_the_formula_says():
    """R = 2 and 1 of R = 4/3; one year at elasticity 1: weights 2/3 and 4/3, mix 1/3 to 2/3."""
    flat = cut(1, spread=0.0)
    found = drift(flat, Selection.model_construct(by="group", elasticity=1.0, years=2), 0.0)
    assert np.allclose(found.mix[1], [1.0 / 3.0, 2.0 / 3.0], rtol=1e-12)
    assert math.isclose(found.loss_ratio[0], 0.75)
    assert math.isclose(found.loss_ratio[1], (30 / 3 + 60 * 2 / 3) / 60.0, rel_tol=1e-12)
    assert found.loss_ratio[2] > found.loss_ratio[1]
    none = drift(flat, Selection.model_construct(by="group", elasticity=0.0, years=2), 0.0)
    assert np.allclose(none.loss_ratio, 0.75)


def test_the_error_of_a_drift_is_what_repeated_runs_show():
    asked = Selection.model_construct(by="group", elasticity=1.0, years=2)
    moved, said = [], []
    for number in range(60):
        rng = np.random.default_rng(number)
        claims = np.array([30.0, 60.0]) * (1.0 + 0.5 * rng.standard_normal((200, 2)))
        found = drift(replace(cut(200), claims=claims), asked, 0.0)
        moved.append(found.change[-1, 0])
        said.append((found.change[-1, 2] - found.change[-1, 0]) / 1.96)
    assert math.isclose(np.std(moved, ddof=1), np.mean(said), rel_tol=0.3)


def test_chance_alone_makes_no_drift():
    """A tariff in proportion to cost, seen through noise: the mean drift of many runs is nothing.

    Taken as it comes it would be a rise: what happened to cost much would seem cheap and grow.
    """
    asked = Selection.model_construct(by="group", elasticity=2.0, years=3)
    fair, plain = [], []
    for number in range(300):
        rng = np.random.default_rng(number)
        claims = np.array([30.0, 60.0]) * (1.0 + 0.8 * rng.standard_normal((100, 2)))
        one = replace(cut(100, tariff=(60.0, 120.0)), claims=claims)
        fair.append(drift(one, asked, 0.0).change[-1, 0])
        whole = replace(one, claims=claims.mean(axis=0)[None, :])
        plain.append(drift(whole, asked, 0.0).change[-1, 0])
    assert abs(np.mean(fair)) < 3.0 * np.std(fair) / math.sqrt(300)
    assert np.mean(plain) > 5.0 * np.std(plain) / math.sqrt(300)


def test_a_segment_that_cost_nothing_is_refused():
    rows = cut()
    silent = replace(rows, claims=rows.claims * np.array([1.0, 0.0]))
    asked = read(Selection, read_nodes("{by: group, elasticity: 1}", "selection.yaml"))
    with pytest.raises(
        BadInput, match=r"selection\.yaml:1:6: by: 'wild' of 'group' has no cost in"
    ):
        drift(silent, asked, 0.0)


def test_a_segment_whose_one_claim_is_left_out_stops_nothing():
    rows = cut(100)
    once = rows.claims.copy()
    once[:, 1] = 0.0
    once[7, 1] = 6000.0
    found = drift(
        replace(rows, claims=once),
        Selection.model_construct(by="group", elasticity=1, years=2),
        0.0,
    )
    assert np.isfinite(found.loss_ratio).all()
    assert found.error[0] > 0.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{by: group, elasticity: 30}", "elasticity: expected 0 to 20, got 30"),
        ("{by: group, elasticity: 2, years: 0}", "years: expected 1 to 50, got 0"),
        ("{by: group}", "expected the key 'elasticity'"),
    ],
)
def test_a_selection_that_means_nothing_is_told(text, says):
    with pytest.raises(BadInput, match=says):
        read(Selection, read_nodes(text, "selection.yaml"))
