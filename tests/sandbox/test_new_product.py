"""A new product appears whole or not at all, and what goes on is told."""

import pytest

from product_factory.shelf import NOT_PRODUCTS
from sandbox.new_product import new_product
from tests.the_command import inside


def test_a_stop_while_tables_are_built_leaves_no_half_product(tmp_path):
    shelf = tmp_path / "my"

    def stopped(made):
        assert (made / "mine" / "product.yaml").is_file()
        assert made.name == "my", "messages name the shelf as they always do"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        new_product("mine", "home", shelf, stopped, lambda _: None)
    assert list(shelf.iterdir()) == []

    made = inside("new", "mine", "--from", "home", "--shelf", str(shelf))
    assert made.returncode == 0
    assert made.stderr.splitlines()[1] == (
        "... building rate tables; the first time this may take half a minute"
    )
    assert {path.name for path in shelf.iterdir()} <= {"mine", "home", *NOT_PRODUCTS}
    assert inside("check", "mine", "--shelf", str(shelf), "--no-cache").returncode == 0


def test_a_second_product_stands_beside_the_first_and_takes_what_the_shelf_has(tmp_path):
    shelf = tmp_path / "my"
    assert inside("new", "mine", "--from", "home", "--shelf", str(shelf)).returncode == 0
    module = shelf / "modules/property/fire.yaml"
    module.write_text(module.read_text("utf-8") + "# ours\n", "utf-8")
    seen = []
    new_product("second", "mine", shelf, seen.append, seen.append)
    assert seen[0] == "reading the shelf"
    assert (shelf / "second" / "product.yaml").is_file()
    assert module.read_text("utf-8").endswith("# ours\n")
    again = inside("new", "second", "--from", "mine", "--shelf", str(shelf))
    assert (again.returncode, again.stderr) == (2, "my/second: this product is there already\n")
