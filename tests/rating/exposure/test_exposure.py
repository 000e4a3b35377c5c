"""Exposure curves: Bernegger's values, the textbook written slowly, layers, the verb."""

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadValue
from product_factory.nodes import read_nodes
from product_factory.strict import read
from product_factory.tables import read_table
from rating.exposure import CURVES, Band, Layer, exposure_curve, layer_costs, swiss_re
from rating.exposure.curves import of_moments
from rating.severities import Empirical, Mbbefd
from tests.the_command import inside

ASIA = Path(__file__).parents[3].parent / "shared/data/exposure_asiacomrisk/asiacomrisk.csv"
SPEC = """\
fit: shops
kind: exposure
title: {zh: 商铺, en: Shops}
source: made for the tests
loss: paid
sum_insured: insured
profile: [{sum_insured: 400000, premium: 90000}, {sum_insured: 1500000, premium: 60000}]
loss_ratio: 65%
layers: [{attachment: 100000, limit: 300000}, {attachment: 400000, limit: 600000}]
points: 20
"""


def bernegger(b, g, x):
    """His G(x), (3.11) of the paper, for g > 1, b not 1 and b g not 1."""
    return math.log(((g - 1) * b + (1 - g * b) * b**x) / (1 - b)) / math.log(g * b)


@pytest.mark.parametrize("name", CURVES)
def test_published_curves_are_those_of_the_paper(name):
    ratio = swiss_re(CURVES[name])
    for x in (0.01, 0.1, 0.35, 0.8, 1.0):
        assert exposure_curve(ratio, x) == pytest.approx(bernegger(ratio.b, ratio.g, x), rel=1e-12)
    # the mean is the inverse of the slope at 0, and 1/g is the chance of a total loss
    slope = exposure_curve(ratio, 1e-9) / 1e-9
    assert ratio.mean == pytest.approx(1.0 / slope, rel=1e-6)
    assert 1.0 - ratio.distribution(1.0 - 1e-13) == pytest.approx(1.0 / ratio.g, rel=1e-9)


@pytest.mark.parametrize(
    ("c", "at_a_tenth", "mean"), [(1.5, 0.209297, 0.348548), (4.0, 0.553689, 0.031852)]
)
def test_the_known_figures_are_reached(c, at_a_tenth, mean):
    ratio = swiss_re(c)
    assert round(exposure_curve(ratio, 0.1), 6) == at_a_tenth
    assert round(ratio.mean, 6) == mean


@given(
    ratios=st.lists(st.floats(0.001, 1.0), min_size=1, max_size=20),
    shares=st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0)),
)
def test_an_observed_curve_rises_bends_down_and_ends_at_one(ratios, shares):
    observed = Empirical.of(ratios)
    low, middle, high = sorted(shares)
    found = [exposure_curve(observed, x) for x in (low, middle, high)]
    slow = [sum(min(r, x) for r in ratios) / sum(ratios) for x in (low, middle, high)]
    assert found == pytest.approx(slow, rel=1e-12, abs=1e-15)
    assert exposure_curve(observed, 1.0) == pytest.approx(1.0, rel=1e-14)
    if low < middle < high:
        weight = (high - middle) / (high - low)
        assert found[1] >= weight * found[0] + (1.0 - weight) * found[2] - 1e-12


@given(mean=st.floats(0.02, 0.9), share=st.floats(0.01, 0.95))
def test_moments_are_met(mean, share):
    total = mean * share
    ratio = of_moments(mean, total)
    assert ratio.mean == pytest.approx(mean, rel=1e-9)
    assert ratio.g == pytest.approx(1.0 / total)


def test_moments_that_no_curve_has_are_refused():
    with pytest.raises(BadValue, match=r"^mean: expected"):
        of_moments(0.1, 0.2)
    with pytest.raises(BadValue, match=r"^total: expected a number between 0 and 1, got 0$"):
        of_moments(0.1, 0.0)


def test_layers_cost_what_losses_drawn_from_the_curve_cost():
    """By hand: losses at even chances of the damage ratio, cut by each layer."""
    ratio = Mbbefd(3.0, 20.0)
    node = read_nodes(SPEC, "shops.yaml")
    bands = [read(Band, one) for one in node["profile"]]
    layers = [read(Layer, one) for one in node["layers"]]
    x = np.array([ratio.quantile((k + 0.5) / 40_000) for k in range(40_000)])
    for one in layer_costs(ratio, bands, 0.65, layers):
        slow = sum(
            0.65
            * band.premium
            * np.clip(x * band.sum_insured - one.layer.attachment, 0.0, one.layer.limit).mean()
            / (x * band.sum_insured).mean()
            for band in bands
        )
        assert one.cost == pytest.approx(slow, rel=2e-3)
        assert one.rate == pytest.approx(one.cost / 150_000.0)
    # what lies above the sum insured costs nothing
    assert layer_costs(ratio, bands[:1], 1.0, layers[1:])[0].cost == 0.0


