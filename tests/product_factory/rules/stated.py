"""Small facts, written out: what an example of a rule needs and nothing else."""

from datetime import date
from functools import cache

import numpy as np

from product_factory.parameters import ParameterFile, unite
from product_factory.rules.facts import STAGES, Column, Facts, NumberFact, Rows, TextFact
from product_factory.rules.vocabulary import CELL, NUMBERS, YEAR
from product_factory.shelf import installed, open_shelf
from product_factory.strict import read
from product_factory.types import Type

ON = date(2026, 3, 1)
SHELF = open_shelf(installed())


@cache
def parameters(on=ON):
    """The shelf's dated parameters on a day."""
    files = sorted((SHELF.root / "parameters").glob("*.yaml"))
    united = unite(tuple(read(ParameterFile, SHELF.nodes(path)) for path in files))
    started = [n for n in united.names() if united.entries[n].dated[0].since <= on]
    return {name: united.value(name, on) for name in started}


PARAMETERS = parameters()
KINDS = {"interest": "ratio", "new_business_value": "money", "suicide_period": "years"}
KINDS |= {"reinstate": "years"}
TYPES = {"life": "term", "health": "disease"}


def kind_of(name):
    """The type of a number: known by name, or that of its term, days where nothing is said."""
    if name in NUMBERS:
        return NUMBERS[name]
    return next((kind for part, kind in KINDS.items() if part in name.split(".")), "days")


def facts(line="life", stages=STAGES, on=ON, *, texts=None, **numbers):
    """Facts of a product of a line; numbers by their last name, `a__b` for `a.b`."""
    heads = {"line": line, "design": "ordinary", "sold_to": "individual", "channel": "agent"}
    heads |= {"jurisdiction": "CN", "terms": "waiting", "type": TYPES.get(line, line)}
    heads |= {"renewal": "none", "route": "filed", "form": "main", "for_sale": "no"}
    held = {f"definition.{key}": TextFact((word,)) for key, word in heads.items()}
    held |= {name: TextFact(tuple(words)) for name, words in (texts or {}).items()}
    named = {name.replace("__", "."): value for name, value in numbers.items()}
    stated = {n: NumberFact(float(v), Type(kind_of(n))) for n, v in named.items()}
    return Facts(frozenset(stages), stated, held, {}, parameters(on) if on != ON else PARAMETERS)


def _rows(known, columns):
    held = {n: Column(np.array(v, dtype=np.float64), Type(known[n])) for n, v in columns.items()}
    return Rows(held, held)


def cells(**columns):
    """Facts of cells."""
    return Facts(rows={("cell",): _rows(CELL, columns)})


def years(**columns):
    """Facts of cells and policy years."""
    return Facts(rows={("cell", "policy_year"): _rows(CELL | YEAR, columns)})


def text(name, *paragraphs):
    """Facts of one text."""
    return Facts(texts={name: TextFact(paragraphs)})
