"""The examples of a rule → facts: what passes it and what fails it, as its file writes them.

`definition.grace.least: 60 days` is a number with its unit (money as `200000 CNY`), a list under
the name of a text its entries, and a name without dots a column with one value for each row. What
the rule's `applies` asks for stands by itself: the first word of each key.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np

from product_factory.errors import At, BadInput, BadValue, nearest
from product_factory.nodes import Map, Node, Seq, Text, said
from product_factory.parameters import DatedValue
from product_factory.rules.facts import (
    HEADS,
    STAGES,
    Column,
    Facts,
    Grain,
    NumberFact,
    Rows,
    TextFact,
)
from product_factory.rules.rule import Rule
from product_factory.rules.vocabulary import COLUMNS, NUMBERS, PARTS, TEXTS
from product_factory.types import Type, read_literal

UNITS = {"CNY": "money", "days": "days", "day": "days", "years": "years", "year": "years"}
UNITS |= {"months": "months", "month": "months"}


def example_day(rule: Rule) -> date:
    """Give the day for which a rule's examples are judged."""
    if rule.examples is None or rule.examples.on is None:
        return rule.since
    return rule.examples.on


def example_facts(rule: Rule, node: Node, parameters: Mapping[str, DatedValue]) -> Facts:
    """Read the facts of an example. Raises BadInput for what no stage states."""
    if not isinstance(node, Map):
        raise BadInput.one(rule.place("examples"), "", f"expected facts, got {said(node)}")
    numbers: dict[str, NumberFact] = {}
    texts = {name: TextFact((word,)) for name, word in _heads(rule).items()}
    columns: dict[str, Column] = {}
    known = COLUMNS[rule.for_each]
    for name, value in node.items():
        if name in TEXTS:
            texts[name] = TextFact(_entries(value))
        elif name in known:
            read = [_number(entry, known[name], value.at) for entry in _entries(value)]
            columns[name] = Column(np.array(read, dtype=np.float64), Type(known[name]))
        elif isinstance(value, Text) and _is_number(name):
            kind = NUMBERS.get(name) or _kind(value)
            numbers[name] = NumberFact(_number(value, kind, value.at), Type(kind))
        else:
            hint = nearest(name, [*TEXTS, *NUMBERS, *known])
            raise BadInput.one(node.keys_at[name], name, f"unknown fact '{name}'{hint}")
    rows: dict[Grain, Rows] = {rule.for_each: Rows(columns, columns)} if columns else {}
    return Facts(frozenset(STAGES), numbers, texts, rows, parameters)


def _is_number(name: str) -> bool:
    """Tell the name of a number: one that the vocabulary lists, of a term or basis, a figure."""
    return name in NUMBERS or name.count(".") == PARTS - 1 or name.startswith("figures.")


def _heads(rule: Rule) -> dict[str, str]:
    applies = rule.applies
    found = {
        f"definition.{key}": getattr(applies, key)[0] for key in HEADS if getattr(applies, key)
    }
    if applies.has:
        found["definition.terms"] = applies.has[0]
    if applies.named:
        found["definition.name"] = applies.named[0]
    return found


def _entries(node: Node) -> tuple[str, ...]:
    if isinstance(node, Text):
        return (str(node),)
    return tuple(str(entry) for entry in node) if isinstance(node, Seq) else ()


def _kind(text: str) -> str:
    """Tell the type of a number by its unit."""
    unit = text.rpartition(" ")[2]
    if text.endswith("%"):
        return "ratio"
    return "yes_no" if text in ("yes", "no") else UNITS.get(unit, "number")


def _number(text: str, kind: str, at: At) -> float:
    try:
        return read_literal(text.removesuffix(" CNY"), Type(kind))
    except BadValue as error:
        raise BadInput.one(at, "", str(error)) from None
