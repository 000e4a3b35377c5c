"""A lock and the product as it is → what has drifted, by file and by value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from product_factory.diff.change import Change
from product_factory.diff.compare import compare
from product_factory.effective.entry import KINDS, Effective, Entry
from product_factory.errors import At
from product_factory.lock.lock import LOCK, Lock


@dataclass(frozen=True)
class Drift:
    """One thing that is no longer as it was locked.

    what  file, value, built, engine, wording or lock;  name: which
    says  what became of it
    at    where it stands, as far as it has a place
    """

    what: str
    name: str
    says: str
    at: At = At("")  # noqa: RUF009 - immutable


def drifts(locked: Lock, now: Lock, values: Effective) -> tuple[Drift, ...]:
    """Compare a lock with the one that would be written now.

    values  the product as it is, rules among them, for the places of what changed
    """
    head = [
        Drift("lock", key, f"changed: {getattr(locked, key)} → {getattr(now, key)}")
        for key in ("format", "product", "version", "on")
        if getattr(locked, key) != getattr(now, key)
    ]
    found = [*head, *_mapping("file", locked.files, now.files)]
    changes = compare(_values(locked, values.on), replace(values, tables={})).changes
    found += [Drift("value", c.path, _said(c), c.new_at) for c in changes]
    found += _mapping("built", locked.built, now.built)
    engines = ({k: str(v) for k, v in one.engines.items()} for one in (locked, now))
    found += _mapping("engine", *engines, plain=True)
    for language in sorted({*locked.wording, *now.wording}):
        before, after = locked.wording.get(language), now.wording.get(language)
        if before is None or after is None:
            found.append(Drift("wording", language, "is new" if after else "is gone"))
            continue
        found += _mapping(f"wording {language}", before.articles, after.articles)
        if before.trace != after.trace:
            found.append(Drift("wording", language, "the trace of its figures changed"))
    return tuple(found)


def _values(lock: Lock, on: date) -> Effective:
    at = At(f"{lock.product}/{LOCK}")
    entries = {
        path: Entry(path, kind, value, at)
        for kind in KINDS
        for path, value in lock.values.get(kind, {}).items()
    }
    return Effective(lock.product, lock.version, on, dict(sorted(entries.items())), {})


def _said(change: Change) -> str:
    if change.how == "changed" and change.path.partition(".")[0] in ("tables", "built"):
        return f"{change.kind} changed: other cells"
    if change.how == "changed":
        return f"{change.kind} changed: {change.old} → {change.new}"
    return f"{change.kind} {change.how}: {change.old or change.new}"


def _mapping(
    what: str, old: Mapping[str, str], new: Mapping[str, str], *, plain: bool = False
) -> Iterator[Drift]:
    """Compare entries by name; `plain` ones are no digests, and are told with both values."""
    for name in sorted({*old, *new}):
        if name not in new:
            yield Drift(what, name, "is gone")
        elif name not in old:
            yield Drift(what, name, "is new")
        elif old[name] != new[name]:
            said = f"changed: {old[name]} → {new[name]}" if plain else "changed"
            yield Drift(what, name, said)
