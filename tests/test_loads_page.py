"""docs/loads.md: what it says of a basis is what `show` tells of it, in a product of the shelf."""

import re
import shutil
from pathlib import Path

import pytest

from tests.the_command import ROOT, inside

PAGE = (ROOT / "docs" / "loads.md").read_text(encoding="utf-8")
ENTRIES, ANEW = re.findall(r"```yaml\n(  experience:\n.*?)```", PAGE, re.DOTALL)
(SHOWN,) = re.findall(r"```text\n(pricing: .*?)```", PAGE, re.DOTALL)
BEFORE = "  leaves_out:\n"


@pytest.fixture
def shelf(tmp_path):
    shutil.copytree(ROOT / "products", tmp_path / "products")
    return tmp_path


def test_the_entries_of_the_page_are_shown_as_it_says(shelf):
    path = Path(shelf, "products", "million_medical", "bases.yaml")
    text = path.read_text(encoding="utf-8")
    text = text.replace(BEFORE, ENTRIES + BEFORE, 1)
    path.write_text(text, encoding="utf-8")
    run = inside("show", "million_medical", "--shelf", "products", cwd=shelf)
    assert run.returncode == 2
    assert "best_estimate.risk.illness.treatment: illness.treatment is assumed anew" in run.stderr
    assert text.endswith("  leaves_out: []\n")
    path.write_text(text + ANEW, encoding="utf-8")
    run = inside("show", "million_medical", "--shelf", "products", cwd=shelf)
    assert run.returncode == 0, run.stderr
    assert run.stdout.endswith(SHOWN)
    assert all(len(line) <= 80 for line in SHOWN.splitlines())
