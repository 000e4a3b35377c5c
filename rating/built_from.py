"""What rate tables were built from, kept beside them value by value, and what has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import ConfigDict, TypeAdapter, with_config

from product_factory.assembled import AssembledProduct
from product_factory.diff.change import Change
from product_factory.diff.compare import compare
from product_factory.effective.entry import Effective, Entry, Kind
from product_factory.errors import At, Stale
from product_factory.lock.stored import read_stored, stored_text
from product_factory.tables import Table

FILE = "inputs.json"
"""Its name beside the tables."""
MOVING: tuple[Kind, ...] = ("price", "benefit")
"""What a price depends on."""
FEW = 5
"""How many changes a message names."""
LONG = 60
"""How many characters of a value it holds."""


@with_config(ConfigDict(extra="forbid", strict=True))
@dataclass(frozen=True)
class BuiltFrom:
    """The values that tables were built from: their digest, and kind → path → value."""

    inputs: str
    values: Mapping[Kind, Mapping[str, str]]


ADAPTER: TypeAdapter[BuiltFrom] = TypeAdapter(BuiltFrom)


class BuiltOtherwise(Stale):
    """A rate table that was built from other inputs.

    changes  values that have changed since, none where what it was built from is not known
    """

    def __init__(self, product: AssembledProduct, table: Table) -> None:
        """Say which file, what has changed, and what to run."""
        self.changes = changes_since(product, table.header.get("inputs", ""))
        said = f"{table.file} was built from other inputs; run: covercast build {product.name}"
        told = [f"  {_told(change)}" for change in self.changes[:FEW]]
        if self.changes[FEW:]:
            told.append(f"  and {len(self.changes) - FEW} more")
        super().__init__("\n".join((said, *told)))


def built_from_text(product: AssembledProduct) -> str:
    """Give the text of the file that `build` writes beside the tables."""
    values = {
        kind: {
            path: entry.value
            for path, entry in _inputs(product).entries.items()
            if entry.kind == kind
        }
        for kind in MOVING
    }
    return stored_text({"inputs": product.inputs, "values": values})


def changes_since(product: AssembledProduct, inputs: str) -> tuple[Change, ...]:
    """Give what has changed since tables of these inputs were built, as far as it is known.

    Raises BadInput for a file that `build` did not write.
    """
    path = product.composed.filed / FILE
    if not path.is_file():
        return ()
    kept: BuiltFrom = read_stored(product.shelf, path, ADAPTER, "build")
    if kept.inputs != inputs:
        return ()
    at = At(product.shelf.label(path))
    entries = {
        name: Entry(name, kind, value, at)
        for kind, values in kept.values.items()
        for name, value in values.items()
    }
    before = Effective(product.name, "", product.on, dict(sorted(entries.items())), {})
    return compare(before, _inputs(product)).changes


def _inputs(product: AssembledProduct) -> Effective:
    now = product.effective
    kept = {
        path: entry
        for path, entry in now.entries.items()
        if entry.kind in MOVING and not path.startswith("built.")
    }
    return replace(now, entries=kept, tables={})


def _told(change: Change) -> str:
    if change.path.startswith("tables."):
        said: str = "other cells" if change.how == "changed" else change.how
    elif change.how == "changed":
        said = f"{_short(change.old)} → {_short(change.new)}"
    else:
        said = f"{change.how}: {_short(change.old or change.new)}"
    place = f"  {change.new_at}" if change.new_at.file else ""
    return f"{change.path}: {said}{place}"


def _short(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"
