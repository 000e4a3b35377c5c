"""Two sets of values → what differs."""

import re
from collections.abc import Mapping

from product_factory.diff.cells import moves
from product_factory.diff.change import Change, Difference
from product_factory.effective.entry import KINDS, ORDER, Effective, Entry
from product_factory.effective.kinds import foremost
from product_factory.errors import At
from product_factory.tables import Table

NOWHERE = At("")
WORDS = re.compile(r'"(?:[^"\\]|\\.)*"|[^,\s][^,]*')
"""The words of a list as `walk.listed` writes it."""


def compare(old: Effective, new: Effective) -> Difference:
    """Compare two products, or a product with itself at another time.

    The order of a named list counts as changed only where entries that both have changed places.
    """
    found = [
        change
        for path in sorted({*old.entries, *new.entries})
        if (change := _change(path, old, new)) is not None
    ]
    found.sort(key=lambda change: (KINDS.index(change.kind), change.path))
    return Difference(f"{old.product} {old.version}", f"{new.product} {new.version}", tuple(found))


def _change(path: str, old: Effective, new: Effective) -> Change | None:
    before, after = old.entries.get(path), new.entries.get(path)
    if before is None and after is not None:
        return None if path.endswith(ORDER) else _one_sided("added", after)
    if after is None and before is not None:
        return None if path.endswith(ORDER) else _one_sided("removed", before)
    if before is None or after is None or before.value == after.value:
        return None
    if path.endswith(ORDER) and not _moved(before.value, after.value):
        return None
    tables = _both(path, old.tables, new.tables)
    return Change(
        kind=foremost((before.kind, after.kind)),
        how="changed",
        path=path,
        old=before.value,
        new=after.value,
        old_at=before.at,
        new_at=after.at,
        moves=moves(*tables, path.rpartition(".")[2]) if tables else None,
    )


def _one_sided(how: str, entry: Entry) -> Change:
    if how == "added":
        return Change(entry.kind, "added", entry.path, "", entry.value, NOWHERE, entry.at)
    return Change(entry.kind, "removed", entry.path, entry.value, "", entry.at, NOWHERE)


def _moved(old: str, new: str) -> bool:
    """Tell whether names that both lists hold stand in another order."""
    before, after = (WORDS.findall(text[1:-1]) for text in (old, new))
    kept = set(before) & set(after)
    return [name for name in before if name in kept] != [name for name in after if name in kept]


def _both(
    path: str, old: Mapping[str, Table], new: Mapping[str, Table]
) -> tuple[Table, Table] | None:
    """Give both tables where both sides have the cells of this column."""
    column, found = path.rpartition(".")[2], [side[path] for side in (old, new) if path in side]
    both = [table for table in found if column in table.cells]
    return (both[0], both[1]) if len(both) == len((old, new)) else None
