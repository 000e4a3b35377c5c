"""Reads are those that binding records: which part, which name, written where, by way of what."""

import pytest

from tests.product_factory.shelves import FILES, altered, made

MODULE = "modules/gadget/repair.yaml"


def reads(tmp_path, product="repair", files=FILES):
    found = made(tmp_path, product, files).reads
    return {(r.path, r.name, r.through) for r in found}


def test_a_limit_reads_its_parameter_at_the_place_where_the_name_stands(tmp_path):
    (one,) = [r for r in made(tmp_path, "repair").reads if r.what == "parameter"]
    assert (one.path, one.name) == ("covers.repair.terms.notice.max", "cn.longest_notice")
    line = FILES[MODULE].split("\n")[one.at.line - 1]
    assert line[one.at.column - 1 :].startswith("cn.longest_notice")
    assert one.through == ()


def test_a_distribution_a_rate_and_a_whole_table_are_reads_of_the_basis(tmp_path):
    found = reads(tmp_path) | reads(tmp_path, "short_life")
    assert ("bases.pricing.risk.breakage.accident", "frequency", ()) in found
    assert ("bases.best_estimate.risk.breakage.accident", "frequency", ()) in found
    assert ("bases.pricing.risk.mortality.death", "death_rate", ()) in found


def test_what_is_read_by_way_of_a_term_names_the_term(tmp_path):
    files = altered(MODULE, ("{type: ratio, min", "{type: ratio, default: cn.death_share, min"))
    files |= {
        "parameters/cn.yaml": FILES["parameters/cn.yaml"]
        + "  death_share:\n    title: {zh: 比例, en: Share}\n    type: ratio\n"
        + "    dated:\n      - {from: 2020-01-01, is: 80%, reference: none, trust: memory}\n"
    }
    files |= {
        "repair/product.yaml": FILES["repair/product.yaml"].replace(", set: {share: 90%}", "")
    }
    found = reads(tmp_path, "repair", files)
    assert ("covers.repair.terms.share", "cn.death_share", ()) in found
    assert ("covers.repair.pays.adjust[1].share", "cn.death_share", ("share",)) in found


def test_the_choices_that_stand_in_a_table_are_read_there(tmp_path):
    files = altered("repair/product.yaml", ("of: [new, used]", "of: frequency.grade"))
    assert ("insured.grade.of", "frequency.grade", ()) in reads(tmp_path, "repair", files)


def test_a_table_that_only_stands_on_the_shelf_is_not_read(tmp_path):
    assert made(tmp_path, "repair").tables_read == {"frequency"}
    assert made(tmp_path, "short_life").tables_read == {"death_rate"}


@pytest.mark.parametrize("word", ["a frequency", "cn.longest_notice", "death_rate"])
def test_a_name_in_a_text_is_no_read(tmp_path, word):
    files = altered("repair/product.yaml", ("en: Too cheap", f"en: Too cheap {word}"))
    assert reads(tmp_path / "other", "repair", files) == reads(tmp_path)
