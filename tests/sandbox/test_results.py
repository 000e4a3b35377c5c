"""Results: the same bytes for the same run, whole files or none, readable plots."""

import hashlib
import io
import json
import math
import warnings
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
from matplotlib.image import imread

from product_factory.errors import BadInput, BadValue
from sandbox.files import write_whole
from sandbox.loss_table import LossTable, Segments
from sandbox.measures import FIGURES, Mean, ValueAtRisk
from sandbox.profit.sensitivity import MOVES
from sandbox.results import Look, Manifest, write_results
from sandbox.results.plots import canvas
from sandbox.results.plots.tornado import NAMES
from sandbox.results.versions import versions

YEARS = 400
MANIFEST = Manifest(
    product="home",
    product_hash="0123456789abcdef" * 4,
    portfolio="generated",
    years=YEARS,
    seed=11,
    basis="best_estimate",
    version="0.1.0",
)
LOOK = Look({"zh": "家财险", "en": "Home"})


def simulated(kind="annual"):
    rng = np.random.default_rng(11)
    storms = rng.lognormal(14, 1, YEARS)
    paid = np.column_stack([rng.gamma(9, 1e5, YEARS), storms])
    zones = Segments(("coast", "inland"), paid * 0.5, np.full((YEARS, 2), 2.5e6))
    return LossTable(
        columns=("火灾 fire", "typhoon"),
        paid=paid,
        premium=np.full(YEARS, 5e6),
        basis="best_estimate",
        seed=11,
        kind=kind,
        largest_event=storms if kind == "annual" else None,
        by_segment={"zone": zones},
    )


def measured(table):
    ratio = FIGURES["claims_over_premium"](table)
    return {
        "claims_over_premium.mean": Mean().measure(ratio),
        "claims_over_premium.var_99_9": ValueAtRisk(level=0.999).measure(ratio),
    }


def write(folder, table=None, look=LOOK, net=None, **change):
    table = table or simulated()
    manifest = replace(MANIFEST, kind=table.kind, **change)
    return write_results(folder, table, measured(table), manifest, look, net)


def test_the_same_run_writes_the_same_bytes_in_any_folder(tmp_path):
    first, second = write(tmp_path / "a"), write(tmp_path / "b" / "c")
    assert [path.name for path in first] == [path.name for path in second]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_another_payout_in_the_last_bit_is_another_file(tmp_path):
    """The test above could not see a difference that files do not hold."""
    table = simulated()
    paid = table.paid.copy()
    paid[17, 0] = np.nextafter(paid[17, 0], math.inf)
    write(tmp_path / "a", table)
    write(tmp_path / "b", replace(table, paid=paid))
    for name in ("years.parquet", "manifest.json"):
        assert (tmp_path / "a" / name).read_bytes() != (tmp_path / "b" / name).read_bytes()


def test_years_read_back_to_the_bit(tmp_path):
    table = simulated()
    write(tmp_path, table)
    rows = pq.read_table(tmp_path / "years.parquet")
    assert rows.column_names == [
        "year",
        "paid: 火灾 fire",
        "paid: typhoon",
        "paid",
        "premium",
        "largest_event",
        "paid: zone=coast",
        "premium: zone=coast",
        "paid: zone=inland",
        "premium: zone=inland",
    ]
    assert rows["year"].to_pylist() == list(range(YEARS))
    assert rows["paid"].to_pylist() == table.total().tolist()
    assert rows["paid: typhoon"].to_pylist() == table.paid[:, 1].tolist()
    assert rows["paid: zone=inland"].to_pylist() == (table.paid[:, 1] * 0.5).tolist()


def test_figures_read_back_to_the_bit_and_an_unbounded_error_is_null(tmp_path):
    table = simulated()
    write(tmp_path, table)
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    mean = measured(table)["claims_over_premium.mean"]
    got = figures["measures"]["claims_over_premium.mean"]
    assert got["value"] == mean.value
    assert got["error"] == mean.error
    rare = figures["measures"]["claims_over_premium.var_99_9"]
    assert (rare["error"], rare["high"], rare["trusted"]) == (None, None, False)
    assert set(figures["curves"]) == {"aggregate", "occurrence"}
    periods = [point["return_period"] for point in figures["curves"]["aggregate"]]
    assert periods == sorted(periods)


def test_the_manifest_holds_the_hash_of_each_data_file_and_nothing_of_the_machine(tmp_path):
    write(tmp_path, scenario="historic_typhoon", programme=("quota", "layer"))
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest.pop("files").items():
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    assert manifest.pop("versions") == versions()
    words = f"covercast simulate home --years {YEARS} --seed 11 --basis best_estimate".split()
    assert manifest.pop("command") == [*words, "--scenario", "historic_typhoon"]
    assert manifest == {
        "allocate": [],
        "measures": [],
        "basis": "best_estimate",
        "by": [],
        "currency": "",
        "dependence": "",
        "dependence_hash": "",
        "horizon": None,
        "on": "",
        "scenario_hash": "",
        "kind": "annual",
        "portfolio": "generated",
        "product": "home",
        "product_hash": "0123456789abcdef" * 4,
        "programme": ["quota", "layer"],
        "scenario": "historic_typhoon",
        "seed": 11,
        "sizes": "",
        "version": "0.1.0",
        "years": YEARS,
    }


