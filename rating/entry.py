"""Entries of `experience:` of a basis as text, ready to paste."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """What a fit says of one event or mark.

    of       `process.key`
    figures  key of the entry and its value, in their order
    head     lines that tell how it was made
    """

    of: str
    figures: Sequence[tuple[str, str]]
    source: str
    head: Sequence[str] = ()


def entries_text(entries: Iterable[Entry]) -> str:
    """Give the entries, those of one process together, under comments that tell how they came."""
    grouped: dict[str, list[tuple[str, Entry]]] = {}
    for entry in entries:
        process, _, key = entry.of.partition(".")
        grouped.setdefault(process, []).append((key, entry))
    lines: list[str] = []
    for process, group in grouped.items():
        lines.append(f"{process}:")
        for key, entry in group:
            said = " ".join(entry.source.split()).replace("'", "''")
            lines += [f"  # {' '.join(line.split())}" for line in entry.head]
            lines.append(f"  {key}:")
            lines += [f"    {name}: {value}" for name, value in entry.figures]
            lines.append(f"    source: '{said}'")
    return "\n".join(lines) + "\n"
