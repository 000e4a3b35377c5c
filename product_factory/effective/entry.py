"""One value of a product as it counts, and all of them together."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, TypeAlias

from product_factory.canonical import digest
from product_factory.errors import At
from product_factory.tables import Table

Kind: TypeAlias = Literal["price", "benefit", "wording", "rule", "metadata"]
KINDS: tuple[Kind, ...] = ("price", "benefit", "wording", "rule", "metadata")
"""From what moves money to what moves nothing; where several fit, the first counts."""
ORDER = "[]"
"""What the path of the order of a named list ends with."""
BUILT = "built."


@dataclass(frozen=True)
class Entry:
    """A value: `covers.death.terms.waiting` is `90 days`, a benefit, written at a place."""

    path: str
    kind: Kind
    value: str
    at: At


@dataclass(frozen=True)
class Effective:
    """Every value of a product by path, in order of path.

    on      the day for which dated parameters were taken; it is no value itself
    tables  path of an entry → the table whose cells it stands for
    """

    product: str
    version: str
    on: date
    entries: Mapping[str, Entry]
    tables: Mapping[str, Table]

    @cached_property
    def digest(self) -> str:
        """The product's hash: that of every value, built rates among them."""
        return digest(self.text())

    @cached_property
    def inputs(self) -> str:
        """The hash of what a price depends on: prices and benefits, without built rates."""
        kept = {path: e for path, e in self.entries.items() if e.kind in ("price", "benefit")}
        return digest(_text(kept))

    def text(self) -> str:
        """Give the canonical text: a line for each value, path and value as JSON strings."""
        return _text(self.entries, built=True)


def _text(entries: Mapping[str, Entry], *, built: bool = False) -> str:
    lines = [
        json.dumps([path, entries[path].value], ensure_ascii=False)
        for path in sorted(entries)
        if built or not path.startswith(BUILT)
    ]
    return "\n".join(lines)
