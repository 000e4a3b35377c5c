"""A product that extends another says what that one says, but for what it writes itself."""

import pytest

from product_factory.errors import BadInput
from tests.product_factory.compose.branches import BRANCHES, NORTH, WEST, build, child
from tests.product_factory.shelves import FILES

PARENT = "products/repair/product.yaml"
OWN = f"products/{NORTH}"


def said(folder, files, name="repair_north"):
    with pytest.raises(BadInput) as raised:
        build(folder, name, files)
    return str(raised.value)


def term(product, name, cover="repair"):
    found = product.covers[cover].terms[name]
    return found.text, found.at.file


def test_a_bare_child_is_its_parent_but_for_name_and_title(tmp_path):
    parent, made = build(tmp_path, "repair"), build(tmp_path, "repair_north")
    assert made.title.en == "Repair north"
    assert [a.name for a in made.composed.ancestors] == ["repair"]
    assert made.covers == parent.covers
    assert made.bases == parent.bases
    assert made.tables.keys() == parent.tables.keys()
    assert made.files["claims"] == parent.files["claims"]


def test_a_value_knows_whether_it_stands_in_the_child_or_in_the_parent(tmp_path):
    files = child("covers:", "  - {as: repair, set: {limit: 2000}}")
    made = build(tmp_path, "repair_north", files)
    assert term(made, "limit") == ("2000", OWN)
    assert term(made, "share") == ("90%", PARENT)


def test_an_inherited_product_has_the_digest_of_the_same_written_out(tmp_path):
    text = FILES["repair/product.yaml"].replace("product: repair", "product: repair_north")
    text = text.replace("{zh: 维修保险, en: Repair}", "{zh: 北方维修保险, en: Repair north}")
    whole = {f"repair_north/{file.partition('/')[2]}": body for file, body in FILES.items()
             if file.startswith("repair/")} | {NORTH: text}  # fmt: skip
    extended = build(tmp_path, "repair_north")
    written = build(tmp_path / "other", "repair_north", FILES | whole)
    assert (extended.digest, extended.inputs) == (written.digest, written.inputs)


def test_a_changed_parent_changes_the_child(tmp_path):
    text = FILES["repair/product.yaml"].replace("share: 90%", "share: 80%")
    changed = build(tmp_path / "other", "repair_north", BRANCHES | {"repair/product.yaml": text})
    assert changed.inputs != build(tmp_path, "repair_north").inputs


def test_entries_merge_by_name_and_an_entry_that_says_its_type_stands_whole(tmp_path):
    files = child("insured:", "  age: {type: age, min: 18}", "offers:",
                  "  excess: {of: [50, 100, 200]}", "items:", "  phone:", "    insured:",
                  "      value: {type: money}")  # fmt: skip
    made = build(tmp_path, "repair_north", files)
    assert list(made.variables) == ["grade", "age", "excess"]
    assert made.variables["excess"].type.of == ("50", "100", "200")
    assert made.variables["excess"].declared.sets == ("repair.excess",)
    assert made.items["phone"]["value"].declared.min is None
    assert made.items["tablet"]["value"].declared.min is not None


def test_a_child_adds_a_cover_and_drops_what_it_names(tmp_path):
    files = child("drop: [exclusions.wilful, accepts.dear_enough, offers.excess.of.100]",
                  "covers:", "  - {use: gadget/repair@^1, as: second, items: [phone],",
                  "     set: {share: 50%}, before: repair}")  # fmt: skip
    made = build(tmp_path, "repair_north", files)
    assert list(made.covers) == ["second", "repair"]
    assert not made.exclusions
    assert not made.product.accepts
    assert made.variables["excess"].type.of == ("50",)


def test_bases_merge_by_name_and_a_distribution_stands_whole(tmp_path):
    bases = "pricing:\n  risk: {breakage: {damage: {kind: lognormal, mu: 1, sigma: 2}}}\n"
    made = build(tmp_path, "repair_north", child(**{"repair_north/bases.yaml": bases}))
    risk = made.bases["pricing"].risk["breakage"]
    assert [name for name, _ in risk["damage"].parameters] == ["mu", "sigma"]
    assert [name for name, _ in risk["cause"].shares] == ["drop", "wilful"]
    assert str(risk["damage"].at).startswith("products/repair_north/bases.yaml:2:")


