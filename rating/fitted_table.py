"""A table that was fitted as the text of its CSV file, with the header that tables have."""

import csv
import io
from collections.abc import Iterable, Sequence


def fitted_table(
    title: str,
    source: str,
    method: str,
    key: tuple[str, str],
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> str:
    """Give the text.

    key: its name and how it is declared, such as ("level", "{key: exact}");  columns: of numbers
    rows: the key, then the columns
    """
    declared = [f"{key[0]}: {key[1]}", *(f"{name}: {{type: number}}" for name in columns)]
    out = io.StringIO()
    out.write(f"# title: {title}\n# source: {source}\n# status: fitted\n")
    out.write(f"# columns: {{{', '.join(declared)}}}\n# method: {method}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([key[0], *columns])
    writer.writerows(rows)
    return out.getvalue()
