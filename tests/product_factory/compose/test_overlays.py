"""An overlay changes named values of a product, each with a reason."""

import pytest

from product_factory.errors import BadInput
from tests.product_factory.compose.branches import BRANCHES, COLD, build, child

FILE = f"products/{COLD}"


def cold(*changes):
    """The shelf with an overlay of other changes."""
    head = BRANCHES[COLD].split("changes:")[0]
    return BRANCHES | {COLD: head + "changes:\n" + "".join(f"  - {{{c}}}\n" for c in changes)}


def said(folder, files, name="repair+cold"):
    with pytest.raises(BadInput) as raised:
        build(folder, name, files)
    return str(raised.value)


def test_an_overlay_is_in_force_when_it_is_asked_for(tmp_path):
    base, made = build(tmp_path, "repair"), build(tmp_path, "repair+cold")
    share = made.covers["repair"].terms["share"]
    assert (share.text, str(share.at)) == ("70%", f"{FILE}:4:43")
    assert base.covers["repair"].terms["share"].text == "90%"
    assert made.name == "repair+cold"
    assert made.bases["pricing"].loading != base.bases["pricing"].loading
    assert base.digest != made.digest


def test_what_was_changed_is_kept_with_before_after_and_reason(tmp_path):
    first, second = build(tmp_path, "repair+cold").composed.changed
    assert (first.path, first.before, first.after) == ("covers.repair.set.share", "90%", "70%")
    assert (first.because, first.overlay) == ("batteries break in the cold", "cold")
    assert (second.before, second.after) == ("30%", "32%")


def test_a_child_may_state_an_overlay_of_its_parent(tmp_path):
    made = build(tmp_path, "repair_north", child("overlays: cold"))
    assert made.covers["repair"].terms["share"].text == "70%"
    assert [entry.stated for entry in made.composed.overlays] == [True]


def test_a_child_has_what_an_overlay_made_of_its_parent(tmp_path):
    text = BRANCHES["repair/product.yaml"] + "overlays: [cold]\n"
    made = build(tmp_path, "repair_north", BRANCHES | {"repair/product.yaml": text})
    assert made.covers["repair"].terms["share"].text == "70%"


def test_an_overlay_writes_what_was_left_out_adds_and_drops(tmp_path):
    rule = "{name: new, require: value >= 200, each: item, says: {zh: 新, en: New}}"
    files = cold(
        "change: covers.repair.set.notice, is: 20 days, because: far away",
        f"add: accepts, is: {rule}, because: the law",
        "add: insured.owner, is: {type: yes_no}, because: asked there",
        "drop: accepts.dear_enough, because: the new one",
        "drop: exclusions.wilful, because: forbidden there",
    )
    made = build(tmp_path, "repair+cold", files)
    assert made.covers["repair"].terms["notice"].text == "20 days"
    assert [line.name for line in made.product.accepts] == ["new"]
    assert "owner" in made.variables
    assert not made.exclusions


def test_an_overlay_may_set_a_term_where_nothing_was_set(tmp_path):
    files = cold("change: provisions.free_look.set.free_look, is: 20 days, because: a promise")
    files |= {"short_life/overlays/cold.yaml": files.pop(COLD)}
    made = build(tmp_path, "short_life+cold", files)
    assert made.provisions["free_look"].terms["free_look"].text == "20 days"
    text = BRANCHES["short_life/product.yaml"]
    assert "set" not in text[text.index("provisions:") :]


def test_built_tables_of_an_overlay_stand_apart(tmp_path):
    assert build(tmp_path, "repair").composed.built.parts[-2:] == ("tables", "built")
    assert build(tmp_path, "repair+cold").composed.built.parts[-2:] == ("built", "cold")


def test_an_overlay_that_changes_what_is_written_out_gives_the_same_digest(tmp_path):
    bases = BRANCHES["repair/bases.yaml"].replace("loading: 30%", "loading: 32%")
    text = BRANCHES["repair/product.yaml"].replace("share: 90%", "share: 70%")
    written = build(
        tmp_path / "other",
        "repair",
        BRANCHES | {"repair/bases.yaml": bases, "repair/product.yaml": text},
    )
    assert build(tmp_path, "repair+cold").digest == written.digest


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("change: covers.repare.set.share, is: 1%, because: x",
         ("4:14: changes[0].change: unknown value 'covers.repare.set.share': there is no 'repare' "
         "in covers; did you mean 'repair'?")),
        ("change: ofers.excess, is: 1, because: x",
         ("4:14: changes[0].change: unknown value 'ofers.excess': there is no 'ofers'; "
         "did you mean 'offers'?")),
        ("change: offers.excesses, is: 1, because: x",
         ("4:14: changes[0].change: unknown value 'offers.excesses': there is no 'excesses' in "
         "offers; did you mean 'excess'?")),
        ("change: covers.repair.set.share, is: 1%", "4:5: changes[0]: expected the key 'because'"),
        ("change: channel, because: x", "4:5: changes[0]: expected the key 'is'"),
        ("drop: pools.yearly, is: 1, because: x", "4:5: changes[0]: 'drop' takes no 'is'"),
        ("drop: pools.yearly, add: pools.x, is: 1, because: x",
         "4:5: changes[0]: expected one of the keys change, add or drop, got add or drop"),
        ("add: insured.grade, is: {type: age}, because: x",
         "4:11: changes[0].add: 'insured.grade' is there already; say change: insured.grade"),
        ("change: covers.repair.set.shares, is: 70%, because: x",
         ("4:44: covers[0].set.shares: unknown term 'shares' of gadget/repair; "
         "did you mean 'share'?")),
    ],
)  # fmt: skip
def test_a_slip_of_an_overlay_is_told_at_its_place(tmp_path, change, told):
    assert said(tmp_path, cold(change)) == f"{FILE}:{told}"


def test_an_unknown_overlay_is_told_with_the_nearest(tmp_path):
    told = "products/repair: unknown overlay 'colt'; did you mean 'cold'?"
    assert said(tmp_path, BRANCHES, "repair+colt") == told
    files = child("overlays: [could]")
    told = "products/repair_north/product.yaml:5:12: overlays: unknown overlay 'could'; did you"
    assert said(tmp_path, files, "repair_north").startswith(told)


def test_an_overlay_is_in_force_once(tmp_path):
    told = "products/repair: overlays: the overlay 'cold' is in force already"
    assert said(tmp_path, BRANCHES, "repair+cold+cold") == told


def test_an_overlay_is_named_as_its_file(tmp_path):
    files = BRANCHES | {COLD: BRANCHES[COLD].replace("overlay: cold", "overlay: ice")}
    assert said(tmp_path, files) == (
        f"{FILE}:1:10: overlay: expected 'cold' as its path says, got 'ice'"
    )
