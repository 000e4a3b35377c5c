"""Filing tables as a workbook: a sheet a table, the same bytes for the same tables."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from rating.filing import FilingTable

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip file can name: no clock stands in the file."""
HEADING, WIDTH = 4, 14


def workbook(tables: Sequence[FilingTable]) -> bytes:
    """Write the tables; numbers stay numbers, keys that are words stay words."""
    book = Workbook(write_only=True)  # rows go out as they come: no cell is kept
    book.properties.created = book.properties.modified = datetime(*EPOCH)  # noqa: DTZ001 - no zone
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheet.freeze_panes = f"A{HEADING + 1}"
        for place in range(1, len(table.columns) + 1):
            sheet.column_dimensions[get_column_letter(place)].width = WIDTH
        sheet.append([_bold(sheet, table.title)])
        sheet.append([table.unit])
        sheet.append([table.note])
        sheet.append([_bold(sheet, name) for name in table.columns])
        for row in table.rows:
            sheet.append([_cell(text) for text in row])
    written = io.BytesIO()
    book.save(written)
    return _timeless(written.getvalue())


def _bold(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cell(text: str) -> str | float | int:
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return text


def _timeless(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return out.getvalue()
