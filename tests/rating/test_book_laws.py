"""Laws of broken books: rows in are premiums and rejects, for any corruption."""

import csv
import io
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rating.book import rate_book
from rating.book import source as sources
from rating.plan import bind
from tests.rating.test_book import GOOD, ITEMS, NAMES, read, rejects_of, table
from tests.rating.tiny_shelf import product_of, write_shelf

COLUMNS = (*NAMES, *ITEMS)
HEADER = ",".join(COLUMNS)


@pytest.fixture(scope="module")
def bound(tmp_path_factory):
    """The plan behind a name: hypothesis prints what it gives to a law."""
    plan = bind(product_of(write_shelf(tmp_path_factory.mktemp("shelf")), "lamp"))
    return lambda: plan


CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "nan", "-inf", "1e400", "-5", "0", "=1+1", '"', '"x', "\x00", "\ufeff", "٣٥"]
    ),
    st.text(max_size=12),
    st.floats(allow_nan=True).map(str),
    st.sampled_from([str(cell) for row in GOOD for cell in row]),
)
RAW = st.one_of(
    st.binary(max_size=30), st.sampled_from([b"\n", b"\r", b"\r\n", b'"', b",", b"\xff"])
)


@st.composite
def broken_csv(draw):
    """A CSV with good rows, wrong cells, and then wounds to its bytes below the header."""
    rows = []
    for _ in range(draw(st.integers(0, 12))):
        row = list(map(str, GOOD[draw(st.integers(0, len(GOOD) - 1))]))
        for _ in range(draw(st.integers(0, 2))):
            row[draw(st.integers(0, len(row) - 1))] = draw(CELLS)
        rows.append(row)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"]))).writerows(rows)
    body = text.getvalue().encode("utf-8", "surrogatepass")
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(body)))
        body = body[:place] + draw(RAW) + body[place + draw(st.integers(0, 5)) :]
    return HEADER.encode() + b"\n" + body, draw(st.integers(40, 400))


def records(content):
    """The rows of a CSV, read slowly: a quote opens where a cell starts; empty lines are none."""
    found, state = [], "start"
    text = content.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")
    place = start = 0
    while True:
        if place == len(text):
            if state != "quoted":
                break
            end = text.find("\n", start)
            if end < 0 or end == len(text) - 1:
                break
            found.append(text[start:end])
            place = start = end + 1
            state = "start"
            continue
        sign = text[place]
        place += 1
        if state == "quoted":
            state = "closing" if sign == '"' else state
        elif state == "closing" and sign == '"':
            state = "quoted"
        elif sign == "\n":
            if place - 1 > start:
                found.append(text[start : place - 1])
            start, state = place, "start"
        elif sign == ",":
            state = "start"
        else:
            state = "quoted" if sign == '"' and state == "start" else "plain"
    return found + [text[start:]] * (start < len(text))


@given(broken_csv())
def test_rows_in_are_premiums_and_rejects_whatever_is_wrong_with_them(bound, broken):
    content, size = broken
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        book = Path(folder) / "book.csv"
        book.write_bytes(content)
        results = []
        for block in (sources.CSV_BYTES, size):
            patch.setattr(sources, "CSV_BYTES", block)
            result = rate_book(bound(), book, Path(folder) / "out.csv")
            rows = csv.DictReader(io.StringIO(result.target.read_text("utf-8"), newline=""))
            numbers = [int(row["row"]) for row in rows]
            rejected = {int(found["row"]) for found in rejects_of(result.rejects)}
            assert result.rows == result.rated + result.refused + result.rejected
            assert sorted([*numbers, *rejected]) == list(range(1, result.rows + 1))
            assert numbers == sorted(numbers)
            assert len(rejected) == result.rejected
            results.append((result.counts(), result.target.read_bytes()))
        assert results[0] == results[1]
        assert results[0][0]["rows"] == len(records(content)) - 1


@given(
    st.lists(st.integers(0, len(GOOD) - 1), min_size=1, max_size=20),
    st.data(),
)
def test_no_row_of_a_parquet_book_is_lost(bound, chosen, data):
    made = table([GOOD[place] for place in chosen])
    column = data.draw(st.sampled_from(COLUMNS))
    kinds = st.sampled_from(["float", "int", "text", "bytes"])
    values = {
        "float": lambda: pa.array(data.draw(_many(st.floats(), len(chosen))), pa.float64()),
        "int": lambda: pa.array(data.draw(_many(st.integers(-(2**63), 2**63 - 1), len(chosen)))),
        "text": lambda: pa.array(data.draw(_many(st.text(max_size=8), len(chosen))), pa.string()),
        "bytes": lambda: pa.array(
            data.draw(_many(st.binary(max_size=8), len(chosen))), pa.binary()
        ).view(pa.string()),
    }[data.draw(kinds)]()
    made = made.set_column(COLUMNS.index(column), column, values)
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book.parquet"
        pq.write_table(made, book, row_group_size=data.draw(st.integers(1, 20)))
        result = rate_book(bound(), book, Path(folder) / "out.parquet")
        numbers = [row["row"] for row in read(result.target)]
        rejected = {int(found["row"]) for found in rejects_of(result.rejects)}
        assert sorted([*numbers, *rejected]) == list(range(1, len(chosen) + 1))
        assert numbers == sorted(numbers)


def _many(values, count):
    return st.lists(st.none() | values, min_size=count, max_size=count)
