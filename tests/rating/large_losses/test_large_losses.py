"""The large-loss load: the capped mean and the load are the whole mean."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from product_factory.errors import BadInput
from product_factory.nodes import read_nodes
from product_factory.strict import read
from rating.large_losses import LargeLossSpec, load_of
from rating.large_losses.load import mean_excess
from rating.likelihood.losses import Losses
from rating.severities import GeneralisedPareto, Lognormal, Lomax, Spliced
from tests.the_command import inside

SPEC = """\
fit: fires
kind: large_losses
title: {zh: 火灾, en: Fires}
source: made for the tests
losses: loss
threshold: 5000
of: fire.bill
"""
DANISH = Path(__file__).resolve().parents[4] / "shared/data/largeloss_danish/danishuni.csv"


def spec_of(text=SPEC):
    return read(LargeLossSpec, read_nodes(text, "spec.yaml"))


def losses(count=4000, seed=3):
    random = np.random.default_rng(seed)
    return 2000.0 * (random.random(count) ** (-1 / 2.5) - 1.0)  # Lomax, alpha 2.5


@given(st.floats(1.2, 6.0), st.floats(0.1, 20.0), st.floats(0.5, 100.0))
def test_capped_mean_and_load_are_the_mean(alpha, threshold, width):
    """A Lomax exceeds u by a generalised Pareto of shape 1/alpha, scale (1 + u)/alpha."""
    model = Lomax(alpha, 1.0)
    shape, scale = 1.0 / alpha, (1.0 + threshold) / alpha
    capped, chance = model.limited_mean(threshold), model.survival(threshold)
    whole = capped + chance * mean_excess(shape, scale, math.inf)
    assert whole == pytest.approx(model.moment(1), rel=1e-9)
    upto = capped + chance * mean_excess(shape, scale, width)
    assert upto == pytest.approx(model.limited_mean(threshold + width), rel=1e-9)


@settings(max_examples=25)
@given(st.floats(0.01, 0.2), st.floats(-0.3, 0.8), st.floats(0.2, 3.0))
def test_the_loaded_capped_mean_is_that_of_a_severity_with_the_tail(weight, shape, scale):
    """The other way to hold it, a spliced severity, has the same mean as the load gives."""
    body, threshold = Lognormal(0.0, 0.7), 3.0
    model = Spliced(body, GeneralisedPareto(shape, scale, threshold), threshold, weight)
    load = weight * mean_excess(shape, scale, math.inf) / model.limited_mean(threshold)
    assert model.limited_mean(threshold) * (1.0 + load) == pytest.approx(model.moment(1), rel=1e-8)


def test_the_load_is_made_of_what_it_tells():
    amounts = losses()
    found = load_of(spec_of(), Losses.of(amounts))
    capped = float(np.minimum(amounts, 5000.0).mean())
    chance = float((amounts > 5000.0).mean())
    assert found.capped == pytest.approx(capped, rel=1e-12)
    assert found.mean == pytest.approx(capped + chance * found.excess, rel=1e-12)
    assert found.excess == pytest.approx(found.tail.scale / (1 - found.tail.shape), rel=1e-9)


def test_the_error_is_the_one_that_is_seen():
    """100 samples of 1,000 losses: the load scatters as its error says."""
    spec = spec_of(SPEC + "most: 40000\n")
    found = [load_of(spec, Losses.of(losses(1000, seed))) for seed in range(100)]
    seen = np.std([one.load for one in found])
    assert np.sqrt(np.mean([one.error**2 for one in found])) == pytest.approx(seen, rel=0.25)


def test_an_increased_limit_factor_is_the_load():
    found = load_of(spec_of(SPEC + "by: factor\nfactor: 1.12\n"), Losses.of(losses()))
    assert found.load == pytest.approx(0.12)
    assert found.mean == pytest.approx(1.12 * found.capped)
    # what exceeds the threshold is then as large on average as the factor needs
    assert found.capped + found.above / 4000 * found.excess == pytest.approx(found.mean)


def test_a_tail_without_a_mean_takes_a_bound():
    amounts = np.random.default_rng(1).random(2000) ** (-1 / 0.8) * 1000.0
    with pytest.raises(BadInput, match="state 'most', or the load by 'factor'"):
        load_of(spec_of(), Losses.of(amounts))
    found = load_of(spec_of(SPEC + "most: 1000000\n"), Losses.of(amounts))
    assert found.load > 0.0


def test_a_tail_that_may_have_no_mean_takes_a_bound_too():
    """A shape below 1, but by less than its standard error: the mean may be any."""
    amounts = 2000.0 * np.random.default_rng(0).random(200) ** (-1 / 1.2)
    bounded = load_of(spec_of(SPEC + "most: 1000000\n"), Losses.of(amounts))
    assert bounded.tail.shape < 1.0 < bounded.tail.shape + bounded.tail.shape_error
    with pytest.raises(BadInput, match="may have no mean; state 'most', or the load by 'factor'"):
        load_of(spec_of(), Losses.of(amounts))


def test_a_load_that_no_basis_accepts_is_refused():
    amounts = np.random.default_rng(1).exponential(10.0, 300)
    with pytest.raises(BadInput, match="a load of 0% or more, at most 10000%, got"):
        load_of(spec_of(SPEC.replace("5000", "0.01")), Losses.of(amounts))


def test_the_danish_fires_above_ten_millions():
    """The published tail: 109 losses, shape 0.4970, scale 6.9755; a mean excess of 13.87."""
    if not DANISH.is_file():
        pytest.skip("the Danish fire losses are not beside this checkout")
    amounts = np.loadtxt(DANISH, delimiter=",", skiprows=1, usecols=1)
    found = load_of(spec_of(SPEC.replace("5000", "10")), Losses.of(amounts))
    assert found.above == 109
    assert found.excess == pytest.approx(6.9755 / (1 - 0.4970), abs=2e-3)
    assert found.load == pytest.approx(109 / 2167 * found.excess / found.capped, rel=1e-12)


def fit(folder, spec, amounts, *more):
    (folder / "spec.yaml").write_text(spec, encoding="utf-8")
    rows = "".join(f"{x}\n" for x in amounts)
    (folder / "data.csv").write_text("loss\n" + rows, encoding="utf-8")
    return inside("fit", "spec.yaml", "--data", "data.csv", "-o", "out", *more, cwd=folder)


def test_what_is_written_can_be_pasted(tmp_path):
    run = fit(tmp_path, SPEC, losses(800).tolist(), "--json")
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    entry = yaml.safe_load((tmp_path / "out" / "experience.yaml").read_text("utf-8"))
    said = entry["fire"]["bill"]["large_losses"]
    assert float(said.removesuffix("%")) == pytest.approx(100 * told["large_losses"], abs=0.005)
    assert (tmp_path / "out" / "fires.png").read_bytes().startswith(b"\x89PNG")


def test_a_row_that_is_no_loss_is_told_and_left_out(tmp_path):
    run = fit(tmp_path, SPEC + "by: factor\nfactor: 1.1\n", [10, -4, 30])
    assert run.returncode == 1
    assert "row 2: loss: expected a loss above 0" in run.stdout


@pytest.mark.parametrize(
    ("spec", "amounts", "said"),
    [
        (SPEC.replace("5000", "0"), [1, 2], "a threshold above 0, got 0"),
        (SPEC + "most: 4000\n", [1, 2], "'most' above the threshold, got 4000"),
        (SPEC + "by: factor\n", [1, 2], "'factor' goes with 'by: factor'"),
        (SPEC + "factor: 1.2\n", [1, 2], "'factor' goes with 'by: factor'"),
        (SPEC + "by: factor\nfactor: 0.9\n", [1, 2], "a factor from 1 to 100, got 0.9"),
        (SPEC, [10, 20, 30], "3 losses or more above 5000, got 0"),
        (SPEC, [6000, 29000, 13000], "no maximum of the likelihood was found; state 'most'"),
        (SPEC, [10], "two losses or more that can be used, got 1"),
        (SPEC.replace("losses: loss", "losses: los"), [1, 2], "did you mean 'loss'"),
    ],
)
def test_bad_input_is_told(tmp_path, spec, amounts, said):
    run = fit(tmp_path, spec, amounts)
    assert run.returncode == 2
    assert said in run.stderr
