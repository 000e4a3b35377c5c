"""Covers that share one corridor begin it at one amount, whichever way they write it."""

import pytest

from product_factory.errors import BadInput
from tests.product_factory.shelves import altered, made

PRODUCT, MODULE = "repair/product.yaml", "modules/gadget/repair.yaml"
USED = "  - {use: gadget/repair@^1, as: repair, items: [phone, tablet], set: {share: 90%}}"
OTHER = "  - {use: gadget/repair@^1, as: OTHER, items: [phone], set: {share: 90%, first: FIRST}}"
CHOSEN = "  from: {type: money, of: [200, 300], sets: [repair.first, second.first]}\n"


def shelf(first="1000", above="first"):
    """The shelf with two covers of one corridor; `first` of the second."""
    other = OTHER.replace("OTHER", "second")
    other = other.replace("FIRST", first) if first else other.replace(", first: FIRST", "")
    product = altered(
        PRODUCT,
        (USED, f"{USED}\n{other}"),
        ("{joins: [repair.limit]}", "{joins: [repair.borne, second.borne]}"),
        *([] if first else [("items:\n  phone", f"{CHOSEN}items:\n  phone")]),
    )
    corridor = f"    - {{corridor: borne, above: {above}, per: policy_year}}\nclauses"
    terms = "\n  borne: {type: money, default: 200}\n  first: {type: money, default: 1000}\npays:"
    return product | {MODULE: altered(MODULE, ("\npays:", terms), ("clauses", corridor))[MODULE]}


@pytest.mark.parametrize(
    ("first", "above"), [("1000", "first"), ("500 * 2", "first"), ("", "first")]
)
def test_one_beginning_is_one_corridor(tmp_path, first, above):
    assert set(made(tmp_path, "repair", shelf(first, above)).covers) == {"repair", "second"}


@pytest.mark.parametrize(
    ("first", "above", "got"),
    [
        ("900", "first", "1000 for repair.borne, 900 for second.borne"),
        ("1000", "so_far / 2", "what changes in repair for repair.borne, what changes in second"),
    ],
)
def test_two_beginnings_of_one_corridor_are_refused(tmp_path, first, above, got):
    told = rf"{PRODUCT}:\d+:\d+: pools.yearly.joins: expected corridors that begin above one and"
    with pytest.raises(BadInput, match=f"{told} the same amount, got {got}"):
        made(tmp_path, "repair", shelf(first, above))
