"""A table that was taken from another program's file, and its text as the shelf keeps it."""

import csv
import io
from dataclasses import dataclass

from product_factory.tables import Table, read_table


@dataclass(frozen=True)
class Wanted:
    """What the file does not say of itself; an empty text leaves it to the file.

    columns  as in the header of a table: `{age: {key: exact, type: age}, q: {type: ratio}}`
    sheet    of a workbook; cells: a range of it such as A3:C120
    sparse   why rows are missing, where some are
    """

    title: str = ""
    source: str = ""
    status: str = "published"
    columns: str = ""
    sheet: str = ""
    cells: str = ""
    sparse: str = ""


@dataclass(frozen=True)
class Taken:
    """One table: its header's lines and its rows, the names of the columns first.

    part  what tells it from the file's other tables, such as `select`; empty for the only one
    """

    part: str
    title: str
    source: str
    status: str
    columns: str
    rows: tuple[tuple[str, ...], ...]
    sparse: str = ""


def text_of(taken: Taken, name: str, file: str) -> tuple[str, Table]:
    """Give the text of the CSV and the table that it is.

    Raises BadInput, with the line of the text, for what no table of the shelf may be: gaps,
    overlaps, doubles, values of another type.
    """
    body = io.StringIO()
    csv.writer(body, lineterminator="\n").writerows(taken.rows)
    head = {"title": taken.title, "source": taken.source, "status": taken.status}
    head |= {"sparse": taken.sparse} if taken.sparse else {}
    lines = [f"# {key}: {' '.join(value.split())}" for key, value in head.items()]
    text = "\n".join((*lines, f"# columns: {taken.columns}", body.getvalue()))
    return text, read_table(text, name, file)
