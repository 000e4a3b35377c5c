"""What the filer states, and what a name says of the type."""

import pytest

from product_factory.errors import BadInput
from product_factory.filing import NAMED, Filing, type_named
from product_factory.rules.catalogue import FILING
from product_factory.rules.definition import definition_facts
from tests.product_factory.shelves import altered, made


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("安心定期寿险", "term"),
        ("增额终身寿险（分红型）", "whole_life"),
        ("重大疾病保险", "disease"),
        ("互联网百万医疗保险（费率可调）", "medical"),
        ("家庭财产保险", "property"),
        ("城乡居民住宅巨灾保险", "household_catastrophe"),
        ("机动车交通事故责任强制保险", "compulsory_motor"),
        ("附加意外伤害保险", "accident"),
        ("如意宝", None),
    ],
)
def test_the_longest_ending_of_a_name_is_its_type(name, kind):
    assert type_named(name) == kind


def test_every_ending_names_its_own_type():
    assert {word: type_named(f"某{word}") for words in NAMED.values() for word in words} == {
        word: kind for kind, words in NAMED.items() for word in words
    }


def facts(folder, filing):
    change = ("short_life/product.yaml", ("covers:\n", f"filing: {filing}\ncovers:\n"))
    return definition_facts(made(folder, "short_life", altered(*change)))


def test_what_is_filed_is_stated_with_its_place(tmp_path):
    held = facts(tmp_path, "{type: endowment, route: approved, tax_preferred: yes}")
    texts = {key: held.texts[f"definition.{key}"].texts for key in ("type", "route", "form")}
    assert texts == {"type": ("endowment",), "route": ("approved",), "form": ("main",)}
    assert held.texts["definition.tax_preferred"].texts == ("yes",)
    assert held.numbers["definition.name_has_type"].value == 0.0
    assert held.texts["definition.type"].at.line > 0


def test_a_company_begins_the_name(tmp_path):
    assert "definition.name_has_company" not in facts(tmp_path / "a", "{}").numbers
    stated = facts(tmp_path / "b", "{company: 某某人寿}").numbers["definition.name_has_company"]
    assert stated.value == 0.0


@pytest.mark.parametrize(
    ("filing", "line"),
    [
        ("{typ: term}", "unknown key 'typ'; did you mean 'type'?"),
        ("{type: terme}", "filing.type: expected term, "),
        ("{commission_ceiling: much}", "expected a share such as 30%, got much"),
        ("{form: ryder}", "expected main or rider, got ryder; did you mean 'rider'?"),
    ],
)
def test_a_slip_in_filing_is_told(tmp_path, filing, line):
    with pytest.raises(BadInput) as raised:
        facts(tmp_path, filing)
    assert line in str(raised.value)


def test_the_page_explains_every_key():
    assert [key for key, _, _ in FILING] == list(Filing.model_fields)
