"""The products of the shelf in a copy of it, with their rate tables built from it."""

import shutil
from typing import Any

import pytest
from pydantic import TypeAdapter

from product_factory.assemble import assemble
from product_factory.language import Language
from product_factory.rules.definition import definition_facts
from product_factory.shelf import installed, open_shelf
from rating.build import build
from rating.facts import rates_facts
from rating.plan import bind
from rating.steps import STEPS

ANY: TypeAdapter[Any] = TypeAdapter(Any)
FILES = ("portfolio", "gates", "scenarios", "reinsurance", "waivers")
MODELS = {
    "poisson": (("mean",),),
    "negative_binomial": (("mean", "variance_over_mean"),),
    "mbbefd": (("c",),),
    "beta": (("mean", "cv"),),
    "catalogue": (("events",),),
    "vortex": (("at",),),
    "emanuel": (("v_threshold", "v_half"),),
}
LANGUAGE = Language({"rating": STEPS} | dict.fromkeys(FILES, ANY), MODELS)


def made(folder, name, *changes):
    """A product of the shelf with texts of its files replaced, its rate tables built anew."""
    root = folder / "products"
    if not root.exists():
        shutil.copytree(installed(), root)
    for file, old, new in changes:
        text = (root / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} holds {old!r} {text.count(old)} times"
        (root / file).write_text(text.replace(old, new), encoding="utf-8")
    for table in build(assemble(open_shelf(root), name, LANGUAGE)):
        path = root / name / "tables" / "built" / f"{table.name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(table.text, encoding="utf-8")
    return assemble(open_shelf(root), name, LANGUAGE)


def stated(product):
    """Facts of the definition and of the rates."""
    return definition_facts(product) | rates_facts(bind(product))


@pytest.fixture(scope="session")
def term_life(tmp_path_factory):
    return made(tmp_path_factory.mktemp("shelf"), "term_life")


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    return made(tmp_path_factory.mktemp("shelf"), "home")
