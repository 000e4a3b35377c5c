"""Any part of a product's files → its values by path, each with its place.

A key left at its default says nothing. Entries of a list are named by what they call themselves
and the order of a named list is a value of its own; other lists are counted.
"""

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from product_factory.effective.entry import ORDER
from product_factory.effective.text import risk_text, scalar, text
from product_factory.errors import At
from product_factory.expressions.tree import Conditions, Expression
from product_factory.nodes import Map, Seq, Text
from product_factory.risk import ModelSpec, RiskCases, Shares
from product_factory.strict import Strict

RISKS = (ModelSpec, Shares, RiskCases)
SCALARS = (str, int, float, date, Decimal)
NAMES = ("name", "rule", "line", "operation")
"""What an entry of a list may be called by, the first that all of them have."""
NAMED = frozenset({"name"})
PAIR = 2
QUOTED = frozenset('",[]')


class Value(NamedTuple):
    """A value on its way to be an entry."""

    path: str
    value: str
    at: At


def walk(part: object, path: str, at: At) -> Iterator[Value]:
    """Give every value below a part.

    at  the place of what holds the part, for values that do not know their own
    """
    at = _place(part, at)
    if part is None or isinstance(part, At):
        return
    if isinstance(part, Expression | Conditions):
        yield Value(path, text(part), at)
    elif isinstance(part, RISKS):
        yield Value(path, risk_text(part), at)
    elif isinstance(part, SCALARS):
        yield Value(path, scalar(part), at)
    elif isinstance(part, Mapping):
        for key in sorted(part):
            inner = part.keys_at.get(key, at) if isinstance(part, Map) else at
            yield from walk(part[key], joined(path, str(key)), inner)
    elif isinstance(part, list | tuple):
        yield from _list(part, path, at)
    elif isinstance(part, BaseModel):
        yield from _model(part, path, at)
    elif dataclasses.is_dataclass(part):
        for one in dataclasses.fields(part):
            yield from walk(getattr(part, one.name), joined(path, one.name), at)


def joined(path: str, key: str) -> str:
    """Give the path of a key under a path."""
    return f"{path}.{key}" if path else key


def listed(words: Iterable[str]) -> str:
    """Write a list so that no two lists are written the same: `[10, to 60, "a, b"]`."""
    return f"[{', '.join(map(_quoted, words))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if QUOTED & set(text) else text


def _place(part: object, at: At) -> At:
    found = getattr(part, "at", at) if not isinstance(part, Mapping | At) else at
    found = part.at if isinstance(part, Map | Seq | Text) else found
    return found if isinstance(found, At) and found.file else at


def _model(
    part: BaseModel, path: str, at: At, leave: frozenset[str] = frozenset()
) -> Iterator[Value]:
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        if name in leave or value is None or value == _default(field):
            continue
        key = field.alias or name
        yield from walk(
            value, joined(path, key), part.place(key) if isinstance(part, Strict) else at
        )


def fields(part: BaseModel, path: str, at: At, *leave: str) -> Iterator[Value]:
    """Give the values of a model but those of some of its fields."""
    yield from _model(part, path, at, frozenset(leave))


def _default(field: FieldInfo) -> object:
    return None if field.is_required() else field.get_default(call_default_factory=True)


def _list(part: Sequence[object], path: str, at: At) -> Iterator[Value]:
    if all(isinstance(entry, SCALARS) for entry in part):
        if part:
            yield Value(path, listed(scalar(entry) for entry in part), at)
        return
    names = _names(part)
    for place, entry in enumerate(part):
        if names is None:
            yield from walk(entry, f"{path}[{place}]", at)
        elif isinstance(entry, tuple):
            yield from walk(entry[-1], joined(path, names[place]), at)
        elif isinstance(entry, BaseModel):  # its name stands in the path
            yield from _model(entry, joined(path, names[place]), _place(entry, at), NAMED)
        else:
            yield from walk(entry, joined(path, names[place]), at)
    if names is not None and len(names) > 1:
        yield Value(f"{path}{ORDER}", listed(names), at)


def _names(part: Sequence[object]) -> list[str] | None:
    """Give what the entries of a list are called, None where some have no name or share one."""
    for key in NAMES:
        found = [_named(entry, key) for entry in part]
        if all(found) and len(set(found)) == len(found):
            return found
    return None


def _named(entry: object, key: str) -> str:
    if isinstance(entry, tuple):
        return entry[0] if len(entry) >= PAIR and isinstance(entry[0], str) else ""
    found = entry.get(key) if isinstance(entry, Mapping) else getattr(entry, key, "")
    return str(found) if isinstance(found, str) else ""
