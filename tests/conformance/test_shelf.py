"""A reader written from docs/export.md alone reproduces every case of every product."""

import json
import re

import pytest

from product_factory.shelf import installed
from rating.export import CASES, export
from tests.conformance.exports import SEED, sample, write
from tests.conformance.reader import disagreements
from tests.conformance.test_golden_claims import NEVER
from tests.the_shelf import shipped

FIFTY = re.compile(r"rows of keys #size_factor\.\d+#\d+: 2")
"""A group of fifty: cases have twelve members at most, and an export says that it lacks this."""
PRODUCTS = sorted(path.parent.name for path in installed().glob("*/rating.yaml"))


def test_the_shelf_has_products():
    assert len(PRODUCTS) >= 8


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_reader_reproduces_a_sample_of_cases(name, tmp_path):
    assert disagreements(sample(shipped(name), tmp_path)) == []


@pytest.mark.prove
@pytest.mark.parametrize("name", PRODUCTS)
def test_a_reader_reproduces_every_case_of_a_whole_export(name, tmp_path):
    """A thousand prices and two hundred claims, and values of the contract beside them."""
    folder = write(export(shipped(name), CASES, SEED), tmp_path)
    assert disagreements(folder) == []
    cases = json.loads((folder / "manifest.json").read_text("utf-8"))["cases"]
    assert (cases["prices"], cases["claims"]) == (CASES, CASES // 5)
    never = {f"lines: {slot} {line} average applies" for slot, line in NEVER if name == "home"}
    assert set(cases["shown"]["claims"]["missing"]) == never
    missing = cases["shown"]["prices"]["missing"]
    assert [one for one in missing if not (name == "group_accident" and FIFTY.fullmatch(one))] == []
