"""Products together: rows that are added as they stand, or handed out in another order."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from product_factory.errors import BadInput
from product_factory.nodes import read_nodes
from product_factory.strict import read
from sandbox.dependence.combine import combine, joint_parquet, read_run
from sandbox.dependence.combined_told import combined_lines, combined_told
from sandbox.dependence.specification import Dependence, DependenceFile
from sandbox.run import simulate
from tests.sandbox.shipped import product, small
from tests.the_command import inside

YEARS, SEED = 120, 9
TEXT = """\
dependence: two
title: {zh: 两产品, en: Two products}
reordered:
  - reordering: tails
    lines: [home, million_medical]
    copula: {kind: comonotonic}
    reference: chosen
    trust: illustrative
"""


def file(text=TEXT):
    return DependenceFile(read(Dependence, read_nodes(text, "d.yaml")), text.encode())


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    found = {}
    for name in ("home", "million_medical"):
        folder = tmp_path_factory.mktemp(name)
        simulate(product(name), small(name), years=YEARS, seed=SEED, threads=1).write(folder)
        found[name] = folder
    return found


def runs(folders, *, net=False):
    return [read_run(folder, net=net) for folder in folders.values()]


def test_years_are_added_as_they_stand(folders):
    done = combine(runs(folders), None)
    paid = [
        pq.read_table(folder / "years.parquet")["paid"].to_numpy() for folder in folders.values()
    ]
    assert (done.total == paid[0] + paid[1]).all()
    assert done.found.joint.value <= done.found.total.value


def test_whole_products_are_reordered_and_keep_their_values(folders):
    usual, tied = combine(runs(folders), None), combine(runs(folders), file())
    assert (tied.paid["home"] == usual.paid["home"]).all()
    other = tied.paid["million_medical"]
    assert (np.sort(other) == np.sort(usual.paid["million_medical"])).all()
    order = np.argsort(tied.paid["home"], kind="stable")
    assert (np.diff(other[order]) >= 0.0).all()
    assert tied.found.benefit.value == pytest.approx(0.0, abs=1e-12)
    assert tied.found.joint.value >= usual.found.joint.value


def test_net_is_what_reinsurance_leaves(folders):
    gross, net = combine(runs(folders), None), combine(runs(folders, net=True), None)
    assert net.paid["home"].sum() < gross.paid["home"].sum()
    assert (net.paid["million_medical"] == gross.paid["million_medical"]).all()


def test_the_same_runs_leave_the_same_bytes(folders):
    one, two = (combine(runs(folders), file()) for _ in range(2))
    assert joint_parquet(one) == joint_parquet(two)
    assert combined_told(one) == combined_told(two)
    assert max(map(len, combined_lines(one))) <= 80


def test_the_command_line_writes_what_it_tells(folders, tmp_path):
    (tmp_path / "d.yaml").write_text(TEXT, encoding="utf-8")
    paths = [str(folder) for folder in folders.values()]
    done = inside("combine", *paths, "--dependence", "d.yaml", "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "reordered by tails: home, million_medical" in done.stdout
    told = json.loads((tmp_path / "out" / "joint.json").read_text())
    table = pq.read_table(tmp_path / "out" / "joint.parquet")
    assert table.column_names == ["year", "paid: home", "paid: million_medical", "paid"]
    assert told["diversification"]["joint"]["value"] > 0.0


def test_what_does_not_belong_together_is_told(folders, tmp_path):
    home = read_run(folders["home"], net=False)
    with pytest.raises(BadInput, match="expected two runs or more"):
        combine([home], None)
    with pytest.raises(BadInput, match="expected each product once, got home"):
        combine([home, home], None)
    wrong = TEXT.replace("million_medical]", "million_medicine]")
    with pytest.raises(BadInput, match="did you mean 'million_medical'"):
        combine(runs(folders), file(wrong))
    with pytest.raises(BadInput, match="there is no such file"):
        read_run(tmp_path, net=False)


def test_a_file_that_was_changed_after_the_run_is_refused(folders, tmp_path):
    for name in ("manifest.json", "years.parquet"):
        (tmp_path / name).write_bytes((folders["home"] / name).read_bytes())
    read_run(tmp_path, net=False)
    with (tmp_path / "years.parquet").open("ab") as out:
        out.write(b"x")
    with pytest.raises(BadInput, match="it was changed after the run"):
        read_run(tmp_path, net=False)


def test_runs_that_share_no_factor_are_refused_where_the_file_has_one(folders):
    text = TEXT + (
        "shared:\n  - factor: season\n    lines: [home.fire]\n"
        "    multiplier: {kind: gamma, cv: 20%}\n    copula: {kind: comonotonic}\n"
        "    reference: chosen\n    trust: illustrative\n"
    )
    with pytest.raises(BadInput, match="expected a run with this very dependence"):
        combine(runs(folders), file(text))


SHARED = TEXT + (
    "shared:\n  - factor: season\n    lines: [home.fire, million_medical.illness]\n"
    "    multiplier: {kind: gamma, cv: 20%}\n    copula: {kind: comonotonic}\n"
    "    reference: chosen\n    trust: illustrative\n"
)


def seeded(folder, seed, tied=None):
    folder.mkdir()
    made = simulate(
        product("million_medical"),
        small("million_medical"),
        years=YEARS,
        seed=seed,
        dependence=tied,
        threads=1,
    )
    made.write(folder)
    return read_run(folder, net=False)


def test_products_that_share_no_factor_have_seeds_of_their_own(folders, tmp_path):
    home, other = read_run(folders["home"], net=False), seeded(tmp_path / "other", SEED + 1)
    done = combine([home, other], file())
    told = combined_told(done)
    assert "seed" not in told
    assert {name: run["seed"] for name, run in told["runs"].items()} == {
        "home": SEED,
        "million_medical": SEED + 1,
    }
    assert [run["scenario"] for run in told["runs"].values()] == ["", ""]
    said = [line.strip() for line in combined_lines(done)]
    assert f"seed {SEED}" in said
    assert f"seed {SEED + 1}" in said


def test_a_factor_that_is_shared_wants_one_seed(folders, tmp_path):
    tied = file(SHARED)
    simulate(
        product("home"), small("home"), years=YEARS, seed=SEED, dependence=tied, threads=1
    ).write(tmp_path / "home")
    home = read_run(tmp_path / "home", net=False)
    other = seeded(tmp_path / "other", SEED + 1, tied)
    with pytest.raises(BadInput, match=f"seed: expected {SEED}, as the run of home has it"):
        combine([home, other], tied)
    assert combine([home, seeded(tmp_path / "same", SEED, tied)], tied).seed == SEED


def test_runs_of_other_years_are_refused(folders, tmp_path):
    simulate(product("home"), small("home"), years=60, seed=SEED, threads=1).write(tmp_path)
    with pytest.raises(BadInput, match="years: expected 120, as the run of million_medical has it"):
        combine(
            [read_run(folders["million_medical"], net=False), read_run(tmp_path, net=False)], None
        )
