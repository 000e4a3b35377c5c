"""The report says what a product was made from, and which overlays were in force."""

from product_factory.told import origin
from sandbox.launch.report import _origin
from tests.product_factory.compose.branches import build, child


def test_parents_and_overlays_are_told_with_their_reasons(tmp_path):
    made = build(tmp_path, "repair_north", child("overlays: cold"))
    lines = _origin(made)
    assert lines[0] == "- extends repair 1.0.0"
    assert lines[1] == (
        "- overlay cold, change `covers.repair.set.share`: 90% → 70%, "
        "because batteries break in the cold"
    )
    assert [entry["overlay"] for entry in origin(made)["overlays"]] == ["cold"]


def test_a_product_that_stands_by_itself_tells_nothing_of_it(tmp_path):
    assert _origin(build(tmp_path, "repair")) == []
