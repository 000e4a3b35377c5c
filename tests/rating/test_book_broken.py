"""Broken books: no row is lost, whatever is wrong with it; what is wrong is told in full."""

import datetime as dt
import decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from product_factory.errors import BadInput
from rating.book import csv_rows, open_source, rate_book
from rating.book import source as sources
from rating.book.columns import no_texts
from rating.plan import bind
from tests.rating.test_book import GOOD, ITEMS, NAMES, read, rejects_of, table
from tests.rating.tiny_shelf import product_of, write_shelf

COLUMNS = (*NAMES, *ITEMS)
HEADER = ",".join(COLUMNS)


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return bind(product_of(write_shelf(tmp_path_factory.mktemp("shelf")), "lamp"))


@pytest.fixture
def rated(plan, tmp_path):
    """Rates the bytes of a CSV: the counts, the rows of the result, the rejects."""

    def run(content, encoding=""):
        book = tmp_path / "book.csv"
        book.write_bytes(content)
        result = rate_book(plan, open_source(book, encoding), tmp_path / "out.parquet")
        return result, read(result.target), rejects_of(result.rejects)

    return run


def line(row):
    return ",".join("" if value is None else str(value) for value in row)


def text_of(rows):
    return "\n".join([HEADER, *map(line, rows)]) + "\n"


REASONS = [
    # column, value: reason, expected, nearest, reason in Chinese
    ("age", "61", "expected 18 to 60, got 61", "18 to 60", "60", "应为 18 至 60 的整数，实为 61"),
    ("age", "-3", "expected 18 to 60, got -3", "18 to 60", "18", "应为 18 至 60 的整数，实为 -3"),
    ("age", "35.4", "expected a whole number, got 35.4", "18 to 60", "35", "应为 18 至 60 的整数"),
    ("age", "old", "expected an age such as 35, got old", "18 to 60", "", "实为 old"),
    ("age", "nan", "expected an age such as 35, got nan", "18 to 60", "", "实为 nan"),
    ("age", "inf", "expected an age such as 35, got inf", "18 to 60", "", "实为 inf"),
    ("age", "1e999", "expected an age such as 35, got 1e999", "18 to 60", "", "实为 1e999"),
    ("age", "", "expected 18 to 60, got nothing", "18 to 60", "", "实为空"),
    ("city", "xiamn", "did you mean 'xiamen'?", "xiamen or xian", "xiamen", "是否应为 xiamen？"),
    (
        "city",
        "巴黎",
        "expected xiamen or xian, got 巴黎",
        "xiamen or xian",
        "",
        "应为 xiamen 或 xian",
    ),
    (
        "kept",
        "是",
        "did you mean yes?",
        "yes or no",
        "yes",
        "应为 yes 或 no，实为 是；是否应为 yes？",
    ),
    ("deductible", "700", "expected 500 or 1000, got 700", "500 or 1000", "500", "500 或 1000"),
    ("body.value", "-1", "expected 100 or more, got -1", "100 or more", "100", "应为不小于 100"),
    ("body.value", "2万", "did you mean '20000'?", "100 or more", "20000", "应为不小于 100"),
    (
        "body.sum_insured",
        "125",
        "expected a whole number of steps of 50 from 100, got 125",
        "a whole number of steps of 50 from 100",
        "100",
        "应为自 100 起每 50 一档",
    ),
]


@pytest.mark.parametrize(("column", "value", "reason", "expected", "near", "said"), REASONS)
def test_a_wrong_value_is_told_with_what_was_expected_and_the_nearest_in_both_languages(
    rated, column, value, reason, expected, near, said
):
    row = dict(zip(COLUMNS, GOOD[0], strict=True)) | {column: value}
    result, rows, rejects = rated(text_of([GOOD[0], row.values(), GOOD[0]]).encode())
    assert (result.rows, result.rated, result.rejected) == (3, 2, 1)
    (found,) = rejects
    assert (found["row"], found["column"]) == ("2", column)
    assert found["value"].removeprefix("'") == value
    assert reason in found["reason"]
    assert (found["expected"], found["nearest"]) == (expected, near)
    assert said in found["reason_zh"]
    assert [row["row"] for row in rows] == [1, 3]


def test_the_digits_of_another_script_are_digits(rated):
    row = dict(zip(COLUMNS, GOOD[0], strict=True)) | {"age": "３５"}
    plain = row | {"age": "35"}
    result, rows, _ = rated(text_of([row.values(), plain.values()]).encode())
    assert (result.rated, result.rejected) == (2, 0)
    assert rows[0]["payable"] == rows[1]["payable"]


def test_a_break_within_a_value_is_written_out(rated):
    row = dict(zip(COLUMNS, GOOD[0], strict=True)) | {"body.value": '"\rx２"'}
    _, _, (reject,) = rated(text_of([row.values()]).encode())
    assert reject["row"] == "1"
    assert (reject["value"], reject["nearest"]) == ("\\rx２", "\\rx2")


