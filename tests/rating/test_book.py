"""Books from file to file: order kept, counts that add up, one bad row never stops the run."""

import csv

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from product_factory.errors import BadInput, Refused
from rating.book import rate_book, steps_and
from rating.book import source as sources
from rating.plan import bind
from rating.quote import quote
from rating.worksheet import worksheet
from tests.rating.tiny_shelf import product_of

NAMES = ("policy", "city", "age", "kept", "deductible")
ITEMS = ("body.value", "body.sum_insured", "shade.value", "shade.sum_insured")
GOOD = [
    ("a", "xian", 30, "yes", 1000, 2000, 1000, 200, 100),
    ("b", "xiamen", 60, "no", 500, 9000, 4500, None, None),
    ("c", "xian", 51, "no", 500, 9000, 4500, None, None),  # refused: young_in_xian
    ("d", "xian", 18, "no", 500, 100, 100, None, None),
    ("e", "xian", 30, "no", 500, 900, 1000, None, None),  # refused: not_over
]
BAD = [
    (("f", "xian", 61, "no", 500, 900, 900, None, None), "age", "61", "expected 18 to 60, got 61"),
    (("=g", "xan", 30, "no", 500, 900, 900, None, None), "city", "xan", "did you mean 'xian'?"),
    (
        ("h", "xian", None, "no", 500, 900, 900, None, None),
        "age",
        "",
        "expected 18 to 60, got nothing",
    ),
    (("i", "xian", 30, "no", 500, 900, None, None, None), "body.sum_insured", "", "got nothing"),
    (
        ("j", "xian", 30, "no", 500, None, None, 20, 20),
        "body",
        "",
        "expected this item, got nothing",
    ),
    (
        ("k", "xiamen", 30, "yes", 500, 900, 900, 20, 20),
        "rate",
        "",
        "no row for zone coast, shade in",
    ),
    (("l", "xian", 30, "no", 500, 900, 125, None, None), "body.sum_insured", "125", "steps of 50"),
]


@pytest.fixture
def plan(shelf):
    return bind(product_of(shelf, "lamp"))


def table(rows):
    columns = list(zip(*rows, strict=True))
    return pa.table(dict(zip((*NAMES, *ITEMS), map(list, columns), strict=True)))


def write(path, rows):
    made = table(rows)
    if path.suffix == ".parquet":
        pq.write_table(made, path)
    else:
        pa.csv.write_csv(made, path)
    return path


def read(path):
    return (pq.read_table(path) if path.suffix == ".parquet" else pa.csv.read_csv(path)).to_pylist()


def rejects_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def given(row):
    values = dict(zip((*NAMES, *ITEMS), row, strict=True))
    return {name: v for name, v in values.items() if v is not None and name != "policy"}


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_row_of_a_book_is_the_quote_of_that_risk(plan, tmp_path, kind):
    book = write(tmp_path / f"book.{kind}", GOOD)
    result = rate_book(plan, book, tmp_path / "out.parquet", steps=("before", "premium", "payable"))
    assert (result.rows, result.rated, result.refused, result.rejected) == (5, 3, 2, 0)
    assert (result.referred, result.declined) == (0, 1)
    rows = read(tmp_path / "out.parquet")
    assert [row["policy"] for row in rows] == ["a", "b", "c", "d", "e"]
    assert [row["row"] for row in rows] == [1, 2, 3, 4, 5]
    for row, risk in zip(rows, GOOD, strict=True):
        if row["decision"] == "refused":
            with pytest.raises(Refused) as caught:
                quote(plan, given(risk))
            assert (row["reason"], row["payable"]) == (caught.value.name, None)
            continue
        priced = quote(plan, given(risk))
        assert [row[n] for n in ("before", "premium", "payable")] == [
            priced.values[n][0] for n in ("before", "premium", "payable")
        ]
        assert row["decision"] == priced.outcome
        assert row["reason"] == "; ".join(decided.name for decided in priced.decisions)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_bad_rows_go_to_the_rejects_with_their_reason_and_the_run_goes_on(plan, tmp_path, kind):
    rows = [GOOD[0], *(row for row, *_ in BAD), GOOD[1]]
    book = write(tmp_path / f"book.{kind}", rows)
    result = rate_book(plan, book, tmp_path / "out.csv")
    assert (result.rows, result.rated, result.rejected) == (9, 2, 7)
    assert [row["row"] for row in read(tmp_path / "out.csv")] == [1, 9]
    found = rejects_of(result.rejects)
    assert [int(line["row"]) for line in found] == list(range(2, 9))
    for line, (_, column, value, reason) in zip(found, BAD, strict=True):
        assert (line["column"], line["value"]) == (column, value)
        assert reason in line["reason"]


