"""The workbook of filing tables, read back: every heading and every cell is that of the CSV."""

import csv
import io
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

import sandbox.workbook
from rating.filing import FilingTable
from rating.tariff_tables import tables_of
from sandbox.launch.rates import rate_files
from sandbox.workbook import HEADING, workbook
from tests.the_shelf import shipped


def sheets(tables):
    return load_workbook(io.BytesIO(workbook(tables)))


def shown(cell):
    """A cell as a spreadsheet shows it."""
    if cell.value is None:
        return ""
    if cell.data_type != "n":
        return cell.value
    digits = cell.number_format.partition(".")[2].rstrip("%")
    percent = cell.number_format.endswith("%")
    value = Decimal(repr(cell.value)) * (100 if percent else 1)
    return f"{value:.{len(digits)}f}{'%' * percent}"


def table(rows, numbers=None, name="t", columns=("key", "value")):
    return FilingTable(name, "title", "unit", "note", columns, tuple(rows), numbers or {})


@pytest.mark.parametrize("product", ["home", "million_medical"])
def test_every_cell_of_a_sheet_is_that_of_the_csv(product):
    """So are title, unit, version and digest; numbers are numbers and words are words."""
    made = shipped(product)
    tables = tables_of(made)
    book = sheets(tables)
    assert book.sheetnames == [one.name for one in tables]
    for one in tables:
        lines = one.csv().splitlines()
        sheet = book[one.name]
        assert [f"# title: {sheet['A1'].value}", f"# unit: {sheet['A2'].value}"] == lines[:2]
        assert f"# {sheet['A3'].value}" == lines[2]
        assert f"version: {made.product.version}, on: {made.on}" in sheet["A3"].value
        assert made.digest in sheet["A3"].value
        cells = list(sheet.iter_rows(min_row=HEADING))
        assert [[shown(cell) for cell in row] for row in cells] == list(csv.reader(lines[3:]))
        for row in cells[1:]:
            kinds = {name: cell.data_type for name, cell in zip(one.columns, row, strict=True)}
            assert kinds == {name: "n" if name in one.numbers else "s" for name in one.columns}


WORDS = ("007", "1_000", "1e5", "nan", "inf", "=1+1", "+1", "-1", "@now", "#N/A", "true", " 1 ")


def test_a_key_that_is_a_word_is_the_same_word_whatever_it_looks_like():
    rows = list(sheets([table([(word, "1") for word in WORDS], {"value": "CNY"})])["t"].rows)
    read = [row[0] for row in rows[HEADING:]]
    assert [cell.value for cell in read] == list(WORDS)
    assert {cell.data_type for cell in read} == {"s"}
    heading = FilingTable("t", "=1+1", "=2", "=3", ("=4",), ())
    assert [row[0].data_type for row in sheets([heading])["t"].rows] == ["s"] * HEADING


def test_a_number_is_a_number_that_shows_its_digits_and_what_no_cell_can_show_is_a_text():
    numbers = ("0", "-3", "1.50", "0.00", "2%", "0.125%", "123456789012345")
    words = ("007", "1_000", "1e5", "nan", "inf", "=1+1", "1234567890123456", "to 60")
    filed = table([("k", one) for one in (*numbers, *words, "")], {"value": "CNY"})
    read = [row[1] for row in sheets([filed])["t"].iter_rows(min_row=HEADING + 1)]
    assert [shown(cell) for cell in read] == [*numbers, *words, ""]
    kinds = [cell.data_type for cell in read]
    assert kinds == ["n"] * len(numbers) + ["s"] * len(words) + ["n"]
    assert [read[place].value for place in (2, 4, 5)] == [1.5, 0.02, 0.00125]


def test_sheets_have_short_names_of_their_own():
    long = "a_table_whose_name_is_longer_than_a_sheet"
    names = [long, f"{long}_2", f"{long}_3", "Short", "short"]
    found = sheets([table([(str(place), "1")], name=name) for place, name in enumerate(names)])
    first = long[:31]
    assert found.sheetnames == [first, f"{long[:29]}~2", f"{long[:29]}~3", "Short", "short~2"]
    assert [sheet.cell(HEADING + 1, 1).value for sheet in found] == ["0", "1", "2", "3", "4"]


def test_a_table_that_is_longer_than_a_sheet_goes_on_in_the_next(monkeypatch):
    monkeypatch.setattr(sandbox.workbook, "MOST_ROWS", HEADING + 2)
    found = sheets([table([(str(place), "1") for place in range(5)])])
    assert found.sheetnames == ["t", "t~2", "t~3"]
    rows = [[row[0].value for row in s.iter_rows(min_row=HEADING + 1)] for s in found]
    assert rows == [["0", "1"], ["2", "3"], ["4"]]
    assert {sheet["A1"].value for sheet in found} == {"title"}


@pytest.mark.parametrize("product", ["home", "million_medical"])
def test_the_rates_of_a_pack_are_every_table_of_the_tariff_and_a_workbook(product):
    made = shipped(product)
    files = rate_files(made)
    tables = [one.name for one in tables_of(made)]
    assert set(files) == {f"rates/{name}.csv" for name in tables} | {"rates/rates.xlsx"}
    assert load_workbook(io.BytesIO(files["rates/rates.xlsx"])).sheetnames == tables
    assert {"home": "fire_rate", "million_medical": "premiums"}[product] in tables
    for name, built in made.built.items():
        assert f"# inputs: {built.header['inputs']}".encode() in files[f"rates/{name}.csv"]


def test_the_same_tables_are_the_same_bytes_whatever_the_clock_says(monkeypatch):
    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz) + timedelta(days=400)

    now = workbook([table([("k", "1")])])
    monkeypatch.setattr("openpyxl.writer.excel.datetime.datetime", Later)
    assert workbook([table([("k", "1")])]) == now
