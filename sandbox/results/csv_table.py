"""Rows as CSV: the same bytes for the same rows."""

import csv
import io
import math
from collections.abc import Iterable, Sequence


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Give a table; what is not there or not finite stands empty."""
    out = io.StringIO()
    written = csv.writer(out, lineterminator="\n")
    written.writerow(head)
    for row in rows:
        written.writerow(["" if _nothing(one) else one for one in row])
    return out.getvalue().encode()


def _nothing(one: object) -> bool:
    return one is None or (isinstance(one, float) and not math.isfinite(one))