def test_the_same_figures_come_from_any_block_and_thread(plan, tmp_path, monkeypatch):
    rng = np.random.default_rng(1)
    rows = [GOOD[int(i)] for i in rng.integers(0, len(GOOD), 500)]
    book = write(tmp_path / "book.parquet", rows)
    results = []
    for chunk, threads in ((131_072, 1), (7, 1), (100, 3)):
        monkeypatch.setattr(sources, "CHUNK", chunk)
        rate_book(plan, book, tmp_path / "out.parquet", threads=threads)
        results.append(read(tmp_path / "out.parquet"))
    assert results[0] == results[1] == results[2]
    assert len(results[0]) == 500


def test_texts_and_numbers_of_any_storage_are_read_alike(plan, tmp_path):
    """Strings, dictionaries, integers, decimals and booleans give the same premiums."""
    plain = table([GOOD[0], GOOD[3]])
    dressed = pa.table(
        {
            "policy": plain["policy"],
            "city": plain["city"].dictionary_encode(),
            "age": plain["age"].cast(pa.string()),
            "kept": pa.array([True, False]),
            "deductible": pa.array(["1000.00", "5e2"]),
            **{name: plain[name].cast(pa.decimal128(21, 2)) for name in ITEMS},
        }
    )
    results = []
    for number, made in enumerate((plain, dressed)):
        pq.write_table(made, tmp_path / f"{number}.parquet")
        rate_book(plan, tmp_path / f"{number}.parquet", tmp_path / "out.parquet")
        results.append(read(tmp_path / "out.parquet"))
    assert results[0] == results[1]
    assert results[0][0]["payable"] == 5.95


def test_a_csv_line_with_too_few_cells_is_rejected_by_its_number(plan, tmp_path):
    book = write(tmp_path / "book.csv", GOOD)
    lines = book.read_text("utf-8").splitlines()
    lines.insert(2, "x,xian")
    lines.append("y,xian,30")
    book.write_text("\n".join(lines) + "\n", "utf-8")
    result = rate_book(plan, book, tmp_path / "out.parquet")
    assert (result.rows, result.rated, result.refused, result.rejected) == (7, 3, 2, 2)
    assert [row["row"] for row in read(tmp_path / "out.parquet")] == [1, 3, 4, 5, 6]
    assert [line["row"] for line in rejects_of(result.rejects)] == ["2", "7"]


def test_lines_keep_their_numbers_over_many_blocks(plan, tmp_path, monkeypatch):
    """Every fifth line of 1,000 is too short, the last one among them."""
    monkeypatch.setattr(sources, "CSV_BYTES", 1_000)
    book = write(tmp_path / "book.csv", GOOD[:1] * 1_000)
    lines = book.read_text("utf-8").splitlines()
    for number in range(5, 1_001, 5):
        lines[number] = "short,xian"
    book.write_text("\n".join(lines) + "\n", "utf-8")
    result = rate_book(plan, book, tmp_path / "out.parquet")
    assert (result.rows, result.rated, result.rejected) == (1_000, 800, 200)
    rated = [row["row"] for row in read(tmp_path / "out.parquet")]
    assert rated == [number for number in range(1, 1_001) if number % 5]
    assert [int(line["row"]) for line in rejects_of(result.rejects)] == list(range(5, 1_001, 5))


def test_a_cell_that_a_spreadsheet_would_run_is_quoted(plan, tmp_path):
    rows = [("=1+1", *GOOD[0][1:]), ("@x", "-x", *GOOD[0][2:])]
    result = rate_book(plan, write(tmp_path / "book.parquet", rows), tmp_path / "out.csv")
    assert read(tmp_path / "out.csv")[0]["policy"] == "'=1+1"
    assert rejects_of(result.rejects)[0]["value"] == "'-x"


def test_a_book_without_optional_columns_has_no_such_item(plan, tmp_path):
    made = table(GOOD[:1]).drop_columns(["shade.value", "shade.sum_insured", "policy"])
    pq.write_table(made, tmp_path / "book.parquet")
    rate_book(plan, tmp_path / "book.parquet", tmp_path / "out.parquet", steps=["parts"])
    assert read(tmp_path / "out.parquet")[0]["parts"] == 1.0


def test_an_empty_book_gives_an_empty_result(plan, tmp_path):
    pq.write_table(table(GOOD).slice(0, 0), tmp_path / "book.parquet")
    result = rate_book(plan, tmp_path / "book.parquet", tmp_path / "out.parquet")
    assert result.rows == 0
    assert read(tmp_path / "out.parquet") == []
    assert rejects_of(result.rejects) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.rename_columns({"age": "aeg"}), "unknown column 'aeg'; did you mean 'age'?"),
        (lambda t: t.drop_columns(["age"]), "expected the column 'age'"),
        (lambda t: t.drop_columns(["shade.value"]), "expected the column 'shade.value'"),
        (
            lambda t: t.drop_columns(["body.value", "body.sum_insured"]),
            "expected the column 'body.value'",
        ),
        (lambda t: t.append_column("age", t["age"]), "the column 'age' stands twice"),
        (
            lambda t: t.set_column(2, "age", pa.array([[1]] * len(t))),
            "book.parquet: the column 'age': expected texts or numbers, got list",
        ),
    ],
)
def test_what_is_wrong_with_the_columns_is_told_before_a_row_is_rated(
    plan, tmp_path, change, message
):
    pq.write_table(change(table(GOOD)), tmp_path / "book.parquet")
    with pytest.raises(BadInput) as caught:
        rate_book(plan, tmp_path / "book.parquet", tmp_path / "out.parquet")
    assert message in str(caught.value)
    assert not list(tmp_path.glob("out*"))