def losses(size=400):
    """Damage ratios of the curve with c = 3, on sums insured of two sizes."""
    ratio = swiss_re(3.0)
    chances = (np.random.default_rng(1).permutation(size) + 0.5) / size
    insured = np.where(np.arange(size) % 2 == 0, 400_000.0, 1_500_000.0)
    values = [ratio.quantile(u) for u in chances.tolist()]
    return [[f"{v * s:.4f}", f"{s:.0f}"] for v, s in zip(values, insured, strict=True)]


def write(folder, rows, spec=SPEC):
    (folder / "shops.yaml").write_text(spec, encoding="utf-8")
    with (folder / "shops.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["paid", "insured"], *rows])


def fit(folder, *more):
    return inside("fit", "shops.yaml", "--data", "shops.csv", "-o", "out", *more, cwd=folder)


def test_the_verb_finds_the_curve_again_and_files_it(tmp_path):
    write(tmp_path, [*losses(), ["5", "0"]])
    run = fit(tmp_path, "--json")
    assert run.returncode == 1, run.stderr
    told = json.loads(run.stdout)
    c = told["fitted"]["swiss_re"]["parameters"]["c"]
    assert abs(c["value"] - 3.0) < 2.0 * c["error"]
    assert told["fitted"]["swiss_re"]["ks"] < 0.03  # even chances: a random sample has 0.05
    assert told["chosen"] == "swiss_re"
    assert told["rejected"][0]["reason"] == "expected a sum insured above 0"
    table = read_table((tmp_path / "out/shops.csv").read_text("utf-8"), "shops", "shops.csv")
    assert table.cells["curve"].ravel()[2] == pytest.approx(
        exposure_curve(swiss_re(c["value"]), 0.1), abs=1e-6
    )
    node = read_nodes((tmp_path / "out/severity.yaml").read_text("utf-8"), "severity.yaml")
    assert float(str(node["g"])) == pytest.approx(swiss_re(c["value"]).g, rel=1e-8)
    assert (tmp_path / "out/shops.png").read_bytes().startswith(b"\x89PNG")


def test_a_curve_may_be_stated(tmp_path):
    write(tmp_path, losses(100), SPEC.replace("points: 20", "points: 20\ncurve: moments"))
    run = fit(tmp_path)
    assert run.returncode == 0, run.stderr
    assert "moments      mean and total losses of 100 losses: b " in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("loss: paid\n", "", "expected 'ratio', or 'loss' and 'sum_insured'"),
        ("layers: [", "layer: [", "unknown key 'layer'"),
        ("limit: 300000", "limit: 0", "a limit above 0"),
        ("loss_ratio: 65%", "truncated: 10%\ncurve: moments", "takes all losses"),
        ("points: 20", "points: 1", "expected 2 to 1000 points, got 1"),
    ],
)
def test_a_bad_file_is_told_with_its_place(tmp_path, old, new, says):
    assert old in SPEC
    write(tmp_path, losses(20), SPEC.replace(old, new))
    run = fit(tmp_path)
    assert run.returncode == 2
    assert run.stderr.startswith("shops.yaml:")
    assert says in run.stderr


def test_commercial_risks_in_asia_are_read_whole(tmp_path):
    """526 losses, of which 61 have no sum insured; the observed curve is the sum by hand."""
    if not ASIA.exists():
        pytest.skip("the losses are not here: shared/data/exposure_asiacomrisk")
    spec = SPEC.replace("paid", "FGU").replace("insured: insured", "insured: TIV")
    (tmp_path / "asia.yaml").write_text(spec, encoding="utf-8")
    run = inside("fit", "asia.yaml", "--data", str(ASIA), "-o", "out", "--json", cwd=tmp_path)
    told = json.loads(run.stdout)
    assert (told["rows"], told["used"], len(told["rejected"])) == (526, 465, 61)
    with ASIA.open(encoding="utf-8") as file:
        ratios = [min(float(row["DR"]), 1.0) for row in csv.DictReader(file) if row["DR"]]
    by_hand = sum(min(r, 0.1) for r in ratios) / sum(ratios)
    assert told["curves"]["observed"]["at_a_tenth"] == pytest.approx(by_hand, rel=1e-9)
    assert told["curves"]["moments"]["mean"] == pytest.approx(sum(ratios) / 465, rel=1e-9)
