"""The files of an export: schemas, checksums, the same bytes again, changes that are noticed."""

import ast
import hashlib
import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from product_factory.errors import BadInput, Stale
from rating.export import export
from rating.export.schemas import FILES, schema
from sandbox.export_folder import check_folder, write_export
from tests.conformance.exports import sample, write
from tests.conformance.reader import disagreements
from tests.source_tree import ROOT
from tests.the_command import inside
from tests.the_shelf import shipped

HERE = Path(__file__).parent
READER = ("reader", "expressions", "prices", "claims", "lines", "due", "contract", "dates")
PAGE = (ROOT / "docs" / "export.md").read_text("utf-8")


@pytest.fixture(scope="module")
def medical(tmp_path_factory):
    return sample(shipped("million_medical"), tmp_path_factory.mktemp("medical"))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return sample(shipped("home"), tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize("name", READER)
def test_the_reader_imports_nothing_but_the_standard_library(name):
    tree = ast.parse((HERE / f"{name}.py").read_text("utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module)
    own = {f"tests.conformance.{one}" for one in READER}
    assert {one for one in found if one.partition(".")[0] not in sys.stdlib_module_names} <= own


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_file_fits_its_schema_and_a_further_key_does_not(name, medical, home):
    told = schema(name)
    Draft202012Validator.check_schema(told)
    for folder in (medical, home):
        assert json.loads((folder / "schemas" / f"{name}.json").read_text("utf-8")) == told
        content = json.loads((folder / f"{name}.json").read_text("utf-8"))
        assert list(Draft202012Validator(told).iter_errors(content)) == []
        assert list(Draft202012Validator(told).iter_errors(content | {"further": 1})) != []


def test_the_manifest_lists_every_file_with_its_schema(medical):
    told = json.loads((medical / "manifest.json").read_text("utf-8"))["files"]
    found = {path.relative_to(medical).as_posix() for path in medical.rglob("*") if path.is_file()}
    assert {one["file"] for one in told} == found - {"manifest.json", "checksums.txt"}
    assert {one["schema"] for one in told if "/" not in one["file"]} == {
        f"schemas/{name}.json" for name in FILES if name != "manifest"
    }


def test_the_same_product_count_and_seed_give_the_same_bytes_and_another_seed_other_cases():
    product = shipped("million_medical")
    one, two, other = (export(product, 60, seed) for seed in (1, 1, 2))
    assert one.files == two.files
    assert one.files["price_cases.json"] != other.files["price_cases.json"]
    assert one.files["claim_cases.json"] != other.files["claim_cases.json"]
    assert one.files["plan.json"] == other.files["plan.json"]


def test_a_stale_rate_table_is_refused():
    product = shipped("million_medical")
    table = product.built["expected_cost"]
    old = replace(table, header={**table.header, "engine": "collective/0"})
    with pytest.raises(Stale, match="was built by collective/0"):
        export(replace(product, built={"expected_cost": old}), 5, 1)


def planted(folder, target, name, change):
    """Change a file of an export as little as possible, and its checksums with it."""
    shutil.copytree(folder, target)
    path = target / name
    text = path.read_text("utf-8")
    changed = change(text)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    old, new = (hashlib.sha256(one.encode()).hexdigest() for one in (text, changed))
    for listing in ("manifest.json", "checksums.txt", "tables.json"):
        known = (target / listing).read_text("utf-8")
        (target / listing).write_text(known.replace(old, new), encoding="utf-8")
    return [line for line in disagreements(target) if line.startswith(("price", "claim"))]


def test_a_cell_of_a_table_that_is_off_by_a_cent_is_noticed(medical, tmp_path):
    """That of the first quote beside the product: its premium of 711 stays, its step does not."""

    def change(text):
        return text.replace("\n32,M,member,10000,497.64,", "\n32,M,member,10000,497.65,")

    found = planted(medical, tmp_path / "x", "tables/expected_cost.csv", change)
    assert any(re.match(r"price 1, steps: ", line) for line in found)
    assert not any(re.match(r"price 1, premium: ", line) for line in found)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("terms.json", '"number": 0.6', '"number": 0.61'),
        ("terms.json", '"number": 2000000', '"number": 1999999'),
        ("terms.json", '"number": 30', '"number": 31'),
        ("plan.json", '"mode": "half_up"', '"mode": "up"'),
    ],
)
def test_a_term_or_step_that_is_another_is_noticed(medical, tmp_path, name, old, new):
    """A share, a limit, a waiting period, a mode of rounding."""
    assert planted(medical, tmp_path / "x", name, lambda text: text.replace(old, new)) != []


def test_an_item_that_shares_no_balance_is_noticed(home, tmp_path):
    found = planted(
        home,
        tmp_path / "x",
        "terms.json",
        lambda text: text.replace('"each": "item",\n      "lines"', '"each": null,\n      "lines"'),
    )
    assert any(line.startswith("claim") for line in found)


def named(part):
    """Every key and word that a schema knows."""
    if isinstance(part, list):
        return {word for one in part for word in named(one)}
    if not isinstance(part, dict):
        return set()
    found = {*part.get("properties", ()), *part.get("enum", ()), *([part.get("const")])}
    return found.union(*map(named, part.values()))


def described(page):
    """What stands in the page as code: whole, and word by word; names of files are none."""
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", page, flags=re.DOTALL))
    spans = [one for one in spans if not re.search(r"\.(json|csv|py|txt)", one)]
    return {*spans, *(word for one in spans for word in re.findall(r"\w+", one))}


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_page_describes_every_key_and_word_of_every_schema(name):
    words = named(schema(name)) - {None}
    assert len(words) > 10
    assert sorted(words - described(PAGE)) == []


def test_a_key_that_the_page_names_only_in_plain_words_is_missed():
    assert "kept" in described("`came` and `kept`") - described("what was kept, in `kept.csv`")


def test_the_verb_writes_whole_files_and_refuses_what_is_no_folder(tmp_path):
    run = inside("export", "million_medical", "--cases", "5", "-o", "out", cwd=tmp_path)
    assert run.returncode == 0
    assert disagreements(tmp_path / "out") == []
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused = inside("export", "million_medical", "--cases", "5", "-o", "file", cwd=tmp_path)
    assert (refused.returncode, "expected a folder" in refused.stderr) == (2, True)
    unknown = inside("export", "million_medicine", cwd=tmp_path)
    assert unknown.returncode == 2


def test_a_folder_is_rid_of_an_earlier_export_and_keeps_what_is_another_s(tmp_path):
    """What is left of the same product goes; a changed file, another product's export stay."""
    first = export(shipped("million_medical"), 5, 1)
    more = first.manifest["files"] + [
        {"file": f"values/{name}.csv", "bytes": 3, "sha256": hashlib.sha256(b"old").hexdigest()}
        for name in ("old", "mine")
    ]
    manifest = json.dumps(first.manifest | {"files": more}).encode()
    folder = write(replace(first, files=first.files | {"manifest.json": manifest}), tmp_path)
    (folder / "values").mkdir()
    (folder / "values" / "old.csv").write_bytes(b"old")
    (folder / "values" / "mine.csv").write_bytes(b"my own")
    write_export(first, check_folder(folder, "million_medical"))
    assert [path.name for path in (folder / "values").iterdir()] == ["mine.csv"]
    assert disagreements(folder) == []
    with pytest.raises(BadInput, match="expected a folder for home, got an export of million_med"):
        check_folder(folder, "home")
