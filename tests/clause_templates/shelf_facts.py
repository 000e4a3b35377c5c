"""The facts of every product on the shelf, for the tests of wordings."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from clause_templates.facts import WordingFacts
from clause_templates.from_product import facts_of
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


@cache
def facts(name: str) -> WordingFacts:
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
