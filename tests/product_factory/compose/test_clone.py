"""A new product stands on a shelf of its own and is its parent until something is written."""

import pytest

from product_factory.assemble import assemble
from product_factory.compose.clone import clone, home_of
from product_factory.compose.shape import SHAPES
from product_factory.errors import BadInput, BadValue
from product_factory.shelf import Shelf, installed, open_shelf
from tests.product_factory.compose.branches import BRANCHES
from tests.product_factory.shelves import LANGUAGE, write
from tests.source_tree import ROOT


def made(source, parent, name, root):
    files = list(clone(source, parent, name, root))
    for path, content in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return [path.relative_to(root).as_posix() for path, _ in files]


@pytest.fixture
def source(tmp_path):
    return open_shelf(write(tmp_path / "source", BRANCHES))


def test_the_shelf_of_a_clone_stands_by_itself(tmp_path, source):
    root = tmp_path / "mine"
    files = made(source, "repair_north", "repair_far", root)
    assert {"repair_far/product.yaml", "repair/bases.yaml", "repair_north/product.yaml"} <= set(
        files
    )
    assert not any(file.startswith("short_life") for file in files)
    clone_, parent = (
        assemble(open_shelf(root), name, LANGUAGE) for name in ("repair_far", "repair_north")
    )
    assert clone_.covers == parent.covers
    assert clone_.inputs == parent.inputs


def test_on_a_shelf_that_holds_the_parent_only_the_product_is_written(source):
    assert made(source, "repair", "another", source.root) == ["another/product.yaml"]


def test_the_parent_is_taken_from_the_shelf_that_is_written_to_if_it_is_there(source, tmp_path):
    assert home_of("repair", source.root).root == source.root
    assert home_of("term_life", tmp_path / "new").root == installed()


@pytest.mark.parametrize(
    ("parent", "name", "error", "told"),
    [
        ("repair", "a b", BadValue, "expected a word of letters, digits and _ as name, got a b"),
        ("repair", "modules", BadValue, "as name, got modules"),
        ("repair", "repair_north", BadInput, "this product is there already"),
        ("repairs", "new", BadInput, "unknown product 'repairs'; did you mean 'repair'?"),
        ("repair+cold", "new", BadValue, "expected a product without overlays, got repair\\+cold"),
    ],
)
def test_what_cannot_be_made_is_told(source, parent, name, error, told):
    with pytest.raises(error, match=told):
        list(clone(source, parent, name, source.root))


@pytest.mark.parametrize("name", ["repair_north", "repair"])
def test_a_product_cannot_take_the_name_of_what_it_extends(source, tmp_path, name):
    """Written, it would extend itself, and no product of its shelf could be read any more."""
    with pytest.raises(BadValue, match=f"got {name}: a product cannot extend itself"):
        list(clone(source, "repair_north", name, tmp_path / "mine"))


def test_the_installed_shelf_is_read_only():
    with pytest.raises(BadInput, match="the installed shelf is read-only"):
        list(clone(Shelf(installed()), "term_life", "mine", installed()))


def test_the_page_on_composing_names_every_file_that_is_merged():
    page = (ROOT / "docs" / "composing.md").read_text("utf-8")
    assert [stem for stem in SHAPES if f"`{stem}.yaml`" not in page] == []