ENTRY = "experience: {breakage: {accident: {development: 1.1, source: counts}}}"
BROUGHT = FILES["repair/bases.yaml"].replace("best_estimate:", f"  {ENTRY}\nbest_estimate:")
ANEW = "pricing:\n  risk: {breakage: {accident: {kind: poisson, mean: 0.2}}}\n"


def test_a_child_that_assumes_anew_says_what_becomes_of_the_experience(tmp_path):
    """The parent's entry is for the parent's figure; it stays where that does."""
    files = {"repair/bases.yaml": BROUGHT}
    assert build(tmp_path / "as", "repair_north", child(**files)).bases["pricing"].experience
    own = files | {"repair_north/bases.yaml": ANEW}
    assert said(tmp_path / "anew", child(**own)) == (
        "products/repair_north/bases.yaml:2:31: pricing.risk.breakage.accident: breakage.accident "
        "is assumed anew, and the 'experience' of repair brings the former one to the period "
        "priced; state breakage.accident under 'experience' too, {development: 1, source: …} "
        "where it takes nothing"
    )
    stated = {"repair_north/bases.yaml": ANEW + f"  {ENTRY.replace('1.1', '1.3')}\n"}
    (entry,) = (
        build(tmp_path / "stated", "repair_north", child(**files, **stated))
        .bases["pricing"]
        .experience["breakage"]
        .values()
    )
    assert entry.at.file == "products/repair_north/bases.yaml"
    dropped = child("drop: bases.pricing.experience.breakage.accident", **own)
    assert (
        not build(tmp_path / "dropped", "repair_north", dropped)
        .bases["pricing"]
        .experience["breakage"]
    )


def test_a_basis_of_the_child_too_that_inherits_the_entry(tmp_path):
    own = ANEW.replace("pricing", "best_estimate")
    files = {"repair/bases.yaml": BROUGHT, "repair_north/bases.yaml": own}
    assert "best_estimate.risk.breakage.accident: breakage.accident is assumed anew" in said(
        tmp_path, child(**files)
    )


def test_a_worked_example_of_the_same_name_is_altered_and_others_are_kept(tmp_path):
    claims = "- {name: 手机跌落, working: the same}\n"
    made = build(tmp_path, "repair_north", child(**{"repair_north/claims.yaml": claims}))
    (claim,) = made.files["claims"]
    assert (claim.working, claim.expect[0].amount) == ("the same", "540.00")


def test_a_table_of_the_child_stands_before_that_of_the_parent(tmp_path):
    table = FILES["repair/tables/frequency.csv"].replace("0.2", "0.3")
    made = build(tmp_path, "repair_north", child(**{"repair_north/tables/frequency.csv": table}))
    assert made.tables["frequency"].file == "products/repair_north/tables/frequency.csv"


def test_a_parent_may_extend_another(tmp_path):
    files = child("covers: [{as: repair, set: {limit: 2000}}]") | {
        "repair_far/product.yaml": "product: repair_far\nversion: 1.0.0\n"
        "extends: repair_north@^1\ncovers: [{as: repair, set: {share: 60%}}]\n"
    }
    made = build(tmp_path, "repair_far", files)
    assert [(a.name, a.version) for a in made.composed.ancestors] == [
        ("repair_north", "1.0.0"),
        ("repair", "1.0.0"),
    ]
    assert term(made, "limit") == ("2000", OWN)
    assert term(made, "share") == ("60%", "products/repair_far/product.yaml")


def test_another_version_of_the_same_module_keeps_what_is_set_and_another_module_does_not(tmp_path):
    made = build(tmp_path, "repair_north", child("covers: [{as: repair, use: gadget/repair@^1.1}]"))
    assert term(made, "share") == ("90%", PARENT)
    other = {"modules/gadget/mend.yaml": FILES["modules/gadget/repair.yaml"].replace(
        "gadget/repair", "gadget/mend")}  # fmt: skip
    files = child("covers: [{as: repair, use: gadget/mend@^1}]") | other
    assert "the term 'share' of gadget/mend is open" in said(tmp_path, files)