GBK = text_of([("张三", *GOOD[0][1:]), GOOD[1]])
MARKED = [
    ("utf-8-sig", ""),
    ("utf-16", ""),
    ("utf-16-le", "utf-16"),
    ("utf-16-be", "utf-16-be"),
    ("utf-32", ""),
    ("gbk", "gbk"),
    ("gb18030", "GB18030"),
]


@pytest.mark.parametrize(("encoding", "said"), MARKED)
def test_a_csv_in_another_encoding_is_read_when_it_or_its_mark_says_so(rated, encoding, said):
    result, rows, _ = rated(GBK.encode(encoding), said)
    assert (result.rows, result.rejected) == (2, 0)
    assert rows[0]["policy"] == "张三"


def test_a_row_in_another_encoding_is_told_with_what_it_would_be_in_gbk(rated):
    """Files that were joined from several: their rows in UTF-8 are rated, the others told."""
    joined = text_of([GOOD[0]]).encode() + line(("张三", *GOOD[1][1:])).encode("gbk") + b"\n"
    joined += line(("李四", *GOOD[1][1:])).encode() + b"\n" + b"\xff\xfe\x80," * 8 + b"\x80\n"
    result, rows, rejects = rated(joined)
    assert (result.rows, result.rated, result.rejected) == (4, 2, 2)
    assert [row["policy"] for row in rows] == ["a", "李四"]
    assert [(found["row"], found["column"]) for found in rejects] == [("2", "policy")] * 1 + [
        ("4", "policy")
    ]
    assert rejects[0]["nearest"] == "张三"
    assert "Say `--encoding gbk`" in rejects[0]["reason"]
    assert "GBK 编码的“张三”" in rejects[0]["reason_zh"]
    assert rejects[0]["value"] == "\\xd5\\xc5\\xc8\\xfd"


def test_what_cannot_be_decoded_is_a_reject_in_every_encoding(rated):
    content = text_of([GOOD[0]] * 3).encode("gbk").replace(b"\na,", b"\n\x80\xff,", 2)
    result, _, rejects = rated(content, "gbk")
    assert (result.rows, result.rated, result.rejected) == (3, 1, 2)
    assert "expected text in gb18030" in rejects[0]["reason"]
    halved = text_of([GOOD[0]] * 3).encode("utf-16")[:-1]
    result, _, rejects = rated(halved)
    assert (result.rows, result.rated, result.rejected) == (3, 2, 1)


@pytest.mark.parametrize(
    ("content", "encoding", "message"),
    [
        (b"", "", "expected a line with the names of columns, got none"),
        (b"\n \n", "", "expected a line with the names of columns, got none"),
        (b"\xef\xbb\xbf", "", "expected a line with the names of columns, got none"),
        (HEADER.encode("utf-16-le"), "", "say `--encoding utf-16`"),
        ("城市,age\n".encode("gbk"), "", "say `--encoding gbk`"),
        (HEADER.replace(",", ";").encode(), "", "expected columns apart by commas, got semicolons"),
        (HEADER.replace(",", "\t").encode(), "", "expected columns apart by commas, got tabs"),
        ((HEADER + ",age").encode(), "", "the column 'age' stands twice"),
        (HEADER.replace("age", "aeg").encode(), "", "unknown column 'aeg'; did you mean 'age'?"),
        (HEADER.encode(), "gbq", "unknown encoding 'gbq'; did you mean 'gbk'?"),
        (HEADER.encode("utf-16"), "gbk", "the file says that it is utf-16-le, and not gbk"),
        (b'"' + HEADER.encode(), "", "expected a line with the names of columns"),
    ],
)
def test_a_csv_without_its_columns_is_told_at_once(rated, content, encoding, message):
    with pytest.raises(BadInput) as caught:
        rated(content, encoding)
    assert message in str(caught.value)


def test_a_header_alone_is_an_empty_book(rated):
    result, rows, rejects = rated(HEADER.encode())
    assert (result.rows, rows, rejects) == (0, [], [])


def test_ragged_rows_open_quotes_and_huge_cells_are_told_by_number(rated, monkeypatch):
    monkeypatch.setattr(csv_rows, "MOST_BYTES", 5_000)
    good = line(GOOD[0])
    lines = [
        good,
        "x,xian",  # 2
        good + ",1,2",  # 3
        "",  # no row
        '"' + "x" * 6_000 + '",' + line(GOOD[0][1:]),  # 4
        "y" * 4_000 + "," + line(GOOD[0][1:]),  # 5: long, and good
        '"quoted ""name"", with\na break",' + line(GOOD[0][1:]),  # 6: good
        '"opens,' + line(GOOD[0][1:]),  # 7: never closed
        good,
        "z" * 9_000,  # 9
        good,
    ]
    monkeypatch.setattr(sources, "CSV_BYTES", 7_000)
    result, rows, rejects = rated("\r\n".join([HEADER, *lines]).encode())
    assert (result.rows, result.rated, result.rejected) == (10, 5, 5)
    assert [row["row"] for row in rows] == [1, 5, 6, 8, 10]
    assert rows[2]["policy"] == 'quoted "name", with\na break'
    reasons = {int(found["row"]): found["reason"] for found in rejects}
    assert reasons == {
        2: "expected 9 cells, got 2",
        3: "expected 9 cells, got 11",
        4: "expected a closing quote within 1 MiB, got none",
        7: "expected a closing quote within 1 MiB, got none",
        9: reasons[9],
    }
    assert "expected a row of at most 1 MiB" in reasons[9]
    assert all(len(found["value"]) < 400 and found["reason_zh"] for found in rejects)


