"""Excel workbooks: the values of a sheet or of a range of it, the first row being the names.

A formula is taken by the value that the spreadsheet program saved with it; one without is an error
that names its cell, and so is an error value, an empty cell, and a text that only looks like a
number. Nothing is calculated and nothing is run.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from product_factory.errors import At, BadInput, nearest
from product_factory.intake.taken import Taken, Wanted

MAX_UNPACKED = 300_000_000
MAX_CELLS = 5_000_000


def read(path: Path, wanted: Wanted) -> tuple[Taken, ...]:
    """Read one table. Raises BadInput with the name of the cell."""
    at = At(str(path))
    for key in ("columns", "source"):
        if not getattr(wanted, key):
            raise BadInput.one(at, "", f"expected --{key}, since a workbook does not say it")
    written, formulas = _open(path, at)
    sheet = _sheet(written, wanted.sheet, at)
    area = _area(sheet, wanted.cells, at)
    asked = formulas[sheet.title][area]
    rows = tuple(_rows(sheet[area], asked, sheet.title, at))
    title = wanted.title or sheet.title
    return (Taken("", title, wanted.source, wanted.status, wanted.columns, rows, wanted.sparse),)


def _open(path: Path, at: At) -> tuple[Any, Any]:
    """Open the workbook twice: for the values that were saved, and for the formulas."""
    from openpyxl import load_workbook  # noqa: PLC0415 - only this verb needs it

    try:
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > MAX_UNPACKED:
            text = f"expected at most {MAX_UNPACKED} bytes when unpacked, got {unpacked}"
            raise BadInput.one(at, "", text)
        return load_workbook(path, data_only=True), load_workbook(path)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, SyntaxError) as error:
        raise BadInput.one(at, "", f"expected an Excel workbook, got: {error}") from None


def _sheet(book: Any, name: str, at: At) -> Any:  # noqa: ANN401 - openpyxl has no types
    names = book.sheetnames
    if not name and len(names) > 1:
        raise BadInput.one(at, "", f"expected --sheet, one of {', '.join(names)}")
    if name and name not in names:
        raise BadInput.one(at, "", f"unknown sheet '{name}'{nearest(name, names)}")
    return book[name or names[0]]


def _area(sheet: Any, cells: str, at: At) -> str:  # noqa: ANN401 - as above
    from openpyxl.utils.cell import range_boundaries  # noqa: PLC0415 - as above

    area = cells or sheet.calculate_dimension()
    try:
        left, top, right, bottom = range_boundaries(area)
        size = (right - left + 1) * (bottom - top + 1)
    except (ValueError, TypeError):
        raise BadInput.one(at, "", f"expected --cells such as A3:C120, got {area}") from None
    if size > MAX_CELLS:
        raise BadInput.one(at, "", f"expected at most {MAX_CELLS} cells, got {size}")
    return area if ":" in area else f"{area}:{area}"


def _rows(values: Any, formulas: Any, sheet: str, at: At) -> Iterator[tuple[str, ...]]:  # noqa: ANN401 - as above
    for row, asked in zip(values, formulas, strict=True):
        if all(cell.value is None for cell in asked):
            continue  # a blank row, as there often are below a table
        yield tuple(_text(cell, one, sheet, at) for cell, one in zip(row, asked, strict=True))


def _text(cell: Any, asked: Any, sheet: str, at: At) -> str:  # noqa: ANN401 - as above
    where = f"{sheet}!{cell.coordinate}"
    value = cell.value
    if value is None and asked.data_type == "f":
        text = "expected a value, got a formula without one; open the file in a spreadsheet"
        raise BadInput.one(at, where, f"{text} program, save it, and take it again")
    if value is None:
        raise BadInput.one(at, where, "expected a value, got an empty cell")
    if cell.data_type == "e":
        raise BadInput.one(at, where, f"expected a value, got the error {value}")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return repr(value).removesuffix(".0")
    if isinstance(value, datetime | date):
        return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()
    return str(value).strip()
