"""Every value of a product is there, resolved, with its kind and the place where it stands."""

import pytest

from product_factory.effective.kinds import kind_of
from tests.product_factory.shelves import altered, made
from tests.the_shelf import PRODUCTS, shipped


@pytest.mark.parametrize(
    ("path", "kind", "value"),
    [
        ("covers.repair.terms.share", "benefit", "90%"),
        ("covers.repair.terms.notice", "benefit", "10 days"),
        ("covers.repair.terms.excess", "benefit", "as chosen: excess"),
        ("covers.repair.terms.notice.because", "metadata", "a guide"),
        ("covers.repair.pays.adjust.deductible.value", "benefit", "excess"),
        ("covers.repair.clauses", "wording", "[benefits/repair]"),
        ("covers.repair.version", "metadata", "1.2.0"),
        ("accepts.dear_enough.require", "benefit", "value >= 100"),
        ("accepts.dear_enough.says.en", "wording", "Too cheap"),
        ("bases.best_estimate.loading", "price", "30%"),
        ("bases.pricing.risk.breakage.damage", "price", "lognormal {cv: 1, mean: 0.2}"),
        ("processes.breakage.marks.loss.is", "benefit", "damage * value"),
        ("offers.excess.of", "benefit", "[50, 100]"),
        ("jurisdiction", "rule", "CN"),
        ("effective", "metadata", "2026-03-01"),
        ("parameters.cn.longest_notice", "rule", "60 days"),
        ("tables.frequency.status", "metadata", "illustrative"),
        ("claims.手机跌落.after", "metadata", "in_force"),
    ],
)
def test_a_value_is_told_by_path_kind_and_what_it_amounts_to(tmp_path, path, kind, value):
    entry = made(tmp_path, "repair").effective.entries[path]
    assert (entry.kind, entry.value) == (kind, value)


def test_a_term_by_parameter_amounts_to_what_the_parameter_is(tmp_path):
    files = altered(
        "modules/gadget/repair.yaml", ("default: 10 days", "default: cn.longest_notice")
    )
    entries = made(tmp_path, "repair", files).effective.entries
    assert entries["covers.repair.terms.notice"].value == "60 days"
    assert entries["parameters.cn.longest_notice"].kind == "benefit"  # it moves one now


def test_a_parameter_or_table_that_nothing_reads_is_no_value(tmp_path):
    entries = made(tmp_path, "repair").effective.entries
    assert not any("death_ratio" in path or "death_rate" in path for path in entries)


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_value_of_the_shelf_stands_in_a_file_that_is_there(name):
    product = shipped(name)
    root = product.shelf.root.parent
    places = {entry.at for entry in product.effective.entries.values()}
    lengths = {
        file: len((root / file).read_text(encoding="utf-8").splitlines())
        for file in {at.file for at in places if not at.file.startswith("rating/")}
    }
    assert all(1 <= at.line <= lengths[at.file] for at in places if at.file in lengths)


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_term_of_the_shelf_is_among_the_values(name):
    product = shipped(name)
    kinds = {"covers": product.covers, "exclusions": product.exclusions}
    kinds |= {"provisions": product.provisions}
    for kind, group in kinds.items():
        for cover in group.values():
            for term in cover.terms:
                assert f"{kind}.{cover.alias}.terms.{term}" in product.effective.entries


def test_a_key_that_is_not_known_here_counts_as_what_moves_money():
    assert kind_of("something.new") == "benefit"
    assert kind_of("covers.death.something") == "benefit"


def test_what_a_price_depends_on_leaves_out_words_examples_and_built_rates(tmp_path):
    before = made(tmp_path, "repair")
    words = altered("repair/product.yaml", ("en: Too cheap", "en: Too little"))
    examples = altered("repair/claims.yaml", ("540.00", "541.00"))
    for number, files in enumerate((words, examples)):
        after = made(tmp_path / str(number), "repair", files)
        assert after.inputs == before.inputs
        assert after.digest != before.digest
    product = shipped("term_life")
    assert any(path.startswith("built.") for path in product.effective.entries)
