"""The modules of a shelf, what they leave open, and who uses them."""

import pytest

from product_factory.catalogue import catalogue, lines, told
from product_factory.errors import BadValue
from product_factory.shelf import installed, open_shelf
from tests.product_factory.compose.branches import BRANCHES, NORTH
from tests.product_factory.shelves import FILES, write


def shelf(folder, files=BRANCHES):
    return open_shelf(write(folder, files))


def test_every_module_is_listed_with_its_terms_and_users(tmp_path):
    found = {one.module.module: one for one in catalogue(shelf(tmp_path))}
    assert set(found) == {"gadget/repair", "gadget/wilful", "life/death", "life/free_look"}
    repair = found["gadget/repair"]
    assert repair.users == (("repair", "repair"), ("repair_north", "repair"))
    terms = {term.name: (term.type, term.value, term.least) for term in repair.terms}
    assert terms["excess"] == ("money", "default 50", "0")
    assert terms["share"] == ("ratio", "open: the product must set it", "0%")


def test_a_version_is_used_by_those_whose_demands_it_is_the_highest_to_fit(tmp_path):
    kept = FILES["modules/gadget/repair.yaml"].replace("version: 1.2.0", "version: 1.3.0")
    files = BRANCHES | {"modules/gadget/repair@1.3.0.yaml": kept}
    files |= {NORTH: BRANCHES[NORTH] + "covers: [{as: repair, use: gadget/repair@~1.2}]\n"}
    found = {one.module.version: one.users for one in catalogue(shelf(tmp_path, files), "repair")}
    assert found == {"1.3.0": (("repair", "repair"),), "1.2.0": (("repair_north", "repair"),)}


def test_a_product_with_a_slip_hides_no_module(tmp_path):
    broken = BRANCHES | {NORTH: "product: [\n"}
    assert len(catalogue(shelf(tmp_path, broken))) == 4


@pytest.mark.parametrize(
    ("text", "kind", "names"),
    [
        ("死", "", []),
        ("身故", "", ["life/death"]),
        ("free", "", ["life/free_look"]),
        ("excess", "", ["gadget/repair"]),
        ("", "exclusion", ["gadget/wilful"]),
    ],
)
def test_modules_are_found_by_text_and_kind(tmp_path, text, kind, names):
    found = catalogue(shelf(tmp_path), text, kind=kind)
    assert [one.module.module for one in found] == names
    assert lines(found)


def test_an_unknown_kind_is_told_with_the_nearest(tmp_path):
    with pytest.raises(BadValue, match=r"unknown kind 'lumpsum'; did you mean 'lump_sum'\?"):
        catalogue(shelf(tmp_path), kind="lumpsum")


def test_the_installed_shelf_can_be_browsed():
    found = catalogue(open_shelf(installed()), line="life")
    assert {"life/surrender", "life/free_look"} <= {one.module.module for one in found}
    assert all(one["terms"] is not None for one in told(found))
