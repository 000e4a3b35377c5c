"""A table of a workbook becomes one of the shelf, or an error that names the cell."""

import zipfile
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import Workbook

from product_factory.errors import BadInput
from product_factory.intake import Wanted, take, text_of

COLUMNS = "{age: {key: exact, type: age}, sex: {key: exact, of: [M, F]}, q: {type: ratio}}"
ROWS = [("age", "sex", "q"), (18, "M", 0.00048), (18, "F", 0.00025), (19, "M", 0.0005)]
ROWS.append((19, "F", 0.00026))
NO_VALUE = (
    "expected a value, got a formula without one; open the file in a spreadsheet program, save "
    "it, and take it again"
)
WANTED = Wanted(source="a memo of March", columns=COLUMNS)


@pytest.fixture
def save(tmp_path):
    def saved(rows=ROWS, **cells):
        book = Workbook()
        book.active.title = "rates"
        for row in rows:
            book.active.append(row)
        for name, value in cells.items():
            book.active[name] = value
        path = tmp_path / "rates.xlsx"
        book.save(path)
        return path

    return saved


def taken_whole(path, wanted):
    (taken,) = take(path, wanted)
    text_of(taken, "rates", "rates.csv")


def told(path, wanted=WANTED):
    with pytest.raises(BadInput) as raised:
        taken_whole(path, wanted)
    return str(raised.value).removeprefix(f"{path}: ")


def test_a_sheet_becomes_a_table_with_its_header(save):
    (taken,) = take(save(), WANTED)
    text, table = text_of(taken, "rates", "rates.csv")
    assert text == (
        "# title: rates\n# source: a memo of March\n# status: published\n"
        f"# columns: {COLUMNS}\nage,sex,q\n18,M,0.00048\n18,F,0.00025\n19,M,0.0005\n19,F,0.00026\n"
    )
    assert table.find("q", age=18, sex="F") == 0.00025


def test_a_sheet_that_lacks_rows_says_why(save):
    path = save(ROWS[:-1])
    assert "expected a row for age 19, sex F after this one" in told(path)
    (taken,) = take(path, replace(WANTED, sparse="no woman of 19"))
    text, _ = text_of(taken, "rates", "rates.csv")
    assert text.splitlines()[3] == "# sparse: no woman of 19"


def test_a_range_of_one_sheet_of_several(save, tmp_path):
    book = Workbook()
    book.active.title = "notes"
    sheet = book.create_sheet("rates")
    sheet["A1"] = "for internal use"
    for number, row in enumerate(ROWS, start=3):
        for place, value in enumerate(row):
            sheet.cell(number, place + 2, value)
    path = tmp_path / "book.xlsx"
    book.save(path)
    assert told(path) == "expected --sheet, one of notes, rates"
    wanted = Wanted(source="s", columns=COLUMNS, sheet="rates", cells="B3:D6")
    assert take(path, wanted)[0].rows[1] == ("18", "M", "0.00048")
    wrong = Wanted(source="s", columns=COLUMNS, sheet="rate")
    assert told(path, wrong) == "unknown sheet 'rate'; did you mean 'rates'?"


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "yes"), (date(2026, 3, 1), "2026-03-01"), (12.0, "12"), (0.1, "0.1"), (" M ", "M")],
)
def test_a_cell_is_told_as_the_shelf_writes_it(save, value, text):
    assert take(save(B2=value), WANTED)[0].rows[1][1] == text


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (
            {"C3": "=C2/2"},
            f"rates!C3: {NO_VALUE}",
        ),
        ({"C3": "#N/A"}, "rates!C3: expected a value, got the error #N/A"),
        ({"B4": None}, "rates!B4: expected a value, got an empty cell"),
        ({"C3": "one"}, "rates.csv:7:6: q: expected a share such as 30%, got one"),
        ({"A4": 18, "B4": "F"}, "rates.csv:8:1: duplicate row, the same keys stand on line 7"),
        ({"B4": "X"}, "rates.csv:8:4: sex: expected M or F, got X"),
        ({"C1": "rate"}, "rates.csv:5:1: expected the columns age,sex,q, got age,sex,rate"),
    ],
    ids=["formula", "error", "empty", "word", "double", "choice", "column"],
)
def test_what_is_no_table_is_told_by_cell_or_row(save, cells, says):
    assert told(save(**cells)) == says


def test_the_value_that_a_spreadsheet_saved_with_a_formula_is_taken(save, tmp_path):
    """What a spreadsheet program writes: the formula, and its value beside it."""
    path, out = save(C3="=C2/2"), tmp_path / "saved.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                assert (
                    content.count(b"<f>C2/2</f><v></v>") + content.count(b"<f>C2/2</f><v />") == 1
                )
                for empty in (b"<v></v>", b"<v />"):
                    content = content.replace(b"<f>C2/2</f>" + empty, b"<f>C2/2</f><v>0.00024</v>")
            new.writestr(part, content)
    assert take(out, WANTED)[0].rows[2] == ("18", "F", "0.00024")


def test_a_workbook_does_not_say_its_columns_or_source(save):
    assert told(save(), Wanted(source="s")).startswith("expected --columns")
    assert told(save(), Wanted(columns=COLUMNS)).startswith("expected --source")


def test_a_range_that_is_none_is_told(save):
    assert told(save(), Wanted(source="s", columns=COLUMNS, cells="rates")).startswith(
        "expected --cells such as A3:C120, got rates"
    )


def test_what_is_no_workbook_is_told(tmp_path):
    path = tmp_path / "rates.xlsx"
    path.write_text("age,q\n", encoding="utf-8")
    assert told(path).startswith("expected an Excel workbook, got:")
    assert told(tmp_path / "no.xlsx").startswith("there is no such file")
    assert told(tmp_path / "rates.ods").startswith("expected a file that ends in .xlsx or .xml")


def test_a_workbook_that_grows_without_end_is_not_unpacked(tmp_path, monkeypatch):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    monkeypatch.setattr("product_factory.intake.xlsx.MAX_UNPACKED", 1_000_000)
    assert told(path) == "expected at most 1000000 bytes when unpacked, got 2000000"
