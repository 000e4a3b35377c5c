"""The shelf is as it was locked; what drifts is a finding; publishing only ever adds."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

import cli
from product_factory.assemble import assemble
from product_factory.errors import BadInput, Stale
from product_factory.lock.lock import lock_path
from product_factory.shelf import installed, open_shelf
from sandbox.lock.check import check_lock, launch_lock
from sandbox.lock.make import lock_of
from sandbox.lock.publish import publish
from tests.the_shelf import shipped

pytestmark = pytest.mark.long

LOCKED = sorted(path.parent.name for path in installed().glob("*/lock.json"))
DAY = date(2026, 4, 1)


@pytest.fixture
def shelf(tmp_path):
    """A copy of the shelf that a test may change."""
    shutil.copytree(installed(), tmp_path / "products")
    return tmp_path / "products"


def product(shelf, name="home"):
    return assemble(open_shelf(shelf), name, cli.language())


def change(shelf, file, old, new):
    path = shelf / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def lock(shelf, name="home"):
    made = product(shelf, name)
    lock_path(made.shelf, name).write_text(lock_of(made).text(), encoding="utf-8")


def refused(shelf, on=DAY):
    with pytest.raises(BadInput) as told:
        publish(product(shelf), on)
    return str(told.value)


def test_some_products_of_the_shelf_are_locked():
    assert {"home", "term_life"} <= set(LOCKED)


@pytest.mark.parametrize("name", LOCKED)
def test_the_shelf_is_as_it_was_locked(name):
    """After a change that is meant: covercast lock NAME."""
    assert [str(finding) for finding in check_lock(shipped(name))] == []


def test_a_change_drifts_by_file_value_wording_and_trace(shelf):
    change(shelf, "home/product.yaml", "event_limit: 20000", "event_limit: 30000")
    found = [(f.source, f.name, f.severity, f.text) for f in check_lock(product(shelf))]
    assert found == [
        ("lock", "file home/product.yaml", "error", "changed"),
        ("lock", "value covers.theft.terms.event_limit", "error", "benefit changed: 20000 → 30000"),
        ("lock", "wording zh benefits/theft", "error", "changed"),
        ("lock", "wording zh schedule", "error", "changed"),
        ("lock", "wording zh", "error", "the trace of its figures changed"),
    ]


def test_a_rule_that_changed_is_named(shelf):
    change(shelf, "rules/cn/double_insurance.yaml", "severity: error", "severity: warning")
    found = [(f.name, f.text) for f in check_lock(product(shelf))]
    assert found == [
        ("file rules/cn/double_insurance.yaml", "changed"),
        ("value rules.cn/double_insurance.severity", "rule changed: error → warning"),
    ]


def test_without_a_lock_that_is_told_and_a_launch_only_warns(shelf):
    (shelf / "home/lock.json").unlink()
    made = product(shelf)
    (one,) = check_lock(made)
    assert str(one) == (
        "error: products/home/lock.json: lock home: there is no lock; run: covercast lock home"
    )
    assert [finding.severity for finding in launch_lock(made)] == ["warning"]


def test_a_product_for_sale_needs_its_lock_to_launch(shelf):
    (shelf / "home/lock.json").unlink()
    change(shelf, "home/product.yaml", "for_sale: no", "for_sale: yes")
    assert [finding.severity for finding in launch_lock(product(shelf))] == ["error"]


def test_rates_that_are_not_built_from_what_the_product_says_are_not_locked(shelf):
    change(shelf, "term_life/bases.yaml", "interest: 2.0%", "interest: 1.9%")
    with pytest.raises(Stale, match=r"was built from other inputs; run: covercast build term_life"):
        lock_of(product(shelf, "term_life"))


def test_stale_rates_do_not_hide_what_drifted(shelf):
    change(shelf, "term_life/bases.yaml", "interest: 2.0%", "interest: 1.9%")
    made = product(shelf, "term_life")
    assert "price changed: 2% → 1.9%" in [finding.text for finding in check_lock(made)]
    with pytest.raises(Stale):
        publish(made, DAY)


def test_a_lock_holds_engines_filed_rates_and_wording():
    found = lock_of(shipped("term_life"))
    assert dict(found.engines).keys() == {"multistate"}
    assert dict(found.built).keys() == {"net_rate"}
    assert "premium/grace" in found.wording["zh"].articles
    assert lock_of(shipped("home")).engines.keys() == {"collective"}


def test_publishing_only_ever_adds(shelf):
    first = publish(product(shelf), DAY)
    assert (first.new, first.changes, first.published.version) == (True, None, "2026.1.0")
    path = shelf / "home/versions/2026.1.0.json"
    before = path.read_bytes()
    again = publish(product(shelf), date(2026, 5, 1))
    assert (again.new, again.published.published) == (False, "2026-04-01")
    assert path.read_bytes() == before

    change(shelf, "home/product.yaml", "event_limit: 20000", "event_limit: 30000")
    at = "products/home/product.yaml:2:10: version: "
    assert refused(shelf) == (
        f"{at}expected the product as it is locked; file home/product.yaml: changed, and 4 more"
    )
    lock(shelf)
    assert refused(shelf) == (
        f"{at}2026.1.0 is published with other content: benefit 1; raise it to 2027.0.0"
    )
    for version, says in (
        ("2026.0.9", "expected a version above 2026.1.0, the last published, got 2026.0.9"),
        ("2026.2.0", "expected 2027.0.0 or higher (major, since benefit changes), got 2026.2.0"),
    ):
        text = (shelf / "home/product.yaml").read_text(encoding="utf-8")
        old = text.partition("version: ")[2].partition("\n")[0]
        change(shelf, "home/product.yaml", f"version: {old}", f"version: {version}")
        lock(shelf)
        assert refused(shelf) == f"{at}{says}"
    change(shelf, "home/product.yaml", "version: 2026.2.0", "version: 2027.0.0")
    lock(shelf)
    assert refused(shelf, date(2026, 3, 31)) == (
        f"{at}expected a day from 2026-04-01 on, when 2026.1.0 was published, got 2026-03-31"
    )
    second = publish(product(shelf), date(2026, 6, 1))
    assert dict(second.changes.counts) == {"benefit": 1}
    assert path.read_bytes() == before
    content = json.loads((shelf / "home/versions/2027.0.0.json").read_text(encoding="utf-8"))
    assert content["previous"] == json.loads(before)["digest"]


def test_a_product_is_not_published_before_its_first_draft(shelf):
    change(shelf, "home/product.yaml", "for_sale: no", "for_sale: no\ndrafted: 2026-05-01")
    lock(shelf)
    assert refused(shelf) == (
        "products/home/product.yaml:2:10: version: expected a day from 2026-05-01 on, the first "
        "draft, got 2026-04-01"
    )


def test_a_lock_stands_beside_its_product():
    assert lock_path(open_shelf(installed()), "home") == Path(installed() / "home/lock.json")
