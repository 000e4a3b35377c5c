"""What modules ask of one another and of a product: versions, dependencies, riders, `accepts`."""

import pytest

from product_factory.constants import constant
from product_factory.errors import BadInput
from product_factory.scopes import general_scope
from rating.domain import Domain
from tests.product_factory.compose.branches import build
from tests.product_factory.shelves import FILES, altered

PRODUCT = "repair/product.yaml"
MODULE = "modules/gadget/repair.yaml"
HERE = f"products/{PRODUCT}"
OTHER = "modules/gadget/care.yaml"
CARE = """\
module: gadget/care
version: 1.0.0
title: {zh: 关怀, en: Care}
kind: provision
terms:
  hours: {type: integer, default: 24, max: 48}
"""
RIDER = """\
module: gadget/plus
version: 1.0.0
title: {zh: 加强, en: Plus}
kind: rider
terms:
  more: {type: ratio, default: 5%}
amends:
  - {of: gadget/repair, term: share, adds: more, because: paid for apart}
"""


def product(*changes, **files):
    return altered(PRODUCT, *changes) | {OTHER: CARE} | files


def module(line):
    """The repair module with lines of its own, beside the module of care."""
    return product() | {MODULE: FILES[MODULE] + f"{line}\n"}


def said(folder, files):
    with pytest.raises(BadInput) as raised:
        build(folder, "repair", files)
    return str(raised.value).split("\n")


def using(*uses):
    return ("pools:", "provisions:\n" + "".join(f"  - {{{use}}}\n" for use in uses) + "pools:")


# Versions


def shelf_of(*versions, wanted="^1"):
    text = FILES[MODULE].replace("limit:  {type: money, default: value}",
                                 "limit:  {type: money, default: value}")  # fmt: skip
    kept = {
        f"modules/gadget/repair@{version}.yaml": text.replace(
            "version: 1.2.0", f"version: {version}"
        )
        for version in versions
    }
    return altered(PRODUCT, ("gadget/repair@^1", f"gadget/repair@{wanted}")) | kept


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [("^1", "1.11.0"), ("~1.2", "1.2.4"), ("1.2.0", "1.2.0"), ("^2", "2.0.0"), ("^1.9", "1.11.0")],
)
def test_the_highest_version_that_fits_is_taken(tmp_path, wanted, taken):
    files = shelf_of("1.2.4", "1.11.0", "2.0.0", wanted=wanted)
    assert build(tmp_path, "repair", files).covers["repair"].module.version == taken


def test_a_version_that_nobody_holds_is_told_with_those_that_are(tmp_path):
    told = said(tmp_path, shelf_of("1.11.0", wanted="^3"))
    assert told == [
        (
            f"{HERE}:28:11: covers[0].use: expected a version that fits ^3, the shelf holds 1.11.0 "
            "and 1.2.0"
        )
    ]


def test_demands_that_no_version_fits_together_are_told_by_who_asks(tmp_path):
    second = "  - {use: gadget/repair@~1.2, as: extra, items: [phone], set: {share: 9%}}"
    files = shelf_of("1.11.0", wanted="^1.9")
    files |= {PRODUCT: files[PRODUCT].replace("exclusions:", f"{second}\nexclusions:")}
    assert said(tmp_path, files) == [
        (
            f"{HERE}:28:11: covers[0].use: no version of 'gadget/repair' fits every demand: ^1.9 "
            f"by {HERE}:28:11; ~1.2 by {HERE}:29:11; the shelf holds 1.11.0 and 1.2.0"
        )
    ]


def test_what_a_module_requires_of_another_is_a_demand_too(tmp_path):
    """Care 1.1.0 is the highest, but the repair module asks for ~1.0."""
    newer = {"modules/gadget/care@1.1.0.yaml": CARE.replace("version: 1.0.0", "version: 1.1.0")}
    files = product(using("use: gadget/care@^1, as: care")) | newer
    assert build(tmp_path, "repair", files).provisions["care"].module.version == "1.1.0"
    files |= {MODULE: FILES[MODULE] + "requires: [gadget/care@~1.0]\n"}
    assert build(tmp_path / "2", "repair", files).provisions["care"].module.version == "1.0.0"


def test_an_earlier_version_is_taken_where_the_highest_do_not_fit_together(tmp_path):
    """The newest repair asks for care ~1.0, and the product for ^1.1: an older repair fits."""
    newer = {"modules/gadget/care@1.1.0.yaml": CARE.replace("version: 1.0.0", "version: 1.1.0")}
    files = product(using("use: gadget/care@^1.1, as: care")) | newer
    files |= {MODULE: FILES[MODULE] + "requires: [gadget/care@~1.0]\n"}
    (clash,) = said(tmp_path / "1", files)
    assert "no version of 'gadget/care' fits every demand: ^1.1 by" in clash
    old = {"modules/gadget/repair@1.1.0.yaml": older("1.1.0")}
    made = build(tmp_path / "2", "repair", files | old)
    assert made.covers["repair"].module.version == "1.1.0"
    assert made.provisions["care"].module.version == "1.1.0"
    stricter = {"modules/gadget/repair@1.1.0.yaml": older("1.1.0", "requires: [gadget/care@1.0.0]")}
    assert said(tmp_path / "3", files | stricter) == [clash.replace("/1/", "/3/")]


