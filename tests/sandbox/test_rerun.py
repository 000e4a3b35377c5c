"""A run made again from its manifest: the same bytes, or what is no longer the same."""

import json
from dataclasses import replace

import pytest

from product_factory.errors import BadInput
from sandbox.execution import Execution
from sandbox.rerun import other_code, rerun
from sandbox.results import read_manifest
from sandbox.run import simulate
from sandbox.scenarios import find, load_scenarios
from sandbox.told import rerun_lines, rerun_told
from tests.sandbox.shipped import product, small
from tests.the_command import inside

YEARS, SEED = 60, 5


def written(folder, name="home", **change):
    run = simulate(product(name), small(name), years=YEARS, seed=SEED, threads=1, **change)
    run.write(folder)
    return read_manifest(folder / "manifest.json")


def again(folder, name="home", recorded=None, **change):
    recorded = recorded or read_manifest(folder / "manifest.json")
    return rerun(recorded, product(name), folder, small(name), execution=Execution.on(2), **change)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    written(folder, by=[["zone"]], horizon=3)
    return folder


def test_a_manifest_proves_every_byte(home):
    done = again(home)
    files = ("answers.json", "figures.json", "net.parquet", "reinsurance.parquet", "years.parquet")
    assert done.files == dict.fromkeys(files, True)
    assert done.same
    assert rerun_lines(read_manifest(home / "manifest.json"), done)[-1] == "every byte is the same"


def test_what_was_simulated_by_and_over_which_horizon_is_in_the_manifest(home):
    recorded = read_manifest(home / "manifest.json")
    assert (recorded.by, recorded.horizon) == ((("zone",),), 3)
    done = again(home, recorded=replace(recorded, horizon=None))
    assert not done.same
    assert not done.files["years.parquet"]


def test_another_seed_is_seen_in_every_file_and_its_figures_are_told(home):
    recorded = replace(read_manifest(home / "manifest.json"), seed=SEED + 1)
    done = again(home, recorded=recorded)
    assert set(done.files.values()) == {False}
    then, now = done.moved["claims.mean"]
    assert (
        then == json.loads((home / "figures.json").read_text())["measures"]["claims.mean"]["value"]
    )
    assert then != now
    lines = rerun_lines(recorded, done)
    assert f"  and {len(done.moved) - 5} more figures" in lines
    assert rerun_told(recorded, done)["moved"]["claims.mean"] == {"then": then, "now": now}


def test_a_file_that_was_changed_after_the_run_is_named(tmp_path):
    written(tmp_path)
    (tmp_path / "figures.json").write_text("{}")
    (tmp_path / "net.parquet").unlink()
    done = again(tmp_path)
    assert set(done.files.values()) == {True}
    assert done.reasons == ("figures.json: the file beside the manifest was changed after the run",)
    assert not done.same


def test_a_scenario_that_says_something_else_now_is_named(tmp_path):
    scenarios = load_scenarios(product("home").shelf)
    severity = find(scenarios, "severity_plus_10")
    recorded = written(tmp_path, scenario=severity)
    assert again(tmp_path, scenario=severity).same
    other = find(scenarios, "frequency_plus_20").model_copy(update={"scenario": "severity_plus_10"})
    done = again(tmp_path, scenario=other)
    assert not done.same
    assert done.reasons[0].startswith(f"scenario: was {recorded.scenario_hash}, and is ")


def test_another_product_is_not_run(home):
    recorded = replace(read_manifest(home / "manifest.json"), product_hash="0" * 64)
    done = again(home, recorded=recorded)
    assert (done.files, done.same) == ({}, False)
    assert product("home").digest in done.reasons[0]


def test_run_offs_are_proved_too(tmp_path):
    written(tmp_path, "term_life")
    assert again(tmp_path, "term_life").same


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "this is not JSON"),
        ("[]", "expected what 'covercast simulate -o' writes"),
        ('{"product": "home"}', "product_hash: expected what 'covercast simulate -o' writes"),
        ("\udcff", "writes; another shape"),
    ],
)
def test_a_file_that_is_no_manifest(tmp_path, content, says):
    path = tmp_path / "manifest.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadInput, match=says):
        read_manifest(path)


def test_the_verb(tmp_path, home):
    missing = inside("rerun", str(tmp_path / "none.json"))
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)
    told = json.loads((home / "manifest.json").read_text())
    other = {**told, "product_hash": "0" * 64}
    (tmp_path / "manifest.json").write_text(json.dumps(other))
    found = inside("rerun", str(tmp_path / "manifest.json"))
    assert found.returncode == 1
    assert "its hash was 0000" in found.stdout
    (tmp_path / "manifest.json").write_text(json.dumps({**told, "scenario": "severity_plus_1"}))
    gone = inside("rerun", str(tmp_path / "manifest.json"))
    assert gone.returncode == 2
    assert (
        "manifest.json: scenario: unknown scenario 'severity_plus_1'; did you mean" in gone.stderr
    )
    (tmp_path / "manifest.json").write_text(json.dumps({**told, "portfolio": "book.csv, sha256 0"}))
    asked = inside("rerun", str(tmp_path / "manifest.json"))
    assert asked.returncode == 2
    assert "expected the book book.csv as the second argument" in asked.stderr


def test_where_bytes_are_others_the_library_that_is_another_is_told(home):
    """And nothing is said of it where every byte is the same."""
    recorded = read_manifest(home / "manifest.json")
    assert {"kernels", "numba", "numpy", "python", "scipy"} <= {*recorded.versions}
    older = replace(recorded, versions={**recorded.versions, "numpy": "1.0"})
    same, moved = {"years.parquet": True}, {"years.parquet": False}
    assert other_code(older, same) == []
    assert other_code(recorded, moved) == []
    (told,) = other_code(older, moved)
    assert told.startswith("computed with another numpy: was 1.0, and is ")