def test_other_columns_are_kept_when_named(plan, tmp_path):
    made = table(GOOD).append_column("branch", pa.array(list("vwxyz")))
    pq.write_table(made, tmp_path / "book.parquet")
    with pytest.raises(BadInput, match="unknown column 'branch'"):
        rate_book(plan, tmp_path / "book.parquet", tmp_path / "out.parquet")
    rate_book(plan, tmp_path / "book.parquet", tmp_path / "out.parquet", keep=["branch"])
    assert [row["branch"] for row in read(tmp_path / "out.parquet")] == list("vwxyz")


def test_a_truncated_book_is_bad_input_and_leaves_nothing(plan, tmp_path):
    book = write(tmp_path / "book.parquet", GOOD * 1000)
    whole = book.read_bytes()
    damaged = bytearray(whole)
    damaged[200:2000] = bytes(1800)  # the pages are gone, the footer stands
    for content in (whole[: len(whole) // 2], bytes(damaged), b"", b"PAR1PAR1"):
        book.write_bytes(content)
        with pytest.raises(BadInput, match="the book cannot be read"):
            rate_book(plan, book, tmp_path / "out.parquet")
        assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize("content", [b"", b"policy,city\na,\xff\n"])
def test_a_csv_that_is_no_text_is_bad_input(plan, tmp_path, content):
    book = tmp_path / "book.csv"
    book.write_bytes(content)
    with pytest.raises(BadInput):
        rate_book(plan, book, tmp_path / "out.parquet")


def test_the_book_itself_is_never_written_over(plan, tmp_path):
    book = write(tmp_path / "book.parquet", GOOD)
    with pytest.raises(BadInput, match="expected another file than the book itself"):
        rate_book(plan, book, book)


@pytest.mark.parametrize(
    ("source", "target", "message"),
    [
        ("book.xlsx", "out.csv", "expected a book named .parquet or .csv"),
        ("none.csv", "out.csv", "there is no such file"),
        ("book.csv", "out.txt", "expected a result named .parquet or .csv"),
    ],
)
def test_files_of_another_kind_are_told(plan, tmp_path, source, target, message):
    write(tmp_path / "book.csv", GOOD)
    (tmp_path / "book.xlsx").write_bytes(b"x")
    with pytest.raises(BadInput, match=message):
        rate_book(plan, tmp_path / source, tmp_path / target)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_choice_that_a_step_leaves_is_written_by_the_name_of_its_level(plan, tmp_path, kind):
    """As the worksheet does; of a row that is refused nothing is written."""
    book = write(tmp_path / "book.parquet", GOOD)
    steps = steps_and(plan, ["zone"])
    assert steps[-1] == "zone"
    rate_book(plan, book, tmp_path / f"out.{kind}", steps=steps)
    rows = read(tmp_path / f"out.{kind}")
    for row, risk in zip(rows, GOOD, strict=True):
        if row["decision"] == "refused":
            assert not row["zone"]
            continue
        sheet = worksheet(plan, quote(plan, given(risk)))
        assert [row["zone"]] == [line.value for line in sheet.lines if line.step == "zone"]


def test_a_step_that_is_none_is_refused_with_the_nearest(plan):
    assert steps_and(plan, []) is None
    with pytest.raises(BadInput, match="unknown step of the policy 'zon'; did you mean 'zone'"):
        steps_and(plan, ["zon"])


def test_all_that_is_wrong_with_the_columns_is_told_at_once(plan, tmp_path):
    wrong = table(GOOD).rename_columns({"age": "aeg"}).append_column("seller", [["x"] * 5])
    pq.write_table(wrong, tmp_path / "book.parquet")
    with pytest.raises(BadInput) as caught:
        rate_book(plan, tmp_path / "book.parquet", tmp_path / "out.csv", keep=["branch"])
    assert [problem.text for problem in caught.value.problems] == [
        "expected the column 'age'",
        "unknown column 'aeg'; did you mean 'age'?; `--keep` keeps it",
        "unknown column 'branch' to keep",
        "unknown column 'seller'; `--keep` keeps it",
    ]
    for number in range(30):
        wrong = wrong.append_column(f"more_{number}", [["x"] * 5])
    pq.write_table(wrong, tmp_path / "book.parquet")
    with pytest.raises(BadInput, match="… and 13 more") as caught:
        rate_book(plan, tmp_path / "book.parquet", tmp_path / "out.csv")
    assert len(caught.value.problems) == 21
