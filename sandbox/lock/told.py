"""Locks, publications and histories told to a person or a program."""

from pathlib import Path

from product_factory.diff.told import change_lines, difference_told, summary
from product_factory.lock.history import History, Step
from product_factory.lock.lock import Lock
from sandbox.lock.publish import Publication


def lock_told(lock: Lock, path: Path) -> dict[str, object]:
    """Give a lock as plain values for JSON."""
    return {
        "product": lock.product,
        "version": lock.version,
        "on": lock.on,
        "hash": lock.hash,
        "file": str(path),
        "files": len(lock.files),
        "values": sum(map(len, lock.values.values())),
    }


def lock_lines(lock: Lock, path: Path) -> list[str]:
    """Give a lock as lines: what is locked, and how much of it."""
    values = sum(map(len, lock.values.values()))
    return [
        f"{lock.product} {lock.version} on {lock.on}: locked",
        f"hash {lock.hash}",
        f"{len(lock.files)} files, {values} values: {path}",
    ]


def publication_told(done: Publication) -> dict[str, object]:
    """Give a publication as plain values for JSON."""
    one = done.published
    told: dict[str, object] = {"product": one.product, "version": one.version, "new": done.new}
    told |= {"published": one.published, "hash": one.hash}
    return told | ({"changes": difference_told(done.changes)} if done.changes else {})


def publication_lines(done: Publication) -> list[str]:
    """Give a publication as lines."""
    one = done.published
    if not done.new:
        return [f"{one.product} {one.version}: published on {one.published} as it is"]
    changes = f"; {summary(done.changes)}" if done.changes is not None else ""
    return [f"{one.product} {one.version}: published on {one.published}{changes}"]


def history_told(told: History) -> dict[str, object]:
    """Give a history as plain values for JSON."""
    return {
        "product": told.product,
        "drafted": told.drafted,
        "days_to_launch": told.days,
        "versions": [_step_told(step) for step in told.steps],
        "unpublished": difference_told(told.unpublished) if told.unpublished else None,
    }


def _step_told(step: Step) -> dict[str, object]:
    changes = difference_told(step.changes) if step.changes is not None else None
    return {"version": step.version, "published": step.published, "changes": changes}


def history_lines(told: History) -> list[str]:
    """Give a history as lines, the newest first, then how long the first version took."""
    lines: list[str] = []
    if told.unpublished is not None and told.unpublished.changes:
        lines.append(f"not published: {summary(told.unpublished)}")
        lines += [f"  {line}" for one in told.unpublished.changes for line in change_lines(one)[:1]]
    for step in reversed(told.steps):
        if step.changes is None:
            lines.append(f"{step.version}  {step.published}  the first version")
            continue
        lines.append(f"{step.version}  {step.published}  {summary(step.changes)}")
        for change in step.changes.changes:
            lines += [f"  {line}" for line in change_lines(change)]
    if not told.steps:
        lines.append(f"{told.product}: no version is published")
    return [*lines, _took(told)]


def _took(told: History) -> str:
    if told.drafted is None:
        return "from draft to launch: unknown, product.yaml states no 'drafted'"
    if told.days is None:
        return f"from draft to launch: drafted on {told.drafted}, not launched yet"
    return f"from draft to launch: {told.days} days, drafted on {told.drafted}"
