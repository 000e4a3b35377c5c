"""Launch: the verdict and the pack of what ships, and what keeps a product from launching."""

import hashlib
import json
from dataclasses import replace

import pytest

from product_factory.errors import Stale
from sandbox.launch.finding import Finding
from sandbox.launch.launch import launch, proved_with_another
from sandbox.launch.pack import write_pack
from tests.the_shelf import shipped

pytestmark = pytest.mark.long

ROWS = 200


@pytest.fixture(scope="module")
def term_life():
    product = shipped("term_life")
    return launch(product, lambda _: product, years=ROWS, threads=2)


@pytest.fixture(scope="module")
def pack(term_life, tmp_path_factory):
    """The folder of its pack."""
    folder = tmp_path_factory.mktemp("launched") / "pack"
    write_pack(term_life, folder)
    return folder


def test_term_life_has_no_error(term_life):
    assert [str(f) for f in term_life.findings if f.severity == "error"] == []


def test_everything_was_judged(term_life):
    counts = term_life.counts
    assert counts["rules"] >= 10
    assert counts["quotes"] >= 5
    assert counts["claims"] >= 3
    assert counts["law_1_comparisons"] >= 12
    assert counts["gates"] >= 4
    assert counts["figures_traced"] > 20


def test_law_one_holds_in_the_verdict(term_life):
    assert all(law.holds for law in term_life.laws)


def test_terms_that_a_basis_leaves_out_are_listed(term_life):
    assert ("pricing", "death.waits") in {entry[:2] for entry in term_life.left_out}


@pytest.mark.parametrize(
    ("severity", "passes"),
    [("error", False), ("undecided", False), ("warning", True), ("waived", True)],
)
def test_only_errors_and_undecided_findings_keep_a_product_back(term_life, severity, passes):
    alone = replace(term_life, findings=(Finding("gate", "any", severity, "said"),))
    assert alone.passed is passes


def test_the_pack_is_complete_and_its_checksums_hold(pack):
    for name in (
        "verdict.json",
        "verdict.md",
        "wording/clause.docx",
        "wording/clause.md",
        "wording/trace.json",
        "rates/net_rate.csv",
        "rates/premiums.csv",
        "rates/cash_value.csv",
        "rates/reserve.csv",
        "rates/rates.xlsx",
        "results/figures.json",
        "results/years.parquet",
        "results/loss_ratio.png",
        "scenarios.json",
        "worksheets.txt",
    ):
        assert (pack / name).is_file(), name
    lines = (pack / "checksums.txt").read_text(encoding="utf-8").splitlines()
    files = {line.split("  ")[1]: line.split("  ")[0] for line in lines}
    found = {p.relative_to(pack).as_posix() for p in pack.rglob("*") if p.is_file()}
    assert set(files) == found - {"checksums.txt"}
    for name, digest in files.items():
        assert hashlib.sha256((pack / name).read_bytes()).hexdigest() == digest


def test_the_same_launch_writes_the_same_data_files(pack, tmp_path):
    product = shipped("term_life")
    write_pack(launch(product, lambda _: product, years=ROWS, threads=1), tmp_path / "again")
    for name in (
        "verdict.json",
        "wording/trace.json",
        "results/years.parquet",
        "rates/cash_value.csv",
    ):
        assert (pack / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_the_verdict_names_product_day_and_digest(term_life):
    verdict = json.loads(json.dumps(term_life.as_dict()))
    assert verdict["product"] == "term_life"
    assert verdict["on"] == "2026-03-01"
    assert len(verdict["digest"]) == 64
    assert verdict["may_launch"] is term_life.passed


def test_a_product_for_sale_may_not_read_illustrative_tables(term_life):
    product = shipped("term_life")
    sold = replace(product, product=product.product.model_copy(update={"for_sale": True}))
    done = launch(sold, lambda _: sold, years=20)
    assert any("illustrative" in f.text and f.severity == "error" for f in done.findings)
    assert not done.passed


def test_a_stale_rate_table_is_no_verdict():
    product = shipped("term_life")
    built = {
        name: replace(table, header={**table.header, "inputs": "0" * 64})
        for name, table in product.built.items()
    }
    other = replace(product, built=built)
    with pytest.raises(Stale, match="run: covercast build term_life"):
        launch(other, lambda _: other, years=20)


@pytest.mark.prove
def test_home_is_judged_whole_at_a_small_size(tmp_path):
    """Its laws alone take minutes; test_law_one_home proves them at every run.

    Its pack holds the tariff and every table of it: test_workbook.py reads them.
    """
    product = shipped("home")
    done = launch(product, lambda _: product, years=ROWS, threads=2)
    wrong = [f for f in done.findings if f.severity == "error" and f.source != "gate"]
    assert [str(f) for f in wrong] == []
    assert done.run.settlement is not None
    write_pack(done, tmp_path / "pack")
    for name in ("rates.xlsx", "tariff.csv", "fire_rate.csv", "deductible_factor.csv"):
        assert (tmp_path / "pack" / "rates" / name).is_file(), name


def test_a_valuation_is_proved_with_the_basis_whose_assumptions_it_takes():
    """And apart from it as soon as it assumes anything else."""
    bases = dict(shipped("term_life").bases)
    other = bases["cash_value"]
    same = replace(bases["valuation"], interest=bases["pricing"].interest)
    assert not proved_with_another(bases["valuation"], list(bases.values()))
    bases["valuation"] = same
    assert proved_with_another(same, list(bases.values()))
    apart = replace(same, interest=other.interest)
    alone = [bases["pricing"], apart]
    assert not proved_with_another(apart, alone)
    assert not proved_with_another(bases["pricing"], list(bases.values()))
