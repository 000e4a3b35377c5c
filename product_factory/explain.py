"""`covercast explain KEY`: meaning, type, unit, default and an example of any key of any file."""

from collections.abc import Mapping
from textwrap import wrap
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from product_factory import strict
from product_factory.basis import Basis
from product_factory.compose.overlay import Overlay
from product_factory.errors import BadValue, either, nearest
from product_factory.keys import Keys, Place, places
from product_factory.language import Language
from product_factory.load import EXAMPLES
from product_factory.module import Module
from product_factory.parameters import ParameterFile
from product_factory.process import Process
from product_factory.product import Product
from product_factory.rules.rule import Rule

OWN: Mapping[str, Any] = {
    "product": Product,
    "overlays": Overlay,
    "bases": Basis,
    "modules": Module,
    "processes": Process,
    "parameters": ParameterFile,
    "rules": Rule,
}
WIDTH = 80
SAID = {
    "PlainText": "a text",
    "Word": "a word of letters, digits and _",
    "Path": "a name such as life/surrender",
    "Reference": "a name with its version, such as life/surrender@^1",
    "Version": "three numbers such as 1.0.0",
    "Dotted": "a name such as mortality.death",
    "YesNo": "yes or no",
    "Day": "a day such as 2026-03-01",
    "Whole": "a whole number",
    "Share": "a share such as 30%",
    "Plain": "a number",
    "Texts": "a text, or a list of texts",
    "KindOfType": "one of the types: money, ratio, days, years, age, date, yes_no, choice, …",
    "Value": "a value: number with unit, name, expression, or cases with when, is, otherwise",
    "When": "conditions: name: value, name: [values] or name: {at_least, at_most, above, below}",
}
READERS = {id(get_args(getattr(strict, name))[1]): said for name, said in SAID.items()}


def roots(language: Language, others: Mapping[str, Any]) -> dict[str, Any]:
    """Name every kind of file with the model that reads it."""
    files = {**EXAMPLES, **language.files}
    own = {stem: getattr(adapter, "_type", adapter) for stem, adapter in files.items()}
    return {**OWN, **own, **others}


def found(language: Language, key: str, others: Mapping[str, Any]) -> list[Place]:
    """Find a key by its name or the end of its path: `waits`, `covers.set`, `pays.adjust.per`.

    Raises BadValue with the nearest known key.
    """
    known = list(places(roots(language, others)))
    ends = [place for place in known if f".{place.path}".endswith(f".{key}")]
    if not ends:
        names = {place.key for place in known} | {place.path for place in known}
        message = f"unknown key '{key}'{nearest(key, names)}"
        raise BadValue(message)
    return ends


def told(keys: Keys, place: Place) -> dict[str, str]:
    """Explain one key as plain values."""
    row = keys.find(place.model, place.key)
    return {
        "key": place.path,
        "means": row.means if row else "",
        "type": type_of(place.field),
        "default": default_of(place.field),
        "example": row.example if row else "",
    }


def lines(keys: Keys, ends: list[Place]) -> list[str]:
    """Explain every key that was found; keys that mean the same are told once."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for place in ends:
        data = told(keys, place)
        rest = tuple(data[part] for part in ("means", "type", "default", "example"))
        grouped.setdefault(rest, []).append(data["key"])
    shown: list[str] = []
    for (means, kind, default, example), paths in grouped.items():
        shown += [*([""] if shown else []), *wrap(means, WIDTH)]
        shown += _rows("stands in", *paths)
        shown += [*_rows("type", kind), *_rows("default", default), *_rows("example", example)]
    return shown


def _rows(head: str, *texts: str) -> list[str]:
    """Write texts beside a heading, at most WIDTH columns wide."""
    cut = [line for text in texts for line in wrap(text, WIDTH - 13)]
    return [f"  {head if not number else '':<9}  {line}" for number, line in enumerate(cut)]


def type_of(field: FieldInfo) -> str:
    """Say in words what may stand under a key."""
    for reader in field.metadata:
        if id(reader) in READERS:
            return READERS[id(reader)]
    return _type(field.annotation)


def _type(annotation: Any) -> str:  # noqa: ANN401 - any annotation
    for reader in getattr(annotation, "__metadata__", ()):
        if id(reader) in READERS:
            return READERS[id(reader)]
    if hasattr(annotation, "__metadata__"):
        return _type(annotation.__origin__)
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return either(inner)
    if origin in (Union, UnionType):
        return either(dict.fromkeys(_type(part) for part in inner if part is not NoneType))
    if origin is tuple:
        return f"a list; each entry: {_type(inner[0])}"
    if origin is dict:
        return f"names with values; each value: {_type(inner[1])}"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        keys = [field.alias or name for name, field in annotation.model_fields.items()]
        return f"the keys {', '.join(keys)}"
    return {str: "a text", int: "a whole number", float: "a number", bool: "yes or no"}.get(
        annotation, "as in the example"
    )


def default_of(field: FieldInfo) -> str:
    """Say what holds where a key is not written."""
    if field.is_required():
        return "none: it must be written"
    default = field.get_default(call_default_factory=True)
    if isinstance(default, bool):
        return "yes" if default else "no"
    if default is None or default == "" or (not default and isinstance(default, tuple | dict)):
        return "nothing: it may be left out"
    return str(default)
