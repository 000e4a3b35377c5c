"""Published versions are written once and read back whole; one that was altered is told."""

import dataclasses
import json
from datetime import date

import pytest

from product_factory.diff.compare import compare
from product_factory.errors import BadInput
from product_factory.lock.history import history
from product_factory.lock.published import (
    all_published,
    read_published,
    snapshot,
    version_path,
    versions,
)
from product_factory.lock.raising import raised, reason
from product_factory.shelf import open_shelf
from tests.product_factory.shelves import FILES, made, write

DAY = date(2026, 3, 1)


def numbered(version, change=("", "")):
    text = FILES["repair/product.yaml"].replace("version: 1.0.0", f"version: {version}")
    return FILES | {"repair/product.yaml": text.replace(*change)}


def publish(tmp_path, version, published=DAY, change=("", ""), drafted=None):
    product = made(tmp_path, "repair", numbered(version, change))
    past = all_published(product.shelf, "repair")
    previous = past[-1].digest if past else ""
    one = snapshot(product.effective, product.shelf, published, drafted, previous)
    path = version_path(product.shelf, "repair", version)
    path.parent.mkdir(exist_ok=True)
    path.write_text(one.text(), encoding="utf-8")
    return one


def test_a_version_reads_back_as_it_was_published_cells_and_places_too(tmp_path):
    publish(tmp_path, "1.0.0")
    product = made(tmp_path, "repair", numbered("1.0.0"))
    found = read_published(product.shelf, "repair", "1.0.0").effective()
    assert found.entries == product.effective.entries
    assert found.digest == product.digest
    assert compare(found, product.effective).changes == ()
    table = found.tables["tables.frequency.frequency"]
    assert table.find("frequency", grade="used") == 0.2


def test_versions_stand_in_order_of_number(tmp_path):
    for version in ("1.0.0", "1.2.0", "1.10.0"):
        publish(tmp_path, version)
    assert versions(open_shelf(tmp_path / "products"), "repair") == ("1.0.0", "1.2.0", "1.10.0")


def test_a_version_that_is_not_there_is_told_with_those_that_are(tmp_path):
    shelf = open_shelf(write(tmp_path))
    with pytest.raises(BadInput) as told:
        read_published(shelf, "repair", "1.0.0")
    assert str(told.value) == (
        "products/repair: 'repair' has no published version 1.0.0; none is published"
    )
    publish(tmp_path, "1.0.0")
    with pytest.raises(BadInput) as told:
        read_published(shelf, "repair", "1.0.1")
    assert str(told.value) == (
        "products/repair: 'repair' has no published version 1.0.1; published are 1.0.0; "
        "did you mean '1.0.0'?"
    )


@pytest.mark.parametrize("key", ["hash", "published", "digest"])
def test_a_version_that_was_altered_is_told(tmp_path, key):
    publish(tmp_path, "1.0.0")
    shelf = open_shelf(tmp_path / "products")
    path = version_path(shelf, "repair", "1.0.0")
    content = json.loads(path.read_text(encoding="utf-8"))
    content[key] = "2026-03-02"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(BadInput) as told:
        read_published(shelf, "repair", "1.0.0")
    assert str(told.value) == (
        "products/repair/versions/1.0.0.json: this version was altered after it was published; "
        "bring back what was published"
    )


def test_a_version_sealed_again_with_a_day_that_is_none_is_told(tmp_path):
    made_up = dataclasses.replace(publish(tmp_path, "1.0.0"), on="soon").sealed()
    shelf = open_shelf(tmp_path / "products")
    version_path(shelf, "repair", "1.0.0").write_text(made_up.text(), encoding="utf-8")
    with pytest.raises(BadInput, match="this version was altered after it was published"):
        read_published(shelf, "repair", "1.0.0")


def test_a_version_that_was_taken_away_is_missed_by_the_next(tmp_path):
    for version in ("1.0.0", "1.1.0"):
        publish(tmp_path, version)
    shelf = open_shelf(tmp_path / "products")
    version_path(shelf, "repair", "1.0.0").unlink()
    with pytest.raises(BadInput) as told:
        all_published(shelf, "repair")
    assert str(told.value) == (
        "products/repair/versions/1.1.0.json: previous: the version before this one is not the "
        "one that it was published after"
    )


@pytest.mark.parametrize(
    ("kind", "version"),
    [("price", "2.0.0"), ("benefit", "2.0.0"), ("wording", "1.3.0"), ("rule", "1.3.0"),
     ("metadata", "1.2.4"), (None, "1.2.3")],
)  # fmt: skip
def test_the_kind_of_a_change_asks_for_a_number(kind, version):
    assert raised("1.2.3", kind) == version


def test_the_reason_for_a_number_is_told():
    assert reason("benefit") == "major, since benefit changes"
    assert reason("rule") == "minor, since rule changes"
    assert reason("metadata") == "patch, since metadata changes"


def test_a_history_tells_each_version_and_the_days_from_draft_to_launch(tmp_path):
    publish(tmp_path, "1.0.0", drafted=date(2026, 1, 5))
    publish(tmp_path, "2.0.0", date(2026, 4, 1), ("share: 90%", "share: 80%"))
    now = made(tmp_path, "repair", numbered("2.0.0", ("share: 90%", "share: 70%")))
    told = history("repair", all_published(now.shelf, "repair"), now.effective, None)
    assert [(step.version, step.published.isoformat()) for step in told.steps] == [
        ("1.0.0", "2026-03-01"),
        ("2.0.0", "2026-04-01"),
    ]
    assert told.steps[0].changes is None
    assert dict(told.steps[1].changes.counts) == {"benefit": 1, "metadata": 1}
    assert [(c.old, c.new) for c in told.unpublished.changes] == [("80%", "70%")]
    assert told.days == 55


def test_without_a_date_of_the_draft_no_days_are_told(tmp_path):
    product = made(tmp_path, "repair")
    told = history("repair", (), product.effective, None)
    assert (told.steps, told.unpublished, told.days) == ((), None, None)
