"""Slips in products that extend, plan, ride and overlay are told with their place."""

import re
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from product_factory.assemble import assemble
from product_factory.errors import BadInput
from product_factory.shelf import open_shelf
from product_factory.told import lines, told
from tests.product_factory.compose.branches import BRANCHES, COLD, NORTH, WEST
from tests.product_factory.compose.test_modules import CARE, RIDER
from tests.product_factory.shelves import LANGUAGE, write
from tests.product_factory.test_mutations import KEY, SCALAR, WORDS

FULL = BRANCHES | {
    NORTH: BRANCHES[NORTH]
    + """\
drop: [accepts.dear_enough, offers.excess.of.100]
covers:
  - {as: repair, use: gadget/repair@^1.1, optional: yes, set: {limit: 2000}}
  - {use: gadget/repair@^1, as: second, items: [phone], set: {share: 50%}, before: repair}
provisions: [{use: gadget/care@^1, as: care, drop: []}]
riders:
  - {use: gadget/plus@^1, as: plus, optional: yes, amends: [second]}
  - {use: gadget/half@^1, as: half, after: plus}
offers: {top: {title: {zh: 额, en: top}, type: money, min: 0, max: 9000, step: 10}}
plans:
  basic: {title: {zh: 基本款, en: Basic}, set: {care.hours: 12}, offers: {top: {max: 500}}}
  gold: {title: {zh: 金款, en: Gold}, set: {care.hours: 36}}
overlays: cold
""",
    COLD: BRANCHES[COLD]
    + """\
  - {add: insured.owner, is: {type: yes_no}, because: asked there}
  - {drop: pools.yearly, because: forbidden there}
""",
    "modules/gadget/care.yaml": CARE
    + """\
requires: [gadget/repair@^1]
accepts: [{name: fair, when: {grade: new}, require: hours >= 2, says: {zh: 不, en: No}}]
""",
    "modules/gadget/plus.yaml": RIDER,
    "modules/gadget/half.yaml": RIDER.replace("gadget/plus", "gadget/half").replace(
        "adds: more", "multiplies: 50%"
    ),
    "modules/gadget/care@1.1.0.yaml": CARE.replace("version: 1.0.0", "version: 1.1.0"),
}
NAMES = [NORTH, WEST, COLD, *(name for name in FULL if name.startswith("modules/gadget"))]
MORE = [
    *WORDS, "repair@^1", "repair_north@^1", "life_west@^2", "gadget/plus@^1", "gadget/care@~1.0",
    "covers.repair", "repair.share", "care.hours", "plan", "plus", "cold", "basic", "[cold, cold]",
    "covers", "quotes", "product", "{min: 1}", "extends", "after", "as",
]  # fmt: skip


@st.composite
def slips(draw):
    name = draw(st.sampled_from(NAMES))
    text = FULL[name]
    for _ in range(draw(st.integers(1, 2))):
        lined = text.split("\n")
        here = draw(st.integers(0, len(lined) - 1))
        kind = draw(st.sampled_from(["retype", "rename", "retype", "rename", "drop", "double"]))
        if kind == "drop":
            del lined[here]
            text = "\n".join(lined)
        elif kind == "double":
            text = "\n".join([*lined[:here], lined[here], *lined[here:]])
        else:
            pattern = SCALAR if kind == "retype" else KEY
            found = list(re.finditer(pattern, text + "\n"))
            if found:
                one = found[draw(st.integers(0, 400)) % len(found)]
                text = text[: one.start()] + draw(st.sampled_from(MORE)) + text[one.end() :]
    return name, text


def test_the_whole_of_it_assembles(tmp_path):
    made = assemble(open_shelf(write(tmp_path, FULL)), "repair_north", LANGUAGE)
    assert made.riders
    assert made.product.plans
    assert lines(made)
    assert told(made)


def problems(shelf, product):
    """What is wrong; where nothing is, the product can be told and hashed."""
    try:
        made = assemble(shelf, product, LANGUAGE)
    except BadInput as error:
        return error.problems
    assert lines(made)
    assert made.digest
    return ()


@given(slips())
def test_a_slip_is_read_or_told_where_it_is(slip):
    name, text = slip
    with tempfile.TemporaryDirectory() as folder:
        shelf = open_shelf(write(Path(folder), FULL | {name: text}))
        for product in ("repair_north", "life_west", "repair+cold"):
            found = problems(shelf, product)
            assert all(problem.at.file and problem.text for problem in found)