def older(version, more=""):
    return FILES[MODULE].replace("version: 1.2.0", f"version: {version}") + f"{more}\n" * bool(more)


def test_a_kept_file_holds_the_version_that_it_is_named_by(tmp_path):
    files = shelf_of("1.11.0")
    kept = "modules/gadget/repair@1.11.0.yaml"
    files |= {kept: files[kept].replace("version: 1.11.0", "version: 1.12.0")}
    assert said(tmp_path, files) == [
        f"products/{kept}:2:10: version: expected '1.11.0' as its path says, got '1.12.0'"
    ]


def test_the_digest_does_not_tell_which_file_holds_a_version(tmp_path):
    moved = {key: text for key, text in FILES.items() if key != MODULE}
    moved |= {"modules/gadget/repair@1.2.0.yaml": FILES[MODULE]}
    assert build(tmp_path, "repair", moved).digest == build(tmp_path / "2", "repair", FILES).digest


# Dependencies


def test_a_module_requires_another(tmp_path):
    files = module("requires: [gadget/care@^1]")
    assert said(tmp_path, files) == [
        (
            f"{HERE}:28:11: covers[0]: 'gadget/repair' requires gadget/care@^1 "
            f"(products/{MODULE}:19:11); use it too, or leave this one out"
        )
    ]
    used = altered(PRODUCT, using("use: gadget/care@^1, as: care"))
    assert build(tmp_path / "2", "repair", files | {PRODUCT: used[PRODUCT]})


def test_a_module_forbids_another(tmp_path):
    used = altered(PRODUCT, using("use: gadget/care@^1, as: care"))
    files = module("forbids: [gadget/care@^1]") | {PRODUCT: used[PRODUCT]}
    assert said(tmp_path, files) == [
        (
            f"{HERE}:28:11: covers[0]: 'gadget/repair' forbids gadget/care@^1 "
            f"(products/{MODULE}:19:10), which stands at {HERE}:32:5; leave one of them out"
        )
    ]


def two_optional(line):
    other = FILES[MODULE].replace("gadget/repair", "gadget/mend") + f"{line}\n"
    second = ("  - {use: gadget/mend@^1, as: mend, items: [phone], optional: yes, "
              "set: {share: 9%}}\n")  # fmt: skip
    return altered(
        PRODUCT,
        ("set: {share: 90%}}", "optional: yes, set: {share: 90%}}"),
        ("as: repair,", "as: fix,"),
        ("[repair.excess]", "[fix.excess]"),
        ("[repair.limit]", "[fix.limit]"),
        ("exclusions:", f"{second}exclusions:"),
    ) | {"modules/gadget/mend.yaml": other}


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("requires: [gadget/repair@^1]", {("no", "yes"): "mend_requires_fix"}),
        ("forbids: [gadget/repair@^1]", {("yes", "yes"): "mend_forbids_fix"}),
    ],
)
def test_between_optional_covers_it_becomes_a_line_of_the_domain(tmp_path, line, refused):
    import numpy as np

    made = build(tmp_path, "repair", two_optional(line))
    domain = Domain.of(made)
    for fix in ("yes", "no"):
        for mend in ("yes", "no"):
            risk = {"fix": fix == "yes", "mend": mend == "yes", "value": 500.0}
            columns = {key: np.array([float(value)]) for key, value in risk.items()}
            (place,) = domain.refused(columns, np.array([0, 1]))
            got = domain.lines[place].name if place >= 0 else None
            assert got == refused.get((fix, mend)), (fix, mend)


# Riders


def riding(*uses, **more):
    riders = "".join(f"  - {{{use}}}\n" for use in uses)
    files = altered(PRODUCT, ("pools:", f"riders:\n{riders}pools:"))
    return files | {"modules/gadget/plus.yaml": RIDER} | more


def share(made):
    term = made.covers["repair"].terms["share"]
    return constant(term.expression, general_scope(made), term.type)


@pytest.mark.parametrize(
    ("deed", "expected"), [("adds: more", 0.95), ("multiplies: 50%", 0.45), ("sets: 70%", 0.7)]
)
def test_a_rider_amends_a_term_and_says_why(tmp_path, deed, expected):
    text = RIDER.replace("adds: more", deed)
    files = riding("use: gadget/plus@^1, as: plus") | {"modules/gadget/plus.yaml": text}
    made = build(tmp_path, "repair", files)
    assert share(made) == pytest.approx(expected, abs=1e-15)
    (told,) = made.covers["repair"].terms["share"].amended
    assert (told.rider, told.because) == ("plus", "paid for apart")
    assert str(told.at).startswith("products/modules/gadget/plus.yaml:8:")


