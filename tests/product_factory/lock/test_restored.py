"""A published version is assembled again from the files that it keeps."""

import dataclasses
import json
from datetime import date

import pytest

import cli
from product_factory.errors import BadInput
from product_factory.lock.published import Published, read_published, snapshot, version_path
from product_factory.lock.restored import restored
from product_factory.shelf import installed, open_shelf
from tests.product_factory.lock.test_published import publish

DAY = date(2026, 3, 1)
PRODUCTS = [path.parent.name for path in sorted(installed().glob("*/product.yaml"))]


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_product_of_the_shelf_is_the_same_product_when_it_is_restored(tmp_path, name):
    assemble = cli.assemble_on(None)
    product = assemble(open_shelf(installed()), name)
    one = snapshot(product.effective, product.shelf, DAY, None, "")
    assert one.whole()
    again = assemble(restored(one, product.shelf, tmp_path), name)
    assert again.digest == product.digest
    assert again.inputs == product.inputs
    assert not any("rules/" in file for file in one.files)


def test_a_version_from_before_files_were_kept_holds_and_says_that_it_cannot_be_rated(tmp_path):
    one = publish(tmp_path, "1.0.0")
    assert one.files
    shelf = open_shelf(tmp_path / "products")
    older = dataclasses.replace(one, files={}).sealed()
    assert '"files"' not in older.text()
    assert "files" not in json.loads(older.text())
    version_path(shelf, "repair", "1.0.0").write_text(older.text(), encoding="utf-8")
    kept = read_published(shelf, "repair", "1.0.0")
    assert kept == older
    with pytest.raises(
        BadInput, match=r"repair/versions/1\.0\.0\.json: this version was published"
    ):
        restored(kept, shelf, tmp_path / "again")


@pytest.mark.parametrize("name", ["products/../../x.yaml", "/elsewhere/x.yaml", "other/x.yaml"])
def test_no_file_is_written_outside_of_the_folder(tmp_path, name):
    one = publish(tmp_path, "1.0.0")
    shelf = open_shelf(tmp_path / "products")
    bad: Published = dataclasses.replace(one, files={**one.files, name: ("x: 1",)}).sealed()
    with pytest.raises(BadInput, match="expected a file inside the shelf"):
        restored(bad, shelf, tmp_path / "again")
    assert not list(tmp_path.glob("x.yaml"))
