"""The graph of modules: what a product is composed of, told in lines and drawn."""

import pytest

from product_factory.compose.graph import composition
from sandbox.graphs import graphed
from tests.product_factory.compose.branches import build, child
from tests.product_factory.compose.test_modules import RIDER
from tests.the_shelf import shipped

PLUS = ["overlays: cold", "riders: [{use: gadget/plus@^1, as: plus, optional: yes}]"]


def joints(product):
    return {(j.source, j.said, j.target) for j in composition(product).joints}


def test_covers_read_processes_and_join_pools():
    found = joints(shipped("home"))
    assert ("fire", "reads", "process fire") in found
    assert ("typhoon", "joins", "pool item_limit") in found
    assert ("home", "uses", "common") in found


def test_parents_overlays_and_riders_are_told(tmp_path):
    files = child(*PLUS) | {"modules/gadget/plus.yaml": RIDER}
    made = build(tmp_path, "repair_north", files)
    assert {
        ("repair_north", "extends", "repair"),
        ("repair_north", "overlay", "+cold"),
        ("plus", "amends", "repair"),
    } <= joints(made)
    assert [part.name for part in composition(made).parts if part.optional] == ["plus"]


def test_every_joint_ends_at_parts_of_the_product():
    found = composition(shipped("home"))
    names = {part.name for part in found.parts}
    assert {name for j in found.joints for name in (j.source, j.target)} <= names


@pytest.mark.parametrize(("form", "sign"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_the_picture_is_the_same_at_every_drawing(form, sign):
    draw = graphed(shipped("home"), "modules").draw
    drawn = draw(form, "en")
    assert drawn.startswith(sign)
    assert draw(form, "en") == drawn
