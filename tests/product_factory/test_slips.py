"""A designer's commonest slips, each told with what to type instead."""

import pytest

from product_factory import slips
from product_factory.errors import BadInput
from tests.product_factory.compose.branches import BRANCHES, NORTH, build

REPAIR, LIFE = "repair/product.yaml", "short_life/product.yaml"
SLIPS = {
    "a share without its sign": (
        REPAIR,
        ("share: 90%", "share: 90"),
        "28:78: repair.share: expected 100% or less, got 90; did you mean 90%?",
    ),
    "a time without its unit": (
        LIFE,
        ("waiting: 90 days", "waiting: 90"),
        (
            "23:52: death.waiting: expected a number of days such as 90 days, got 90; "
            "did you mean 90 days?"
        ),
    ),
    "a name typed wrong": (
        REPAIR,
        ("sets: [repair.excess]", "sets: [repair.exces]"),
        (
            "15:46: offers.excess.sets: unknown term or pool 'repair.exces'; "
            "did you mean 'repair.excess'?"
        ),
    ),
    "a module without its version": (
        REPAIR,
        ("gadget/repair@^1", "gadget/repair"),
        (
            "28:11: covers[0].use: expected a name with its version, such as life/surrender@^1, "
            "got gadget/repair; did you mean gadget/repair@^1?"
        ),
    ),
    "true for yes": (
        REPAIR,
        ("optional: yes", "optional: true"),
        "22:15: items.tablet.optional: expected yes or no, got true; did you mean yes?",
    ),
    "commas in a number": (
        REPAIR,
        ("min: 100}}\n  tablet", "min: 1,000}}\n  tablet"),
        (
            "19:43: items.phone.insured.value: unknown key '000'; inside { } a comma ends the "
            "value before it: a number has no commas"
        ),
    ),
    "ten thousands in Chinese": (
        REPAIR,
        ("min: 100}}\n  tablet", "min: 1万}}\n  tablet"),
        (
            "19:41: items.phone.insured.value.min: expected a number, a name or an expression, "
            "got '1万'; did you mean '10000'?"
        ),
    ),
    "a day with slashes": (
        REPAIR,
        ("2026-03-01", "2026/3/1"),
        (
            "9:12: effective: expected a day such as 2026-03-01, got 2026/3/1; "
            "did you mean 2026-03-01?"
        ),
    ),
    "a sign of full width": (
        REPAIR,
        ("share: 90%", "share: 90％"),
        (
            "28:78: repair.share: expected a number, a name or an expression, got '90％'; "
            "did you mean '90%'?"
        ),
    ),
    "one sign for equals": (
        REPAIR,
        ("value >= 100", "value = 100"),
        (
            "25:52: accepts[0].require: expected a number, a name or an operator, got '='; "
            "did you mean '=='?"
        ),
    ),
    "a list without brackets": (
        REPAIR,
        ("[phone, tablet]", "phone, tablet"),
        (
            "28:55: covers[0]: unknown key 'tablet'; inside { } a comma ends the value before it: "
            "a list stands in [ ], a text with a comma in quotes"
        ),
    ),
    "a title in one language": (
        REPAIR,
        ("title: {zh: 维修保险, en: Repair}", "title: 维修保险"),
        "3:8: title: expected keys with values such as {zh: …, en: …}, got 维修保险",
    ),
    "a tab": (
        REPAIR,
        ("processes: {", "\tprocesses: {"),
        "26:1: this is not YAML: a line starts with a tab; indent with spaces",
    ),
    "a parent without its version": (
        NORTH,
        ("extends: repair@^1", "extends: repair"),
        "3:10: extends: expected a product with its version, such as term_life@^2026.1, got repair",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_with_what_to_type_instead(slip, tmp_path):
    file, (right, wrong), told = SLIPS[slip]
    assert BRANCHES[file].count(right) >= 1
    files = BRANCHES | {file: BRANCHES[file].replace(right, wrong, 1)}
    with pytest.raises(BadInput) as raised:
        build(tmp_path, file.partition("/")[0], files)
    assert str(raised.value).split("\n") == [f"products/{file}:{told}"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("９０％", "90%"),
        ("value ≥ 100", "value >= 100"),
        ("1.5亿元", "150000000"),
        ("30K", "30000"),
        ("1,234,567.5", "1234567.5"),
        ("90%", None),
        ("12,34", None),
    ],
)
def test_what_was_meant_is_told_only_where_something_was(typed, meant):
    assert slips.instead(typed) == (f"; did you mean '{meant}'?" if meant else "")


@pytest.mark.parametrize("typed", ["2026/3/1", "2026-3-01", "2026.03.01", "2026年3月1日"])
def test_a_day_that_is_written_otherwise_is_understood(typed):
    assert slips.day(typed) == "; did you mean 2026-03-01?"
    assert slips.day("1 March") == ""
