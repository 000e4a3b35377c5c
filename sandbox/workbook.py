"""Filing tables as a workbook: a sheet a table, the same bytes for the same tables."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.xml.constants import ARC_CORE
from openpyxl.xml.functions import tostring

from rating.filing import FilingTable

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file can name: no clock stands in the file."""
HEADING, WIDTH = 4, 14
BOLD = Font(bold=True)
MOST_ROWS = 1_048_576
MOST_LETTERS = 31
"""Of a sheet and of its name, in the format."""
MOST_DIGITS = 15
"""Significant digits that a cell keeps of a number."""
NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*)(?:\.([0-9]+))?)(%?)")
"""Numbers that are written as a cell shows them; 007, 1_000 and 1e5 are not."""


def workbook(tables: Sequence[FilingTable]) -> bytes:
    """Write the tables, each on a sheet of its own, or on several where it is longer than one.

    The cells of a column of numbers are numbers that show the digits that are filed; all others
    are texts, and none is a formula.
    """
    book = Workbook(write_only=True)  # rows go out as they come: no cell is kept
    names: set[str] = set()
    for table in tables:
        for start in range(0, max(len(table.rows), 1), MOST_ROWS - HEADING):
            sheet = book.create_sheet(_name(table.name, names))
            sheet.freeze_panes = f"A{HEADING + 1}"
            for place in range(1, len(table.columns) + 1):
                sheet.column_dimensions[get_column_letter(place)].width = WIDTH
            sheet.append([_text(sheet, table.title, BOLD)])
            sheet.append([_text(sheet, table.unit)])
            sheet.append([_text(sheet, table.note)])
            sheet.append([_text(sheet, name, BOLD) for name in table.columns])
            numeric = [name in table.numbers for name in table.columns]
            for row in table.rows[start : start + MOST_ROWS - HEADING]:
                cells = zip(row, numeric, strict=True)
                sheet.append([_number(sheet, t) if n else _text(sheet, t) for t, n in cells])
    written = io.BytesIO()
    book.save(written)
    moment = datetime(*EPOCH)  # noqa: DTZ001 - no zone
    # saving reads the clock: what it wrote of it is written again
    book.properties.created = book.properties.modified = moment
    return _timeless(written.getvalue(), {ARC_CORE: tostring(book.properties.to_tree())})


def _name(name: str, taken: set[str]) -> str:
    """Give a sheet a name that is short enough and no other's, whatever the case of letters."""
    found, number = name[:MOST_LETTERS], 1
    while found.lower() in taken:
        number += 1
        end = f"~{number}"
        found = name[: MOST_LETTERS - len(end)] + end
    taken.add(found.lower())
    return found


def _text(sheet: WriteOnlyWorksheet, text: str, font: Font | None = None) -> Cell:
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # whatever it looks like: never a formula, never an error value
    if font is not None:
        cell.font = font
    return cell


def _number(sheet: WriteOnlyWorksheet, text: str) -> Cell | None:
    """Give a number that shows the digits of its text; one that a cell cannot show is a text."""
    if not text:
        return None  # the open end of a band
    found = NUMBER.fullmatch(text)
    if found is None or len(text.replace(".", "").lstrip("-0")) > MOST_DIGITS:
        return _text(sheet, text)
    value, decimals, percent = Decimal(found[1]), found[2] or "", found[3]
    whole = not decimals and not percent
    cell = WriteOnlyCell(sheet, int(value) if whole else float(value / (100 if percent else 1)))
    if not whole:
        cell.number_format = f"0{'.' * bool(decimals)}{'0' * len(decimals)}{percent}"
    return cell


def _timeless(content: bytes, instead: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, instead.get(name) or old.read(name))
    return out.getvalue()
