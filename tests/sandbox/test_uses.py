"""Who reads a parameter: modules, products, rules, and clauses by way of the terms they print."""

import shutil

import pytest

import cli
from product_factory.assemble import assemble
from product_factory.errors import BadInput
from product_factory.shelf import installed, open_shelf
from sandbox.uses import uses, uses_lines, uses_told

GRACE = "cn.life.grace_min"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A shelf of one product that sets its period of grace by the parameter."""
    root = tmp_path_factory.mktemp("shelf") / "products"
    shutil.copytree(installed(), root)
    for folder in root.glob("*/product.yaml"):
        if folder.parent.name != "term_life":
            shutil.rmtree(folder.parent)
    file = root / "term_life/product.yaml"
    old = "as: grace}"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, f"as: grace, set: {{grace: {GRACE}}}}}"), encoding="utf-8")
    return open_shelf(root)


def found(shelf, name):
    products = [assemble(shelf, one, cli.language()) for one in shelf.products()]
    return uses(shelf, name, products)


def told(shelf, name):
    return {(use.kind, use.reader, use.part, use.through) for use in found(shelf, name)}


def test_each_reader_of_a_parameter_is_named_with_what_it_reads_it_by(shelf):
    assert told(shelf, GRACE) >= {
        ("module", "life/grace_and_reinstatement", "terms.grace.min", ()),
        ("product", "term_life", "provisions.grace.terms.grace", ()),
        ("rule", "cn/grace", "check", ()),
        ("rule", "cn/grace", "says", ()),
        ("clause", "zh/premium/grace", "prints it", ("grace",)),
    }


def test_each_reader_stands_where_it_says(shelf):
    for use in found(shelf, GRACE):
        if use.kind != "clause":
            lines = (shelf.root.parent / use.at.file).read_text(encoding="utf-8").split("\n")
            column = 0 if use.part == "says" else use.at.column - 1
            assert use.part == "says" or lines[use.at.line - 1][column:].startswith(GRACE)


def test_a_module_that_no_product_uses_reads_too(shelf):
    idle = shelf.root / "modules/life/idle.yaml"
    module = (shelf.root / "modules/life/free_look.yaml").read_text(encoding="utf-8")
    idle.write_text(module.replace("life/free_look", "life/idle"), encoding="utf-8")
    found_now = told(open_shelf(shelf.root), "cn.health.free_look_min")
    idle.unlink()
    assert ("module", "life/idle", "terms.free_look.min", ()) in found_now


def test_what_an_engine_reads_for_a_rule_is_named(shelf):
    assert ("rule", "minimum_cash_value", "computed for it", ()) in told(
        shelf, "cn.life.minimum_value_share"
    )


def test_a_table_is_read_by_bases_and_by_what_is_computed_for_rules(shelf):
    kinds = {use.kind for use in found(shelf, "minimum_value_loading")}
    assert kinds == {"basis", "rule"}


def test_a_name_that_is_neither_is_told_with_the_nearest(shelf):
    with pytest.raises(BadInput) as raised:
        found(shelf, "cn.life.grace_mim")
    assert str(raised.value) == (
        "products: unknown parameter or table 'cn.life.grace_mim'; "
        "did you mean 'cn.life.grace_min'?"
    )


def test_it_is_told_in_lines_and_in_json(shelf):
    made = found(shelf, GRACE)
    lines = uses_lines(GRACE, made)
    assert lines[0] == f"{GRACE}: read in {len(made)} places"
    assert max(map(len, lines)) <= 80
    assert uses_lines(GRACE, ()) == [f"{GRACE}: nothing reads it"]
    assert uses_told(GRACE, made)["uses"][0].keys() == {
        "kind", "reader", "part", "at", "through", "products",
    }  # fmt: skip
