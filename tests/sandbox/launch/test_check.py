"""Check: every product of a shelf is judged, and one that cannot be read is told like any other."""

from pathlib import Path

import pytest

import cli
from product_factory.errors import BadValue
from product_factory.shelf import find_products, installed, open_shelf
from sandbox.launch.check import CheckOptions, check_shelf


@pytest.fixture
def shelf(tmp_path):
    """A copy of the shelf that a test may break."""
    import shutil

    shutil.copytree(installed(), tmp_path / "products")
    return tmp_path / "products"


def checked(root, *names):
    opened = open_shelf(root)
    return check_shelf(opened, names or opened.products(), cli.language(), CheckOptions())


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_shelf_that_ships_is_good():
    found = checked(installed())
    assert [one.product for one in found] == list(open_shelf(installed()).products())
    assert [one.code for one in found] == [0] * len(found)


def test_everything_that_is_judged_is_named():
    (home,) = checked(installed(), "home")
    sources = {judged.source for judged in home.judged}
    assert sources == {"input", "table", "quote", "claim", "gate", "rule"}
    names = [(judged.source, judged.name) for judged in home.judged]
    assert len(set(names)) == len(names)


def test_a_product_that_cannot_be_read_does_not_hide_the_others(shelf):
    edit(shelf / "home" / "product.yaml", "currency: CNY", "curency: CNY")
    found = {one.product: one for one in checked(shelf)}
    assert found["home"].code == 2
    assert {finding.source for finding in found["home"].findings} == {"input"}
    assert "unknown key 'curency'; did you mean 'currency'?" in str(found["home"].findings[-1])
    assert found["term_life"].code == 0


def test_a_wrong_quote_is_a_finding_of_that_quote(shelf):
    edit(shelf / "home" / "quotes.yaml", "923.44", "923.45")
    (home,) = checked(shelf, "home")
    assert home.code == 1
    (finding,) = home.findings
    assert finding.source == "quote"
    (judged,) = [judged for judged in home.judged if list(home.of(judged))]
    assert judged.source == "quote"


def test_a_stale_rate_table_is_a_finding_with_what_to_run(shelf):
    edit(shelf / "term_life" / "bases.yaml", "interest: 2.0%", "interest: 1.75%")
    (term,) = checked(shelf, "term_life")
    assert term.code == 1
    assert "run: covercast build term_life" in str(term.findings[0])


def test_products_are_named_by_folder_or_by_path(shelf):
    assert find_products(["home"], shelf)[1] == ("home",)
    opened, names = find_products([str(shelf / "home"), str(shelf / "term_life")])
    assert (opened.root, names) == (shelf, ("home", "term_life"))
    assert find_products([], shelf, every=True)[1] == open_shelf(shelf).products()


@pytest.mark.parametrize("every", [True, False])
def test_naming_nothing_or_both_is_told(shelf, every):
    with pytest.raises(BadValue, match="expected the names of products, or --all"):
        find_products(["home"] if every else [], shelf, every=every)


def test_paths_into_two_shelves_are_refused(shelf):
    paths = [str(shelf / "home"), str(installed() / "home")]
    with pytest.raises(BadValue, match="expected products of one shelf"):
        find_products(paths)
