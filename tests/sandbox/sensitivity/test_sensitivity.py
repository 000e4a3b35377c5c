"""Tornado and Sobol' indices of a product: a linear measure, whose answers are in closed form."""

import json
import math

import numpy as np
import pytest

from product_factory.errors import BadInput
from product_factory.nodes import read_nodes
from product_factory.strict import read, read_as
from sandbox.execution import Execution
from sandbox.open_change import NUMBERS, OPEN
from sandbox.portfolio.generate import generate
from sandbox.runs import Runs
from sandbox.scenarios import CHANGES
from sandbox.sensitivity.tornado import tornado
from sandbox.sensitivity.watched import Watch, Watched, fits
from sandbox.studies import KINDS, Asked, study
from sandbox.uncertainty import UNCERTAINTY
from tests.sandbox.shipped import product as shipped
from tests.sandbox.shop import shop
from tests.the_command import inside

YEARS, SEED = 60, 3
BOTH = """
- {name: bills, kind: severity, times: {range: [80%, 120%]}, reference: x, trust: illustrative}
- {name: claims, kind: frequency, times: {error: 5%}, reference: x, trust: illustrative}
"""


@pytest.fixture(scope="module")
def product(tmp_path_factory):
    return shop(tmp_path_factory.mktemp("shop"), severity="{kind: gamma, mean: 1000, cv: 1}")


def asked(product, kind, texts, years=YEARS, **options):
    return Asked(kind, product, generate(product), years, SEED, texts=texts, options=options)


def test_every_study_is_a_file_named_by_its_word():
    for kind, module in KINDS.items():
        assert module == f"sandbox.studies.{kind}"
        assert __import__(module, fromlist=["study"]).study


def test_the_open_changes_are_all_changes_that_hold_a_number():
    found = {
        word: tuple(key for key in NUMBERS if key in kind.model_fields)
        for word, kind in CHANGES.items()
    }
    assert dict(OPEN) == {word: keys for word, keys in found.items() if keys}


def test_a_tornado_of_a_factor_moves_the_mean_by_that_factor(product):
    """Between 80% and 120% the tenths are 84% and 116%: the loss ratio moves by 16% of itself."""
    assumptions = read_as(UNCERTAINTY, read_nodes(BOTH, "u.yaml"))
    runs = Runs(product, generate(product), 400, SEED)
    done = tornado(Watch(runs, assumptions, Watched.model_construct()))
    bills = next(one for one in done.moved if one.assumption.name == "bills")
    assert math.isclose(bills.low, 0.84)
    assert math.isclose(bills.high, 1.16)
    assert math.isclose(bills.up.value, 0.16 * done.base.value, rel_tol=1e-4)
    assert math.isclose(bills.down.value, -0.16 * done.base.value, rel_tol=1e-4)
    assert math.isclose(bills.up.error, 0.16 * done.base.error, rel_tol=1e-2)
    assert [one.assumption.name for one in done.moved] == ["bills", "claims"]
    assert done.moved[0].swing >= done.moved[1].swing


def test_one_assumption_alone_makes_all_the_variance(product):
    """LR × x with x from 80% to 120%: sd 0.4 / √12 of the loss ratio, S = T = 1."""
    (alone, _) = BOTH.strip().splitlines()
    done = study(asked(product, "sobol", {"uncertainty": alone}, points="32"))
    (one,) = done.told["assumptions"]
    assert math.isclose(one["first"], 1.0, abs_tol=0.1)
    assert math.isclose(one["total"], 1.0, abs_tol=0.1)
    sd = 0.4 / math.sqrt(12.0) * done.told["mean"]
    assert math.isclose(math.sqrt(done.told["variance"]), sd, rel_tol=0.02)
    assert done.told["runs"] == 32 * 3


def test_two_factors_share_the_variance_as_their_own_variances_say(product):
    """LR × x × y: parts v_x, v_y and v_x v_y of (1 + v_x)(1 + v_y) − 1, with the error of rows."""
    done = study(asked(product, "sobol", {"uncertainty": BOTH}, years=100, points="32"))
    bills, claims = done.told["assumptions"]
    v_x, v_y = 0.16 / 12.0, 0.05**2
    whole = (1.0 + v_x) * (1.0 + v_y) - 1.0
    assert math.isclose(bills["first"], v_x / whole, abs_tol=0.15)
    assert math.isclose(claims["first"], v_y / whole, abs_tol=0.15)
    assert bills["total"] >= bills["first"] - 3.0 * bills["first_error"]
    assert done.data["sobol.csv"].splitlines()[0] == (
        b"assumption,first,first_error,total,total_error"
    )


def test_the_verb_draws_and_proves_itself(product, tmp_path):
    shelf = ("--shelf", str(product.shelf.root))
    (tmp_path / "u.yaml").write_text(BOTH)
    how = (*shelf, "--years", "40", "--uncertainty", "u.yaml", "-o")
    for kind, option in (("tornado", ("--tornado",)), ("sobol", ("--sobol", "4"))):
        measure = ("--measure", "{figure: combined_ratio}")
        run = inside("stress", "tiny", *how, kind, *option, *measure, cwd=tmp_path)
        assert run.returncode == 0, run.stderr
        assert max(map(len, run.stdout.splitlines())) < 120
        names = {path.name for path in (tmp_path / kind).iterdir()}
        assert names == {f"{kind}.json", f"{kind}.csv", f"{kind}.png", "manifest.json"}
        told = json.loads((tmp_path / kind / f"{kind}.json").read_text())
        assert told["figure"] == "combined_ratio"
        again = inside("rerun", f"{kind}/manifest.json", *shelf, cwd=tmp_path)
        assert "every byte is the same" in again.stdout


def test_threads_move_no_bit(product):
    texts = {"uncertainty": BOTH}
    one = study(asked(product, "tornado", texts))
    plain = asked(product, "tornado", texts)
    two = study(Asked(**{**plain.__dict__, "execution": Execution.on(2)}))
    assert one.data == two.data


def test_what_cannot_be_watched_is_told():
    watched = read(Watched, read_nodes("{figure: largest_event}", "--measure"))
    with pytest.raises(BadInput, match="--measure:1:10: figure: 'largest_event' is no figure of"):
        fits(shipped("term_life"), watched)
    with pytest.raises(BadInput, match="unknown figure 'larget_event'; did you mean"):
        read(Watched, read_nodes("{figure: larget_event}", "--measure"))


@pytest.mark.parametrize("points", ["3", "2", "100", "131072"])
def test_points_are_a_power_of_two(product, points):
    texts = {"uncertainty": BOTH}
    with pytest.raises(ValueError, match=f"expected a power of two from 4 to 65,536, got {points}"):
        study(asked(product, "sobol", texts, points=points))


def test_a_drawing_has_a_bar_for_each_assumption(product):
    done = study(asked(product, "tornado", {"uncertainty": BOTH}))
    (png,) = done.plots().values()
    assert png.startswith(b"\x89PNG")
    assert len(png) > 10_000
    assert np.isfinite(done.told["base"]["value"])