def test_net_figures_stand_beside_gross(tmp_path):
    table = simulated()
    net = replace(
        table, paid=table.paid * 0.5, largest_event=table.largest_event * 0.5, by_segment={}
    )
    write(tmp_path, table, net=net)
    curves = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))["curves"]
    assert set(curves) == {"aggregate", "occurrence", "net aggregate", "net occurrence"}
    for gross, after in zip(curves["aggregate"], curves["net aggregate"], strict=True):
        assert after["value"] == gross["value"] * 0.5
    rows = pq.read_table(tmp_path / "net.parquet")
    assert rows["paid"].to_pylist() == net.total().tolist()


def test_a_run_off_has_no_return_period(tmp_path):
    names = {path.name for path in write(tmp_path, simulated("cohort"))}
    assert names == {
        "years.parquet",
        "figures.json",
        "loss_ratio.png",
        "convergence.png",
        "report.html",
        "manifest.json",
    }


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["annual", "cohort"])
def test_plots_open_and_no_glyph_is_missing(tmp_path, language, kind):
    """A glyph that no font has makes matplotlib warn; here a warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        paths = write(tmp_path, simulated(kind), replace(LOOK, language=language))
    for path in paths:
        if path.suffix == ".png":
            image = imread(io.BytesIO(path.read_bytes()))
            assert image.shape[:2] == (720, 1200)
            assert 0.01 < np.mean(image[:, :, :3] < 0.9) < 0.6  # neither blank nor black


@pytest.mark.parametrize(("years", "paid"), [(2, 0.0), (2, 3.0), (30, 0.0)])
def test_the_smallest_and_the_emptiest_runs_have_results_too(tmp_path, years, paid):
    table = LossTable(
        ("fire",),
        np.full((years, 1), paid),
        np.ones(years),
        "best_estimate",
        11,
        largest_event=np.full(years, paid),
    )
    write(tmp_path, table, years=years)
    figures = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    got = figures["measures"]["claims_over_premium.mean"]
    assert (got["value"], got["error"], got["trusted"]) == (paid, 0.0, False)


def test_without_a_chinese_font_captions_are_english(tmp_path, monkeypatch):
    monkeypatch.setattr(canvas, "chinese_font", lambda: None)
    assert canvas.readable({"zh": "赔付", "en": "claims"}, "zh") == "claims"
    assert canvas.unit(2e8, "CNY", "zh") == (1e6, "CNY million")
    chinese = write(tmp_path / "zh")
    english = write(tmp_path / "en", look=replace(LOOK, language="en"))
    for one, other in zip(chinese, english, strict=True):
        if one.name == "report.html":  # its text needs no font of this machine
            assert 'lang="zh"' in one.read_text("utf-8")
        else:
            assert one.read_bytes() == other.read_bytes()


def test_amounts_are_shown_in_the_unit_in_which_they_read_well(monkeypatch):
    monkeypatch.setattr(canvas, "chinese_font", lambda: "any")
    assert canvas.unit(2e8, "CNY", "zh") == (1e8, "亿元")
    assert canvas.unit(-2e5, "CNY", "zh") == (1e4, "万元")
    assert canvas.unit(12.0, "HKD", "zh") == (1.0, "HKD")
    assert canvas.unit(2e9, "CNY", "en") == (1e9, "CNY billion")
    assert canvas.unit(0.0, "CNY", "en") == (1.0, "CNY")


def test_every_assumption_that_a_profit_test_moves_has_its_words_on_the_picture():
    assert list(NAMES) == list(MOVES)
    assert all({*words} == {"zh", "en"} for words in NAMES.values())


def test_plots_leave_matplotlib_as_it_was(tmp_path):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    write(tmp_path)
    assert dict(mpl.rcParams) == before


def test_a_file_in_the_way_of_the_folder_is_said(tmp_path):
    (tmp_path / "file").write_text("kept")
    for folder in (tmp_path / "file", tmp_path / "file" / "deeper"):
        with pytest.raises(BadInput) as caught:
            write(folder)
        assert str(caught.value) == (
            f"{folder}: expected a folder for results, got a path that is or leads through a file"
        )
    assert (tmp_path / "file").read_text() == "kept"


def test_a_folder_in_the_way_of_a_file_is_said_and_leaves_no_scraps(tmp_path):
    (tmp_path / "years.parquet").mkdir()
    with pytest.raises(BadInput, match=r"years\.parquet: expected to write this file, got: "):
        write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["years.parquet"]


def test_a_full_disk_keeps_what_stood_there(tmp_path, monkeypatch):
    path = tmp_path / "figures.json"
    write_whole(path, b"old")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(BadInput, match=r"figures\.json: .* got: No space left on device"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_manifest_of_another_run_is_refused(tmp_path):
    with pytest.raises(
        BadValue, match="expected 400 years and seed 11 of the table, got 400 and 12"
    ):
        write(tmp_path, seed=12)
    assert list(tmp_path.iterdir()) == []
