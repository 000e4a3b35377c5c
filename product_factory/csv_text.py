"""CSV as it is written everywhere: commas, lines that end in a line feed, UTF-8."""

import csv
import io
from collections.abc import Iterable, Sequence


def lines_of(rows: Iterable[Sequence[object]]) -> bytes:
    """Give rows as the lines of a CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
