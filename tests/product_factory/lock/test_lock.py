"""A lock holds the hashes of everything; what drifts is named, by file and by value."""

import dataclasses
import json

import pytest

from product_factory.errors import BadInput
from product_factory.lock.drift import drifts
from product_factory.lock.lock import WordingLock, lock_path, make_lock, read_lock
from product_factory.rules.effective import with_rules
from product_factory.shelf import open_shelf
from tests.product_factory.shelves import FILES, altered, made, write

WORDING = {"zh": WordingLock({"benefits/repair": "a1"}, "b2")}
ENGINES = {"collective": 1}


def locked(tmp_path, files=FILES, wording=WORDING, engines=ENGINES):
    return make_lock(made(tmp_path, "repair", files), engines, wording)


def drifted(tmp_path, files=FILES, wording=WORDING, engines=ENGINES):
    before = locked(tmp_path / "before")
    now = locked(tmp_path / "now", files, wording, engines)
    values = with_rules(made(tmp_path / "now", "repair", files))
    return [(one.what, one.name, one.says) for one in drifts(before, now, values)]


def test_a_lock_reads_back_as_it_was_written(tmp_path):
    lock = locked(tmp_path)
    shelf = open_shelf(write(tmp_path))
    lock_path(shelf, "repair").write_text(lock.text(), encoding="utf-8")
    assert read_lock(shelf, "repair") == lock
    assert read_lock(shelf, "short_life") is None


def test_the_text_of_a_lock_is_sorted_and_ends_in_one_line_end(tmp_path):
    text = locked(tmp_path).text()
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def test_a_lock_names_the_files_that_are_used_and_no_others(tmp_path):
    assert list(locked(tmp_path).files) == [
        "modules/gadget/repair.yaml",
        "modules/gadget/wilful.yaml",
        "parameters/cn.yaml",
        "processes/breakage.yaml",
        "repair/bases.yaml",
        "repair/claims.yaml",
        "repair/product.yaml",
        "repair/tables/frequency.csv",
    ]


def test_nothing_has_drifted_from_a_lock_just_made(tmp_path):
    assert drifted(tmp_path) == []


@pytest.mark.parametrize(
    ("file", "change", "expected"),
    [
        ("repair/product.yaml", ("share: 90%", "share: 80%"), [
            ("file", "repair/product.yaml", "changed"),
            ("value", "covers.repair.terms.share", "benefit changed: 90% → 80%")]),
        ("repair/tables/frequency.csv", ("0.2", "0.3"), [
            ("file", "repair/tables/frequency.csv", "changed"),
            ("value", "tables.frequency.frequency", "price changed: other cells")]),
        ("parameters/cn.yaml", ("is: 60 days", "is: 61 days"), [
            ("file", "parameters/cn.yaml", "changed"),
            ("value", "parameters.cn.longest_notice", "rule changed: 60 days → 61 days")]),
        ("repair/claims.yaml", ('"540.00"', '"541.00"'), [
            ("file", "repair/claims.yaml", "changed"),
            ("value", "claims.手机跌落.expect[0].amount", "metadata changed: 540.00 → 541.00")]),
        ("repair/product.yaml", ("    optional: yes\n", ""), [
            ("file", "repair/product.yaml", "changed"),
            ("value", "items.tablet.optional", "benefit removed: yes")]),
        ("modules/gadget/repair.yaml", ("\nclauses:", "\ndefines: [维修]\nclauses:"), [
            ("file", "modules/gadget/repair.yaml", "changed"),
            ("value", "covers.repair.defines", "wording added: [维修]")]),
    ],
)  # fmt: skip
def test_what_drifted_is_named_by_file_and_by_value(tmp_path, file, change, expected):
    assert drifted(tmp_path, altered(file, change)) == expected


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("repair/product.yaml", ("line: property", "line: property  # a note")),
        ("parameters/cn.yaml", ("18: 160%", "18: 170%")),  # of a parameter that nothing reads
        ("repair/tables/frequency.csv", ("new,0.05\nused,0.2\n", "used,0.20\nnew,0.05\n")),
        ("tables/death_rate.csv", ("0.0006", "0.0007")),  # of another product's table
    ],
)
def test_what_the_product_does_not_read_and_layout_are_no_drift(tmp_path, file, change):
    assert drifted(tmp_path, altered(file, change)) == []


def test_engines_wording_and_version_drift_too(tmp_path):
    wording = {"zh": WordingLock({"benefits/repair": "a2", "new": "c"}, "b3")}
    files = altered("repair/product.yaml", ("version: 1.0.0", "version: 1.1.0"))
    assert drifted(tmp_path, files, wording, {"collective": 2}) == [
        ("lock", "version", "changed: 1.0.0 → 1.1.0"),
        ("file", "repair/product.yaml", "changed"),
        ("value", "version", "metadata changed: 1.0.0 → 1.1.0"),
        ("engine", "collective", "changed: 1 → 2"),
        ("wording zh", "benefits/repair", "changed"),
        ("wording zh", "new", "is new"),
        ("wording", "zh", "the trace of its figures changed"),
    ]


def test_a_language_that_comes_or_goes_is_named(tmp_path):
    english = {"en": WordingLock({}, "")}
    assert drifted(tmp_path, wording=english) == [
        ("wording", "en", "is new"),
        ("wording", "zh", "is gone"),
    ]


def test_an_engine_and_a_file_that_go_are_named(tmp_path):
    before = locked(tmp_path)
    now = dataclasses.replace(before, engines={}, files={})
    values = with_rules(made(tmp_path, "repair"))
    found = {(one.what, one.says) for one in drifts(before, now, values)}
    assert found == {("engine", "is gone"), ("file", "is gone")}


SHAPE = "products/repair/lock.json: expected what 'covercast lock' writes, got another shape"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "products/repair/lock.json:1:2: this is not JSON"),
        ("{}", SHAPE),
        ("[" * 100_000, SHAPE),
        ('{"format": "1"}', SHAPE),
    ],
)
def test_a_lock_that_was_not_written_so_is_told(tmp_path, text, says):
    shelf = open_shelf(write(tmp_path))
    lock_path(shelf, "repair").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        read_lock(shelf, "repair")
    assert str(raised.value) == says


def test_the_hash_of_filed_rates_is_that_of_their_rows_as_filed(tmp_path):
    columns = "{grade: {key: exact}, rate: {type: number}}"
    head = f"# title: T\n# source: s\n# status: built\n# columns: {columns}\n"
    table = head + "# inputs: %s\ngrade,rate\nnew,%s\nused,0.2\n"
    name = "repair/tables/built/rate.csv"
    one, other, filed = (
        locked(tmp_path / str(n), FILES | {name: text}).built["rate"]
        for n, text in enumerate(
            (table % ("x", "0.10"), table % ("y", "0.10"), table % ("x", "0.1"))
        )
    )
    assert one == other  # what it was built from is no rate
    assert one != filed  # 0.10 and 0.1 are filed otherwise
