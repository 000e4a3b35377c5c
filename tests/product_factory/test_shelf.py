"""What is opened and what is not: a shelf is untrusted input."""

from pathlib import Path

import pytest

from product_factory import shelf as shelf_module
from product_factory.errors import BadInput
from product_factory.nodes import MAX_CHARACTERS, MAX_NODES, MAX_SCALAR, read_nodes
from product_factory.shelf import installed, open_shelf
from tests.product_factory.shelves import FILES, LANGUAGE, altered, assemble, made, write

PRODUCT = "repair/product.yaml"


def said(folder, files=FILES, product="repair"):
    with pytest.raises(BadInput) as raised:
        made(folder, product, files)
    return str(raised.value)


def test_an_empty_file_is_no_document(tmp_path):
    expected = "products/repair/product.yaml: expected a document, got an empty file"
    assert said(tmp_path, FILES | {PRODUCT: ""}) == expected
    assert said(tmp_path, FILES | {PRODUCT: "# nothing\n"}) == expected


def test_another_encoding_is_told_by_line(tmp_path):
    root = write(tmp_path)
    text = FILES[PRODUCT].encode("gb18030")
    (root / PRODUCT).write_bytes(text)
    with pytest.raises(BadInput) as raised:
        assemble(open_shelf(root), "repair", LANGUAGE)
    assert str(raised.value) == "products/repair/product.yaml:3:1: expected text in UTF-8"


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    text = FILES[PRODUCT] + "#" * 4 * MAX_CHARACTERS
    size = len(text.encode())
    expected = f"products/repair/product.yaml: expected at most 4000000 bytes, got {size}"
    assert said(tmp_path, FILES | {PRODUCT: text}) == expected


def test_a_text_with_too_many_characters_is_not_parsed():
    with pytest.raises(BadInput, match=f"x: expected at most {MAX_CHARACTERS} characters in a fi"):
        read_nodes("#" * (MAX_CHARACTERS + 1), "x")


def test_one_value_has_at_most_so_many_characters():
    with pytest.raises(BadInput, match=f"x:1:4: expected at most {MAX_SCALAR} characters, got"):
        read_nodes("a: " + "b" * (MAX_SCALAR + 1), "x")


def test_aliases_are_counted_by_what_they_stand_for():
    """Billion laughs: nine lines of nine aliases each would be 9^9 values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    with pytest.raises(BadInput, match=rf"expected at most {MAX_NODES} values|at most 100 aliases"):
        read_nodes("\n".join(lines), "x")


def test_an_anchor_cannot_stand_for_what_holds_it():
    with pytest.raises(BadInput, match=r"x:1:8: unknown anchor 'a'"):
        read_nodes("a: &a [*a]", "x")


def test_a_missing_file_is_told_by_its_path(tmp_path):
    files = {name: text for name, text in FILES.items() if name != "repair/bases.yaml"}
    assert said(tmp_path, files) == "products/repair/bases.yaml: there is no such file"


def test_an_unknown_product_is_told_with_the_nearest(tmp_path):
    text = "products: unknown product 'repairs'; did you mean 'repair'?"
    assert said(tmp_path, product="repairs") == text


def test_an_unknown_file_beside_a_product_is_an_error(tmp_path):
    text = "products/repair/claim.yaml: unknown file 'claim.yaml'; did you mean 'claims.yaml'?"
    assert said(tmp_path, FILES | {"repair/claim.yaml": "[]"}) == text


@pytest.mark.parametrize("name", [PRODUCT, "modules/gadget/repair.yaml", "tables/death_rate.csv"])
def test_a_link_out_of_the_shelf_is_not_followed(tmp_path, name):
    root = write(tmp_path)
    outside = tmp_path / "outside"
    outside.write_text(FILES[name], encoding="utf-8")
    (root / name).unlink()
    (root / name).symlink_to(outside)
    with pytest.raises(BadInput) as raised:
        assemble(open_shelf(root), "repair", LANGUAGE)
    assert str(raised.value) == f"products/{name}: expected a path inside the shelf"


def test_a_module_outside_of_the_shelf_cannot_be_named(tmp_path):
    files = altered(PRODUCT, ("gadget/repair@^1", "../../gadget/repair@^1"))
    assert said(tmp_path, files) == (
        "products/repair/product.yaml:28:11: covers[0].use: expected a name with its version, "
        "such as life/surrender@^1, got ../../gadget/repair@^1"
    )


def test_a_path_out_of_the_shelf_is_refused(tmp_path):
    shelf = open_shelf(write(tmp_path))
    with pytest.raises(BadInput, match="expected a path inside the shelf"):
        shelf.path("..", "secret")


def test_a_folder_that_is_none_holds_no_shelf(tmp_path):
    with pytest.raises(BadInput, match="expected a folder that holds products"):
        open_shelf(tmp_path / "nowhere")


def test_the_installed_shelf_lists_its_products():
    assert {"home", "term_life"} <= set(open_shelf(installed()).products())


def test_the_shelf_of_an_installed_package_is_only_read(monkeypatch):
    there = Path("lib/site-packages/products")
    monkeypatch.setattr(shelf_module, "installed", lambda: there)
    with pytest.raises(BadInput) as told:
        shelf_module.to_be_written(there)
    assert str(told.value) == (
        "products: the installed shelf is only read; "
        "start one of your own: covercast new, or --shelf"
    )
    shelf_module.to_be_written(Path("mine/products"))
