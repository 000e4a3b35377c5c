"""The text of a table → lines and rows of cells, held to what a table may hold."""

import csv
from collections.abc import Sequence

from product_factory.errors import At, BadInput
from product_factory.visible import FORMULA, wrong

MAX_ROWS = 1_000_000


def table_lines(text: str, file: str) -> list[str]:
    """Split into lines. Raises BadInput with the line of a mark that is not seen as it is."""
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.isprintable() and (says := wrong(line)):
            raise BadInput.one(At(file, number, 1), "", says)
        if not line.isascii() and (says := wrong(line)):
            raise BadInput.one(At(file, number, 1), "", says)
    return lines[:-1] if lines[-1] == "" else lines


def table_rows(lines: Sequence[str], first: int, file: str) -> list[list[str]]:
    """Split lines into cells, from the line after `first` on. Raises BadInput with the line."""
    rows: list[list[str]] = []
    if len(lines) - first > MAX_ROWS:
        got = len(lines) - first
        raise BadInput.one(At(file), "", f"expected at most {MAX_ROWS} rows, got {got}")
    reader = csv.reader([f"{line}\n" for line in lines[first:]])
    try:
        for row in reader:
            rows.append(row)
            if reader.line_num != len(rows):
                text = "expected a row on one line, got a cell that goes on in the next"
                raise BadInput.one(At(file, first + len(rows), 1), "", text)
    except csv.Error as error:
        place = At(file, first + len(rows) + 1, 1)
        raise BadInput.one(place, "", f"expected cells divided by commas, got {error}") from None
    return rows


def formula(label: str) -> bool:
    """Tell a word that a spreadsheet would run as a formula."""
    return label.startswith(FORMULA)
