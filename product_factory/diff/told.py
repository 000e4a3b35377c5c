"""What differs, told: lines of at most 80 columns, plain values for JSON, Markdown for a review."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from product_factory.diff.change import Change, Difference, Moves

WIDTH = 80
LONG = 300
"""What is cut in Markdown; JSON holds everything."""


def difference_told(found: Difference) -> dict[str, object]:
    """Give a difference as plain values for JSON."""
    return {
        "old": found.old,
        "new": found.new,
        "counts": dict(found.counts),
        "changes": [change_told(change) for change in found.changes],
    }


def change_told(change: Change) -> dict[str, object]:
    """Give one change as plain values."""
    told = asdict(change) | {"old_at": str(change.old_at), "new_at": str(change.new_at)}
    return told if change.moves is not None else {k: v for k, v in told.items() if k != "moves"}


def difference_lines(found: Difference) -> list[str]:
    """Give a difference as lines: each change with both values and their places."""
    lines = [f"{found.old} → {found.new}: {summary(found)}"]
    for change in found.changes:
        lines += change_lines(change)
    return lines


def summary(found: Difference) -> str:
    """Count the changes by kind."""
    counts = ", ".join(f"{kind} {number}" for kind, number in found.counts.items())
    return counts or "nothing differs"


def change_lines(change: Change) -> list[str]:
    """Tell one change."""
    lines = [f"{change.kind:<8} {change.how:<7} {change.path}"]
    if change.moves is not None:
        lines.append(f"    {moved(change.moves)}")
        lines += [f"    {move.keys}: {move.old} → {move.new}" for move in change.moves.largest]
        return [*lines, f"      {change.new_at}"]
    for sign, value, at in (("-", change.old, change.old_at), ("+", change.new, change.new_at)):
        if value:
            lines.append(f"  {sign} {cut(value, WIDTH - 4)}")
            lines += [f"      {at}"] if at.file else []
    return lines


def cut(text: str, width: int) -> str:
    """Give a value on one line of so many characters at most."""
    plain = " ".join(text.split())
    return plain if len(plain) <= width else plain[: width - 1] + "…"


def moved(moves: Moves) -> str:
    """Count the cells of a column that moved, came and went."""
    parts = [f"{moves.moved:,} of {moves.cells:,} cells moved"]
    parts += [f"{moves.added:,} added"] if moves.added else []
    parts += [f"{moves.removed:,} removed"] if moves.removed else []
    return ", ".join(parts)


def difference_markdown(found: Sequence[Difference]) -> str:
    """Give differences as Markdown: a table for each product that differs."""
    parts = ["\n".join(_section(one)) for one in found]
    return "\n\n".join(parts)


def _section(found: Difference) -> Iterator[str]:
    yield f"### {found.old} → {found.new}"
    yield ""
    if not found.changes:
        yield "Nothing differs."
        return
    yield ", ".join(f"**{kind}** {number}" for kind, number in found.counts.items())
    yield ""
    yield "| kind | | value | before | after |"
    yield "|---|---|---|---|---|"
    for change in found.changes:
        yield f"| {' | '.join(map(_cell, _row(change)))} |"


def _row(change: Change) -> tuple[str, ...]:
    head = (change.kind, change.how, f"`{change.path}`")
    if change.moves is not None:
        largest = "; ".join(f"{m.keys}: {m.old} → {m.new}" for m in change.moves.largest)
        return (*head, moved(change.moves), largest)
    old = f"{cut(change.old, LONG)} ({change.old_at})" if change.old_at.file else change.old
    new = f"{cut(change.new, LONG)} ({change.new_at})" if change.new_at.file else change.new
    return (*head, old, new)


def _cell(text: str) -> str:
    """Keep a value inside its cell: no bar, no line end, nothing that Markdown would read."""
    plain = " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
    return plain.replace("<", "&lt;").replace("@", "&#64;")
