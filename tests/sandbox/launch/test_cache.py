"""An unchanged product is not judged again, and one of which anything has changed always is."""

import sys
from pathlib import Path

import pytest

import cli
from product_factory.shelf import open_shelf
from sandbox.launch import cache as caches
from sandbox.launch import check as checks
from sandbox.launch.cache import open_cache
from sandbox.launch.check import CheckOptions, check_shelf
from tests.benchmarks.shelf_workload import generate

NAMES = ("home_000", "term_life_001")
OPTIONS = "None definition"


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A shelf of two products, checked once, with the cache of that."""
    folder = tmp_path_factory.mktemp("grown")
    root = generate(folder / "products", products=4, modules=20)
    return root, folder / "cache", run(root, folder / "cache")


def run(root, cache, names=NAMES):
    options = CheckOptions(examples=False, cache=cache)
    return check_shelf(open_shelf(root), names, cli.language(), options)


def known(root, cache) -> set[str]:
    """The products that need not be judged again."""
    shelf = open_shelf(root)
    opened = open_cache(cache, shelf)
    return {name for name in NAMES if opened.find(shelf, name, OPTIONS) is not None}


@pytest.fixture
def judged(monkeypatch):
    """The names of the products that are judged, as they are."""
    seen = []
    real = checks.check_named
    monkeypatch.setattr(
        checks,
        "check_named",
        lambda shelf, name, *rest: seen.append(name) or real(shelf, name, *rest),
    )
    return seen


def test_an_unchanged_product_is_not_judged_again_and_told_the_same(grown, judged):
    root, cache, first = grown
    assert [one.code for one in first] == [0, 0]
    assert run(root, cache) == first
    assert judged == []


def test_another_question_is_judged_anew(grown, judged):
    root, cache, _ = grown
    check_shelf(open_shelf(root), NAMES[:1], cli.language(), CheckOptions(cache=cache))
    assert judged == [NAMES[0]]


def test_every_file_that_is_opened_is_among_those_that_an_entry_holds(grown, tmp_path):
    """The audit hook sees what Python opens, whoever asks for it."""
    root, _, _ = grown
    opened: set[Path] = set()
    watching = True

    def hook(event, arguments):
        if watching and event == "open" and str(arguments[0]).startswith(str(root)):
            opened.add(Path(arguments[0]))

    sys.addaudithook(hook)
    options = CheckOptions(cache=tmp_path)
    check_shelf(open_shelf(root), NAMES, cli.language(), options)
    watching = False
    stored = open_cache(tmp_path, open_shelf(root)).stored
    held = {root / file for entry in stored.values() for file in entry.reads}
    assert {path for path in opened if path.is_file()} == held
    assert len(held) > 40


def test_a_change_of_any_file_that_was_read_is_judged_again(grown):
    """Every file in turn: one byte more, and exactly the products that read it are not known."""
    root, cache, _ = grown
    stored = open_cache(cache, open_shelf(root)).stored
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        file = path.relative_to(root).as_posix()
        readers = {key.split()[0] for key, entry in stored.items() if file in entry.reads}
        before = path.read_bytes()
        path.write_bytes(before + b"#")
        assert known(root, cache) == set(NAMES) - readers, file
        path.write_bytes(before)
    assert known(root, cache) == set(NAMES)


@pytest.mark.parametrize(
    "folder", ["modules/life", "tables", "rules/cn", "parameters", "processes", "home_000/tables"]
)
def test_a_file_that_comes_or_goes_is_judged_again(grown, folder):
    root, cache, _ = grown
    new = root / folder / "new.yaml"
    new.write_text("x: 1\n", encoding="utf-8")
    assert NAMES[0] not in known(root, cache)
    new.unlink()
    old = min(path for path in (root / folder).iterdir() if path.is_file())
    content = old.read_bytes()
    old.unlink()
    assert NAMES[0] not in known(root, cache)
    old.write_bytes(content)
    assert known(root, cache) == set(NAMES)


def test_a_product_beside_may_change_and_come(grown):
    root, cache, _ = grown
    (root / "home_002" / "product.yaml").write_text("broken", encoding="utf-8")
    (root / "another").mkdir(exist_ok=True)
    (root / "another" / "product.yaml").write_text("x: 1\n", encoding="utf-8")
    assert known(root, cache) == set(NAMES)


def test_other_code_judges_anew(grown, monkeypatch):
    root, cache, _ = grown
    monkeypatch.setattr(caches, "code", lambda: "another")
    assert known(root, cache) == set()


def test_the_code_is_every_file_of_the_house(monkeypatch, tmp_path):
    for source in caches.SOURCES:
        (tmp_path / source).mkdir()
    (tmp_path / "cli.py").write_text("", encoding="utf-8")
    part = tmp_path / "clause_templates" / "zh.md"
    monkeypatch.setattr(caches, "HOUSE", tmp_path)
    told = []
    for text in ("a", "b"):
        part.write_text(text, encoding="utf-8")
        caches.code.cache_clear()
        told.append(caches.code())
    caches.code.cache_clear()
    assert told[0] != told[1]


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"code": 1}', b"\xff"])
def test_a_broken_cache_is_an_empty_one(grown, tmp_path, content):
    root, cache, first = grown
    (file,) = cache.iterdir()
    (tmp_path / file.name).write_bytes(content)
    assert open_cache(tmp_path, open_shelf(root)).stored == {}
    assert run(root, tmp_path) == first


def test_a_cache_that_cannot_be_written_costs_only_time(grown, tmp_path):
    root, _, first = grown
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert run(root, blocked / "cache") == first


def test_what_cannot_be_read_is_never_kept(grown, tmp_path, judged):
    root, _, _ = grown
    for _ in range(2):
        (one,) = run(root, tmp_path, ("nowhere",))
        assert one.code == 2
    assert judged == ["nowhere", "nowhere"]


def test_what_stands_behind_a_linked_folder_is_never_kept(grown, tmp_path):
    root, _, _ = grown
    link = root / "modules" / "linked"
    link.symlink_to(tmp_path, target_is_directory=True)
    try:
        run(root, tmp_path / "cache")
        assert known(root, tmp_path / "cache") == set()
    finally:
        link.unlink()