def test_what_a_rider_makes_of_a_term_keeps_to_its_bounds(tmp_path):
    use = "use: gadget/plus@^1, as: plus, set: {more: 15%}"
    assert said(tmp_path, riding(use)) == [
        f"{HERE}:28:78: repair.share: expected 100% or less, got 105%"
    ]


def test_an_optional_rider_amends_where_it_is_chosen(tmp_path):
    made = build(tmp_path, "repair", riding("use: gadget/plus@^1, as: plus, optional: yes"))
    assert share(made) is None
    assert made.variables["plus"].type.kind == "yes_no"


def test_two_riders_of_one_term_say_which_comes_first(tmp_path):
    text = RIDER.replace("gadget/plus", "gadget/half").replace("adds: more", "multiplies: 50%")
    half = {"modules/gadget/half.yaml": text}
    uses = ["use: gadget/plus@^1, as: plus", "use: gadget/half@^1, as: half"]
    assert said(tmp_path, riding(*uses) | half) == [
        (
            f"{HERE}:33:5: riders[1]: 'plus' amends 'repair.share' too ({HERE}:32:5); say after: "
            "plus, or leave one of them out"
        )
    ]
    after = [uses[0], f"{uses[1]}, after: plus"]
    assert share(build(tmp_path / "2", "repair", riding(*after) | half)) == pytest.approx(0.475)
    before = [f"{uses[0]}, after: half", uses[1]]
    assert share(build(tmp_path / "3", "repair", riding(*before) | half)) == pytest.approx(0.5)
    circle = [f"{uses[0]}, after: half", f"{uses[1]}, after: plus"]
    assert said(tmp_path / "4", riding(*circle) | half)[0].endswith(
        "each of 'plus' and 'half' is to come after another"
    )


@pytest.mark.parametrize(
    ("use", "old", "new", "told"),
    [
        ("", "term: share", "term: shares",
         ("products/modules/gadget/plus.yaml:8:31: amends[0].term: unknown term 'shares' of "
         "gadget/repair; did you mean 'share'?")),
        ("", "of: gadget/repair", "of: gadget/mend",
         (f"{HERE}:32:11: riders[0]: 'gadget/plus@^1' amends gadget/mend (products/modules/gadget/"
         "plus.yaml:8:5), which this product does not use")),
        (", amends: [repairs]", "1.0.0", "1.0.0",
         f"{HERE}:32:45: riders[0].amends: unknown cover 'repairs'; did you mean 'repair'?"),
        (", after: plusher", "1.0.0", "1.0.0",
         f"{HERE}:32:44: riders[0].after: unknown rider 'plusher'; did you mean 'plus'?"),
        ("", "adds: more", "ads: more",
         ("products/modules/gadget/plus.yaml:8:38: amends[0]: unknown key 'ads'; did you mean "
         "'adds'?")),
        ("", "adds: more, ", "",
         ("products/modules/gadget/plus.yaml:8:5: amends[0]: expected one of the keys adds, "
         "multiplies or sets, got none")),
    ],
)  # fmt: skip
def test_a_slip_in_a_rider_is_told(tmp_path, use, old, new, told):
    files = riding(f"use: gadget/plus@^1, as: plus{use}")
    files |= {"modules/gadget/plus.yaml": RIDER.replace(old, new)}
    assert told in said(tmp_path, files)


# What a module accepts


ACCEPTS = "accepts: [{{name: fair, require: {0}, says: {{zh: 不公平, en: Not fair}}}}]"


def test_what_a_module_accepts_is_judged_at_assembly_where_it_can_be(tmp_path):
    assert build(tmp_path, "repair", module(ACCEPTS.format("share >= 80%")))
    assert said(tmp_path / "2", module(ACCEPTS.format("share >= 95%"))) == [
        f"{HERE}:28:5: repair.fair: this does not hold: Not fair (products/{MODULE}:19:33)"
    ]


def test_what_the_risk_decides_becomes_a_line_of_the_domain(tmp_path):
    made = build(tmp_path, "repair", module(ACCEPTS.format("excess < value / 2")))
    line = made.product.accepts[-1]
    assert (line.name, line.each, line.says.en) == ("repair_fair", "item", "Not fair")


def test_a_bound_that_a_choice_decides_becomes_a_line_of_the_domain(tmp_path):
    text = FILES[MODULE].replace("default: 50, min: 0}", "default: 50, min: 0, max: value}")
    made = build(tmp_path, "repair", FILES | {MODULE: text})
    assert [line.name for line in made.product.accepts] == ["dear_enough", "repair_excess_max"]


def test_a_clause_of_a_module_may_be_dropped_and_one_that_is_not_there_may_not(tmp_path):
    files = altered(PRODUCT, ("as: repair,", "as: repair, drop: benefits/repair,"))
    assert build(tmp_path, "repair", files).covers["repair"].module.clauses == ()
    files = altered(PRODUCT, ("as: repair,", "as: repair, drop: benefits/repairs,"))
    assert said(tmp_path / "2", files) == [
        (
            f"{HERE}:28:47: covers[0].drop: unknown clause or definition 'benefits/repairs' of "
            "gadget/repair; did you mean 'benefits/repair'?"
        )
    ]
