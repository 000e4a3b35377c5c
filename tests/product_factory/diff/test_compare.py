"""Two products compared: what differs, of what kind, where; and nothing where nothing does."""

import json

import pytest

from product_factory.diff.compare import compare
from product_factory.diff.told import (
    difference_lines,
    difference_markdown,
    difference_told,
    summary,
)
from tests.product_factory.shelves import FILES, altered, made

PRODUCT = "repair/product.yaml"
TABLE = "repair/tables/frequency.csv"


def difference(tmp_path, files, product="repair"):
    before = made(tmp_path / "old", product).effective
    return compare(before, made(tmp_path / "new", product, files).effective)


def told(found):
    return [(c.kind, c.how, c.path, c.old, c.new) for c in found.changes]


def test_a_product_does_not_differ_from_itself(tmp_path):
    found = difference(tmp_path, FILES)
    assert found.changes == ()
    assert found.foremost is None
    assert difference_lines(found) == ["repair 1.0.0 → repair 1.0.0: nothing differs"]


@pytest.mark.parametrize(
    ("file", "change", "expected"),
    [
        (PRODUCT, ("share: 90%", "share: 80%"),
         ("benefit", "changed", "covers.repair.terms.share", "90%", "80%")),
        (PRODUCT, ("en: Repair}", "en: Repairs}"),
         ("wording", "changed", "title.en", "Repair", "Repairs")),
        (PRODUCT, ("version: 1.0.0", "version: 1.0.1"),
         ("metadata", "changed", "version", "1.0.0", "1.0.1")),
        (PRODUCT, ("channel: internet", "channel: agent"),
         ("rule", "changed", "channel", "internet", "agent")),
        (PRODUCT, ("    optional: yes\n", ""),
         ("benefit", "removed", "items.tablet.optional", "yes", "")),
        ("repair/bases.yaml", ("loading: 30%", "loading: 31%"),
         ("price", "changed", "bases.pricing.loading", "30%", "31%")),
        ("modules/gadget/repair.yaml", ("each: item}", "each: item, when: {item: phone}}"),
         ("benefit", "added", "covers.repair.pays.adjust.limit.when", "", "item = phone")),
        (PRODUCT, ("items: [phone, tablet]", "items: [tablet, phone]"),
         ("benefit", "changed", "covers.repair.items", "[phone, tablet]", "[tablet, phone]")),
    ],
)  # fmt: skip
def test_a_change_is_told_by_kind_path_and_both_values(tmp_path, file, change, expected):
    assert expected in told(difference(tmp_path, altered(file, change)))


def test_a_change_knows_both_places(tmp_path):
    files = altered(PRODUCT, ("share: 90%", "share: 80%"))
    (one,) = difference(tmp_path, files | {}).changes
    line = next(n for n, text in enumerate(FILES[PRODUCT].split("\n"), 1) if "share: 90%" in text)
    assert (one.old_at.line, one.new_at.line) == (line, line)
    assert one.old_at.file == f"products/{PRODUCT}"


def test_changes_stand_from_what_moves_money_to_what_moves_nothing(tmp_path):
    files = altered(PRODUCT, ("share: 90%", "share: 80%"), ("version: 1.0.0", "version: 2.0.0"))
    files |= {"repair/bases.yaml": FILES["repair/bases.yaml"].replace("30%", "31%")}
    found = difference(tmp_path, files)
    assert [c.kind for c in found.changes] == ["price", "price", "benefit", "metadata"]
    assert summary(found) == "price 2, benefit 1, metadata 1"
    assert found.foremost == "price"


def test_a_table_tells_how_many_cells_moved_and_which_moved_most(tmp_path):
    files = altered("tables/death_rate.csv", ("0.001\n", "0.002\n"), ("0.004\n", "0.005\n"))
    found = difference(tmp_path, files, "short_life")
    (one,) = (c for c in found.changes if c.moves is not None)
    assert (one.kind, one.path) == ("price", "tables.death_rate.q")
    assert (one.moves.cells, one.moves.moved) == (4, 2)
    assert [(m.keys, m.old, m.new) for m in one.moves.largest] == [
        ("attained_age 18 to 40, sex M", "0.001", "0.002"),
        ("attained_age 40, sex M", "0.004", "0.005"),
    ]
    assert "    2 of 4 cells moved" in difference_lines(found)


def test_rows_that_come_and_go_are_counted(tmp_path):
    files = altered(TABLE, ("used,0.2\n", "used,0.2\nold,0.4\n"))
    (one,) = (c for c in difference(tmp_path, files).changes if c.moves is not None)
    assert (one.moves.moved, one.moves.added, one.moves.removed) == (0, 1, 0)
    assert "    0 of 2 cells moved, 1 added" in difference_lines(difference(tmp_path, files))


def test_the_order_of_a_list_counts_only_where_what_both_have_changed_places(tmp_path):
    line, says = "  - {name: dear_enough,", "says: {zh: 价值过低, en: Too cheap}}\n"
    further = (
        "  - {name: not_dear, require: value <= 90000, each: item, says: {zh: 高, en: Dear}}\n"
    )
    more = f"{further}{line}"
    one = altered(PRODUCT, (line, more))
    assert not any(path.endswith("[]") for _, _, path, _, _ in told(difference(tmp_path, one)))
    other = altered(PRODUCT, (says, says + further))
    found = compare(
        made(tmp_path / "one", "repair", one).effective,
        made(tmp_path / "other", "repair", other).effective,
    )
    assert [path for _, _, path, _, _ in told(found)] == ["accepts[]"]


def test_json_holds_everything_and_lines_fit_the_terminal(tmp_path):
    long = "en: " + "very " * 40 + "cheap"
    found = difference(tmp_path, altered(PRODUCT, ("en: Too cheap", long)))
    data = json.loads(json.dumps(difference_told(found)))
    assert data["changes"][0]["new"] == long.removeprefix("en: ")
    assert data["counts"] == {"wording": 1}
    assert max(map(len, difference_lines(found))) <= 80


def test_markdown_is_a_table_whose_cells_hold_what_they_say(tmp_path):
    text = 'en: "a | b <script> @everyone"'
    found = difference(tmp_path, altered(PRODUCT, ("en: Too cheap", text)))
    lines = difference_markdown([found]).split("\n")
    assert lines[0] == "### repair 1.0.0 → repair 1.0.0"
    assert "a \\| b &lt;script> &#64;everyone" in lines[-1]
    assert all(line.count(" | ") == 4 for line in lines[6:])
    same = difference(tmp_path / "same", FILES)
    assert difference_markdown([same]).endswith("Nothing differs.")
