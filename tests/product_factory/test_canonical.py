"""The digest of a product is that of what it says: not of layout, path, locale or hash seed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.product_factory.shelves import FILES, altered, made, write

ROOT = Path(__file__).parents[2]
PRODUCT = "repair/product.yaml"
TABLE = "repair/tables/frequency.csv"


def digests(folder, files=FILES):
    product = made(folder, "repair", files)
    return product.digest, product.inputs


@pytest.mark.parametrize(
    "change",
    [
        ("line: property", "line: property   # what it covers"),
        ("line: property", "\n\nline:   property"),
        ("line: property", 'line: "property"'),
        ("line: property\nsold_to: individual", "sold_to: individual\nline: property"),
        ("title: {zh: 维修保险, en: Repair}", "title:\n  en: Repair\n  zh: 维修保险"),
    ],
)
def test_layout_does_not_count(tmp_path, change):
    changed = digests(tmp_path / "other", altered(PRODUCT, change))
    assert changed == digests(tmp_path)


@pytest.mark.parametrize(
    ("file", "change", "priced"),
    [
        (PRODUCT, ("share: 90%", "share: 80%"), True),
        (PRODUCT, ("items: [phone, tablet]", "items: [tablet, phone]"), True),
        (PRODUCT, ("en: Repair}", "en: Repairs}"), False),
        ("repair/bases.yaml", ("mean: 0.2,", "mean: 0.3,"), True),
        (TABLE, ("0.2", "0.3"), True),
        ("modules/gadget/repair.yaml", ("{cause: drop}", "{cause: [drop, wilful]}"), True),
        ("processes/breakage.yaml", ("en: Breakage}", "en: Break}"), False),
        ("parameters/cn.yaml", ("is: 60 days", "is: 61 days"), False),
    ],
)
def test_values_do_count_and_those_that_no_price_reads_leave_its_inputs(
    tmp_path, file, change, priced
):
    whole, inputs = digests(tmp_path / "other", altered(file, change))
    before = digests(tmp_path)
    assert whole != before[0]
    assert (inputs != before[1]) == priced


def test_worked_examples_are_part_of_the_whole_but_not_of_what_a_price_depends_on(tmp_path):
    whole, inputs = digests(tmp_path / "other", altered("repair/claims.yaml", ("540.00", "541.00")))
    before = digests(tmp_path)
    assert (whole != before[0], inputs == before[1]) == (True, True)


def test_the_sources_are_all_files_with_their_digests(tmp_path):
    product = made(tmp_path, "repair")
    names = [source.file for source in product.sources]
    assert names == sorted(names)
    assert {PRODUCT, TABLE, "modules/gadget/wilful.yaml", "parameters/cn.yaml"} <= set(names)
    assert not any(name.startswith("short_life") for name in names)


PRINT = """
import sys
from pathlib import Path
from product_factory.assemble import assemble
from product_factory.shelf import open_shelf
from tests.product_factory.shelves import LANGUAGE
print(assemble(open_shelf(Path(sys.argv[1])), "repair", LANGUAGE).digest)
"""


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "2", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Shanghai"},
        {"PYTHONHASHSEED": "3", "LC_ALL": "C", "PYTHONUTF8": "0"},
    ],
    ids=["seed", "locale and time zone", "plain C locale"],
)
def test_another_process_path_locale_and_hash_seed_give_the_same_digest(tmp_path, environment):
    root = write(tmp_path / "somewhere else")
    done = subprocess.run(
        [sys.executable, "-c", PRINT, str(root)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout.strip() == digests(tmp_path)[0]