def test_a_huge_cell_is_cut_where_it_is_told(rated):
    row = dict(zip(COLUMNS, GOOD[0], strict=True)) | {"city": "x" * 900_000}
    result, _, (reject,) = rated(text_of([row.values()]).encode())
    assert result.rejected == 1
    assert "(900,000 characters)" in reject["value"]
    assert len(reject["reason"]) < 400


STORED = [
    ("age", pa.array([30.0, np.nan, np.inf, -np.inf, None]), 1),
    ("age", pa.array([30, 2**62, -1, None, 18]), 2),
    ("age", pa.array([b"\xff\xfe", b"30", b"x", b"", None]).cast(pa.binary()), None),
    ("age", pa.array([True, False, None, True, False]), 0),
    ("age", pa.nulls(5), 0),
    ("age", pa.array([30, 40, 50, 60, 61], pa.uint8()), 4),
    ("age", pa.array(np.array([30, 40, 50, 60, 61], np.float16)), 4),
    ("age", pa.array([decimal.Decimal("30.0")] * 5), 5),
    ("age", pa.array([dt.date(2026, 1, 1)] * 5), 0),
    ("age", pa.array([10**17] * 5, pa.timestamp("ns")), 0),
    ("age", pa.array([2**31 - 1] * 5, pa.int32()).cast(pa.date32()), 0),
    ("age", pa.array([1] * 5, pa.duration("s")), 0),
    ("age", pa.array(["30", " 31 ", "x", None, "4_0"], pa.large_string()), 3),
    ("city", pa.array(["xian", "xian ", "", None, "xia"], pa.string_view()), 1),
    ("city", pa.array([1, 2, 3, 4, 5]), 0),
    ("city", pa.nulls(5), 0),
    ("kept", pa.array([1, 0, 1, 0, 1]), 0),
    ("policy", pa.array([b"\xd5\xc5", b"b", b"\xff", None, b"e"]).view(pa.string()), 3),
    (
        "city",
        pa.array([b"\xd5\xc5", b"xian", b"\xff", None, b"xian"]).view(pa.string()),
        2,
    ),
    ("policy", pa.array([[1], [2], None, [3], [4]]), 5),
]


@pytest.mark.parametrize(
    ("column", "values", "good"), STORED, ids=lambda v: str(getattr(v, "type", v))
)
@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_column_of_any_storage_is_read_or_told(plan, tmp_path, column, values, good, kind):
    made = table([GOOD[0]] * 5)
    place = made.schema.names.index(column)
    pq.write_table(made.set_column(place, column, values), tmp_path / "book.parquet")
    target = tmp_path / f"out.{kind}"
    if good is None or (kind == "csv" and pa.types.is_nested(values.type)):
        file = "book.parquet" if good is None else "out.csv"
        with pytest.raises(BadInput, match=f"{file}: the column '{column}': expected texts or num"):
            rate_book(plan, tmp_path / "book.parquet", target)
        return
    result = rate_book(plan, tmp_path / "book.parquet", target)
    assert (result.rows, result.rated + result.refused) == (5, good)
    assert result.rejected == 5 - good
    assert len({found["row"] for found in rejects_of(result.rejects)}) == 5 - good
    assert all(found["reason_zh"] for found in rejects_of(result.rejects))


@pytest.mark.parametrize("coded", [False, True])
def test_of_a_slice_those_rows_are_told_whose_texts_are_none(coded):
    held = [b"\xff", b"a", "张".encode(), None, b"\xd5\xc5", b"", b"z"]
    column = pa.array(held).view(pa.string())
    if coded:
        column = pa.DictionaryArray.from_arrays(np.arange(len(held), dtype=np.int32), column)
    numbers = np.arange(1, len(held) + 1)
    for first in range(len(held)):
        for last in range(first, len(held) + 1):
            batch = pa.record_batch([column.slice(first, last - first)], names=["policy"])
            found = [one.row for one in no_texts(batch, ["policy"], numbers[first:last])]
            assert found == [row for row in (1, 5) if first < row <= last]


def test_a_tenth_of_bad_rows_is_left_out_and_the_others_are_rated(plan, tmp_path):
    good = [GOOD[0]] * 2_000
    wrong = ("b", "xian", 99, "no", 500, 9000, 4500, None, None)
    rows = [wrong if number % 10 == 3 else row for number, row in enumerate(good)]
    pq.write_table(table(rows), tmp_path / "book.parquet")
    result = rate_book(plan, tmp_path / "book.parquet", tmp_path / "out.parquet")
    assert (result.rows, result.rated, result.rejected) == (2_000, 1_800, 200)
    assert {found["nearest"] for found in rejects_of(result.rejects)} == {"60"}
