"""`diff --book` as a user runs it: codes, what is told, what is refused."""

import json
import shutil

import pytest

from product_factory.shelf import installed
from tests.the_command import inside

HEAD = "id,city,construction,deductible,building.value,building.sum_insured\n"
ROWS = (
    "a,hangzhou,brick_concrete,500,1000000,1000000\n"
    "b,xiamen,reinforced_concrete,1000,2000000,1500000\n"
    "c,zhuhai,brick_wood,500,500000,500000\n"
)


@pytest.fixture
def place(tmp_path):
    """A shelf of one's own whose home charges less for a deductible, and a book."""
    shutil.copytree(installed(), tmp_path / "new" / "products")
    table = tmp_path / "new" / "products" / "home" / "tables" / "deductible_factor.csv"
    text = table.read_text("utf-8")
    assert "1000,0.97" in text
    table.write_text(text.replace("1000,0.97", "1000,0.90"), encoding="utf-8")
    (tmp_path / "book.csv").write_text(HEAD + ROWS, encoding="utf-8")
    return tmp_path


def diff(place, *arguments, new="new/products/home"):
    return inside("diff", "home", new, *arguments, cwd=place)


def test_a_book_is_rated_under_both_and_the_change_is_told(place):
    run = diff(place, "--book", "book.csv", "-o", "out")
    assert run.returncode == 1, run.stderr
    assert "rows 3: both 3, only old 0, only new 0, neither 0" in run.stdout
    assert "tables.deductible_factor" in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 80
    rated = inside("rate", "home", "book.csv", "-o", "old.csv", "--json", cwd=place)
    assert json.loads(rated.stdout)["rated"] == 3
    told = json.loads((place / "out" / "impact.json").read_text("utf-8"))
    assert [case["kept"] for case in told["falls"]] == [{"id": "b"}]
    assert (place / "out" / "report.html").is_file()
    assert json.loads(diff(place, "--book", "book.csv", "--json").stdout) == told


def test_without_a_change_the_exit_is_good(place):
    run = diff(place, "--book", "book.csv", new="home")
    assert run.returncode == 0
    assert "no change of the tariff moves a premium" in run.stdout
    assert "mean of their changes +0.00%" in run.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--cap", "10%"], "--cap: expected together with --book"),
        (["-o", "out"], "-o: expected together with --book"),
        (["--book", "none.csv"], "none.csv: there is no such file"),
        (["--book", "book.csv", "--cap", "ten"], "--cap: expected a share such as 10%"),
        (["--book", "book.csv", "--order", "tables.fire"], "--order tables.fire: expected a part"),
        (["--book", "book.csv", "--keep", "agent"], "unknown column 'agent' to keep"),
        (["--book", "book.csv", "--format", "markdown"], "expected with --format text or json"),
        (["--book", "short.csv"], "old home: expected the column 'construction'"),
    ],
)
def test_bad_input_is_told_and_nothing_is_left(place, arguments, told):
    (place / "short.csv").write_text("city\nxiamen\n", encoding="utf-8")
    run = diff(place, *arguments)
    assert run.returncode == 2
    assert told in run.stderr
    assert not run.stdout
    assert not (place / "out").exists()


def test_a_folder_of_products_and_a_version_that_is_none_are_told(place):
    run = diff(place, "--book", "book.csv", new="new")
    assert run.returncode == 2
    assert "expected one product to rate the book under, got a folder of" in run.stderr
    run = diff(place, "--book", "book.csv", new="home@1.0.0")
    assert run.returncode == 2
    assert "has no published version 1.0.0" in run.stderr


def test_a_published_version_is_rated_from_the_files_that_it_keeps(place):
    shelf = place / "new" / "products"
    for verb in (["lock", "home"], ["publish", "home", "--on", "2026-03-01"]):
        assert inside(*verb, "--shelf", str(shelf), cwd=place).returncode == 0
    table = shelf / "home" / "tables" / "deductible_factor.csv"
    table.write_text(table.read_text("utf-8").replace("0.90", "0.97"), encoding="utf-8")
    run = inside(
        "diff", "home@2026.1.0", "home", "--shelf", str(shelf), "--book", "book.csv", "--json",
        cwd=place,
    )  # fmt: skip
    told = json.loads(run.stdout)
    back = json.loads(diff(place, "--book", "book.csv", "--json").stdout)
    assert back["premium"]["change"] == 0  # both have the old factor again
    assert told["premium"]["change"] > 0
    assert [step["parts"] for step in told["steps"]] == [["tables.deductible_factor"]]
