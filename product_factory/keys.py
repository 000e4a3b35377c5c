"""What every key of a product's files means: one source for the terminal and for editors.

The rows stand in `keys.yaml` beside this file, and in those of rating and sandbox for their kinds.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from product_factory.nodes import read_nodes
from product_factory.strict import PlainText, Strict, read_as

FILE = "keys.yaml"
HOUSE = Path(__file__).resolve().parent.parent


class Key(Strict):
    """A row of `keys.yaml`: what a key means, and a piece of YAML that shows it."""

    means: PlainText
    example: PlainText


ROWS = TypeAdapter(dict[str, Key])


@dataclass(frozen=True)
class Keys:
    """The rows of several files; `Model.key` before `key`, which serves every model."""

    files: tuple[Path, ...]

    @cached_property
    def rows(self) -> Mapping[str, Key]:
        """All rows. Raises BadInput where a file is broken."""
        found: dict[str, Key] = {}
        for path in self.files:
            text = path.read_text(encoding="utf-8")
            rows = read_as(ROWS, read_nodes(text, path.name))
            found |= rows
        return found

    def find(self, model: type[BaseModel], key: str) -> Key | None:
        """Give the row of a key of a model, its bases' rows included; None where there is none."""
        for cls in model.__mro__:
            if f"{cls.__name__}.{key}" in self.rows:
                return self.rows[f"{cls.__name__}.{key}"]
        return self.rows.get(key)


def united(*packages: str) -> Keys:
    """Give the rows that stand in the folders of some packages."""
    return Keys(tuple(HOUSE / package / FILE for package in packages))


@dataclass(frozen=True)
class Place:
    """A key of a model, and where in a product's files it stands: `product.covers.set`."""

    path: str
    model: type[BaseModel]
    key: str
    field: FieldInfo


def places(roots: Mapping[str, Any]) -> Iterator[Place]:
    """Walk every key that the models of some files know, each model once.

    roots  what the path starts with → the model, or a union or list of models
    """
    seen: set[type[BaseModel]] = set()
    todo = [(name, root) for name, root in roots.items()]
    while todo:
        path, part = todo.pop(0)
        if not (isinstance(part, type) and issubclass(part, BaseModel)):
            todo += [(path, inner) for inner in _parts(part)]
            continue
        if part in seen:
            continue
        seen.add(part)
        for name, field in part.model_fields.items():
            key = field.alias or name
            yield Place(f"{path}.{key}", part, key, field)
            todo.append((f"{path}.{key}", field.annotation))


def _parts(annotation: Any) -> Iterable[Any]:  # noqa: ANN401 - any annotation
    return (*getattr(annotation, "__args__", ()), *_metadata_origin(annotation))


def _metadata_origin(annotation: Any) -> Iterable[Any]:  # noqa: ANN401 - any annotation
    return (annotation.__origin__,) if hasattr(annotation, "__metadata__") else ()
