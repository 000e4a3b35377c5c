"""The wording of every product on the shelf, from its files to its figures."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from pydantic import TypeAdapter

from clause_templates.compose import compose
from clause_templates.facts import ToAge
from clause_templates.from_product import facts_of
from clause_templates.scan import scan
from clause_templates.trace import trace, unprinted, untraced
from product_factory.assemble import assemble
from product_factory.language import Language
from product_factory.load import load
from product_factory.risk import ModelSpec
from product_factory.shelf import installed, open_shelf

SHELF = open_shelf(installed())
PRODUCTS = SHELF.products()


def models(part: object) -> Iterator[ModelSpec]:
    """Every distribution that the bases name."""
    if isinstance(part, ModelSpec):
        yield part
    if isinstance(part, tuple):
        for one in part:
            yield from models(one)
    elif isinstance(part, dict):
        yield from models(tuple(part.values()))
    elif is_dataclass(part):
        yield from models(tuple(getattr(part, one.name) for one in fields(part)))


def facts(name):
    """The facts of a product, in a language that takes every file and every distribution."""
    stems = [path.stem for path in SHELF.product(name).glob("*.yaml")]
    anything = {stem: TypeAdapter(Any) for stem in stems}
    loaded = load(SHELF, name, Language(anything, {}))
    forms: dict[str, tuple[tuple[str, ...], ...]] = {}
    for basis in loaded.bases.values():
        for model in models(dict(basis.risk)):
            form = tuple(parameter for parameter, _ in model.parameters)
            forms[model.kind] = (*forms.get(model.kind, ()), form)
    return facts_of(assemble(SHELF, name, Language(anything, forms)))


def test_the_shelf_holds_products():
    assert {"home", "term_life"} <= set(PRODUCTS)


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_number_in_the_wording_is_a_number_of_the_product(name):
    """DESIGN section 1, law 2, first half."""
    wording = compose(facts(name))
    assert untraced(wording) == ()
    assert len(trace(wording)) >= 30


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_term_that_moves_money_is_in_the_wording(name):
    """DESIGN section 1, law 2, second half."""
    found = facts(name)
    assert found.reads
    assert unprinted(found, compose(found)) == ()


@pytest.mark.parametrize("name", PRODUCTS)
def test_every_figure_comes_from_a_line_of_the_shelf_that_holds_it(name):
    """The line named holds the same number as its author wrote it: 10万 is 100000 there."""
    for figure in trace(compose(facts(name))):
        path = SHELF.root.parent / figure.source.file
        line = path.read_text("utf-8").splitlines()[figure.source.line - 1]
        assert figure.worth in {found.worth for found in scan(line)}, figure


def test_what_price_and_payout_read_is_collected():
    assert facts("term_life").reads == {"death.waiting", "statutory.suicide_period"}
    assert {
        "fire.deductible",
        "theft.event_limit",
        "typhoon.deductible_share",
        "average.items",
    } <= (facts("home").reads)


def test_a_choice_is_a_list_and_a_term_to_an_age_stays_one():
    found = facts("term_life").facts
    assert found["contract.term"].values[-1] == ToAge(60)
    assert [int(value) for value in found["contract.term"].values[:-1]] == [10, 20, 30]


def test_a_term_filled_by_a_dated_parameter_carries_its_law():
    fact = facts("term_life").facts["statutory.suicide_period"]
    assert fact.reference == "保险法 第四十四条"
    assert fact.at.file == "products/parameters/cn.yaml"


def test_a_joined_limit_names_the_covers_that_share_it():
    shared = facts("home").facts["theft.limit.shared"]
    assert [one.text["zh"] for one in shared.values] == ["火灾与爆炸", "管道破裂及水渍", "台风"]