def test_a_long_term_product_is_inherited_too(tmp_path):
    made = build(tmp_path, "life_west", child("provisions: [{as: free_look, set: "
                                              "{free_look: 20 days}}]", file=WEST))  # fmt: skip
    assert made.provisions["free_look"].terms["free_look"].text == "20 days"


def test_a_term_that_the_parent_leaves_open_must_be_set_by_the_child(tmp_path):
    text = FILES["repair/product.yaml"].replace(", set: {share: 90%}", "")
    told = said(tmp_path, BRANCHES | {"repair/product.yaml": text})
    assert told == (
        f"{PARENT}:28:5: covers[0]: the term 'share' of gadget/repair is open; set it in "
        f"{OWN} as covers: [{{as: repair, set: {{share: …}}}}], or offer it there"
    )


def test_nothing_of_the_parent_is_changed_by_its_child(tmp_path):
    """Both are read from one shelf that keeps its nodes; the child must not write into them."""
    from product_factory.assemble import assemble
    from product_factory.shelf import open_shelf
    from tests.product_factory.shelves import LANGUAGE, write

    files = child("drop: [exclusions.wilful]", "covers: [{as: repair, set: {share: 60%}}]")
    shelf = open_shelf(write(tmp_path, files))
    before = assemble(shelf, "repair", LANGUAGE)
    assemble(shelf, "repair_north", LANGUAGE)
    assert assemble(shelf, "repair", LANGUAGE).digest == before.digest


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["drop: covers.repairs"], ("5:7: drop: unknown value 'covers.repairs': there is no "
         "'repairs' in covers; did you mean 'repair'?")),
        (["drop: [cover.repair]"], ("5:8: drop: unknown value 'cover.repair': there is no "
         "'cover'; did you mean 'covers'?")),
        (["drop: [covers.repair.set.limit]"], ("5:8: drop: unknown value 'covers.repair.set.limit'"
         ": there is no 'limit' in covers.repair.set")),
        (["covers:", "  - {use: gadget/repair@^1, as: x, after: y}"],
         "6:43: covers.after: unknown name 'y'"),
        (["offers: {excess: {of: [60]}, grades: {min: 1}}"],
         "5:38: offers.grades: expected the key 'type'"),
    ],
)  # fmt: skip
def test_a_slip_of_the_child_is_told_at_its_place(tmp_path, lines, told):
    assert said(tmp_path, child(*lines)) == f"{OWN}:{told}"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("extends: repairs@^1", "unknown product 'repairs'; did you mean 'repair'?"),
        ("extends: repair@^2", "expected a version that fits ^2, the shelf holds 1.0.0"),
        ("extends: repair", ("expected a product with its version, such as term_life@^2026.1, "
         "got repair")),
        ("extends: repair_north@^1",
         "this product extends itself: repair_north → repair_north"),
    ],
)  # fmt: skip
def test_a_parent_that_cannot_be_had_is_told(tmp_path, line, told):
    text = BRANCHES[NORTH].replace("extends: repair@^1", line)
    assert said(tmp_path, BRANCHES | {NORTH: text}) == f"{OWN}:3:10: extends: {told}"


def test_a_circle_of_parents_is_printed(tmp_path):
    text = FILES["repair/product.yaml"].replace("version: 1.0.0\n", "version: 1.0.0\nextends: "
                                                "repair_north@^1\n")  # fmt: skip
    told = said(tmp_path, BRANCHES | {"repair/product.yaml": text})
    assert told.endswith("this product extends itself: repair_north → repair → repair_north")


def test_a_product_without_parent_has_nothing_to_drop(tmp_path):
    text = FILES["repair/product.yaml"] + "drop: exclusions.wilful\n"
    told = said(tmp_path, BRANCHES | {"repair/product.yaml": text}, "repair")
    assert told.endswith("nothing to drop: this product extends none; leave it out")
