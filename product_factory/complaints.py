"""What pydantic finds wrong with a node → problems that a product designer can read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from product_factory import slips
from product_factory.errors import At, Problem, either, nearest
from product_factory.nodes import Map, Node, Seq, said

KEY = "[key]"
"""How pydantic says that a key of a mapping is meant, not its value."""
BOUNDS: Mapping[str, str] = MappingProxyType(
    {"lt": "below", "le": "of at most", "gt": "above", "ge": "of at least"}
)
"""How pydantic says which bound a number breaks, and how a person does."""


def complaints(
    model: Any,  # noqa: ANN401 - a model, or a union or list of models
    node: Node,
    error: ValidationError,
    path: str = "",
) -> Iterator[Problem]:
    """Give every problem of a node, with its place; `path` stands before the path of each."""
    for detail in error.errors():
        found = _found(node, detail["loc"])
        # A list counts as too short, too, when it is its entries that cannot be read.
        if detail["type"] != "too_short" or not len(found.node):
            yield _problem(model, found, path, detail)


@dataclass(frozen=True)
class _Found:
    """How far a location leads into the file, past words of pydantic's own.

    names    the keys and numbers that lead there
    node     what stands there;  holder: what it stands in
    """

    names: tuple[int | str, ...]
    node: Node
    holder: Node

    def path(self, prefix: str, *, upto: int | None = None) -> str:
        """Write the path, or all of it but the last parts."""
        path = prefix
        for part in self.names[:upto]:
            path += f"[{part}]" if isinstance(part, int) else f"{'.' if path else ''}{part}"
        return path

    @property
    def key_at(self) -> At:
        """Where the key stands, or the entry where there is none."""
        last = str(self.names[-1]) if self.names else ""
        return self.holder.keys_at[last] if isinstance(self.holder, Map) else self.node.at


def _found(node: Node, loc: tuple[int | str, ...]) -> _Found:
    names: list[int | str] = []
    holder = node
    for part in loc:
        inner = _child(node, part)
        if inner is not None:
            node, holder = inner, node
            names.append(part)
    return _Found(tuple(names), node, holder)


def _child(node: Node, part: int | str) -> Node | None:
    if isinstance(node, Map) and isinstance(part, str):
        return node.get(part)
    if isinstance(node, Seq) and isinstance(part, int) and part < len(node):
        return node[part]
    return None


def _problem(model: Any, found: _Found, prefix: str, detail: ErrorDetails) -> Problem:  # noqa: ANN401 - as above
    at, path = found.node.at, found.path(prefix)
    context: dict[str, Any] = detail.get("ctx", {})
    kind, last = detail["type"], str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "placed":
        inner = str(context["path"])
        dot = "." if path and inner and not inner.startswith("[") else ""
        return Problem(context["at"], f"{path}{dot}{inner}", context["text"])
    if last == KEY:
        return Problem(found.key_at, found.path(prefix, upto=-1), str(context["text"]))
    if kind == "missing":
        return Problem(at, path, f"expected the key '{last}'")
    if kind == "extra_forbidden":
        others = [name for name in _fields(model, detail["loc"][:-1]) if name != last]
        hint = nearest(last, others) or slips.key(last, found.node)
        return Problem(found.key_at, found.path(prefix, upto=-1), f"unknown key '{last}'{hint}")
    if kind == "union_tag_not_found":
        return Problem(at, path, "expected the key 'kind'")
    if kind == "union_tag_invalid":
        tags = [tag.strip(" '") for tag in str(context["expected_tags"]).split(",")]
        got = str(context["tag"])
        text = f"unknown kind '{got}'{nearest(got, tags)}"
        return Problem(at, f"{path}.kind" if path else "kind", text)
    if kind == "literal_error":
        expected = str(context["expected"]).replace("'", "")
        words = [word.strip() for word in re.split(r",| or ", expected)]
        got = said(found.node)
        return Problem(at, path, f"expected {either(words)}, got {got}{nearest(got, words)}")
    return Problem(
        at, path, str(context.get("text") or context.get("error") or _shape(kind, context, found))
    )


def _shape(kind: str, context: Mapping[str, Any], found: _Found) -> str:
    got = said(found.node)
    for key, words in BOUNDS.items():
        if key in context:
            return f"expected a number {words} {context[key]:g}, got {got}"
    shapes = {
        "dict_type": f"expected keys with values, got {got}",
        "tuple_type": f"expected a list, got {got}",
        "too_short": "expected at least one entry",
    }
    return shapes.get(kind, f"cannot be read ({kind}), got {got}")


def _fields(model: Any, loc: tuple[int | str, ...]) -> set[str]:  # noqa: ANN401 - as above
    """Collect the keys that a model and its parts know, for "did you mean"."""
    known: set[str] = set()
    todo: list[Any] = [model]
    seen: set[int] = set()
    while todo:
        entry = todo.pop()
        if id(entry) in seen:
            continue
        seen.add(id(entry))
        if isinstance(entry, type) and issubclass(entry, BaseModel):
            todo += [field.annotation for field in entry.model_fields.values()]
            if loc or entry is model:
                known |= {f.alias or name for name, f in entry.model_fields.items()}
        todo += list(getattr(entry, "__args__", ()))
    return known
