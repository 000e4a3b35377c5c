"""Rows that cannot be rated, each with its reason, beside the result."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from product_factory.visible import shown
from rating.book.whole_file import WholeFile

HEADER = ("row", "column", "value", "reason", "expected", "nearest", "reason_zh")
# A spreadsheet takes a cell that starts with one of these for a formula and runs it.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
SHOWN = 12
"""Rows that are told one by one."""


@dataclass(frozen=True)
class Reject:
    """What is wrong with a row: its number from 1, the column, the value, the reason.

    expected, nearest  what would be right, and the nearest of it, where there is one
    reason_zh          the reason in Chinese
    """

    row: int
    column: str
    value: str
    reason: str
    expected: str = ""
    nearest: str = ""
    reason_zh: str = ""

    def cells(self) -> tuple[object, ...]:
        """Give the cells of its line, none of them a formula, or of more than a line."""
        texts = (self.column, self.value, self.reason, self.expected, self.nearest, self.reason_zh)
        return (self.row, *(harmless(shown(text)) for text in texts))


def reject_lines(rejects: Sequence[Reject]) -> Iterator[str]:
    """Tell rows that were left out: the first ones each, then how many more."""
    for reject in rejects[:SHOWN]:
        yield f"row {reject.row}: {reject.column}: {reject.reason}, got {reject.value}"
    if len(rejects) > SHOWN:
        yield f"… and {len(rejects) - SHOWN:,} more rows left out"


def harmless(text: str) -> str:
    """Give a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def harmless_row(row: Sequence[object]) -> list[object]:
    """Give a row without a text that a spreadsheet takes for a formula."""
    return [harmless(cell) if isinstance(cell, str) else cell for cell in row]


class RejectsFile(WholeFile):
    """`NAME.rejects.csv`, written as the book is read; complete once it is closed."""

    def __init__(self, path: Path, header: Sequence[str] = HEADER) -> None:
        """Write below a name of its own until the book is done."""
        super().__init__(path)
        self._file = self._part.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(header)

    def write(self, rejects: Iterable[Reject]) -> None:
        """Add rows."""
        self.write_rows(entry.cells() for entry in rejects)

    def write_rows(self, rows: Iterable[Sequence[object]]) -> None:
        """Add rows of any header."""
        self._writer.writerows(map(harmless_row, rows))

    def _close(self) -> None:
        self._file.close()
