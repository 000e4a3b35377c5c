"""The worksheet is the kernel: every line of every row of a random book, to the last bit."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from product_factory.errors import BadValue, Refused
from product_factory.expressions.operations import ITEM
from rating.book.rate import rate_book
from rating.book.source import By, open_source
from rating.export.risks import beside_boundaries, drawn, given
from rating.plan import bind
from rating.quote import quote
from rating.worksheet import worksheet
from tests.conformance.test_shelf import PRODUCTS
from tests.rating.random_programs import same_bits
from tests.the_shelf import shipped

IN_A_ROW = [name for name in PRODUCTS if not bind(shipped(name)).readers.many]
"""Of groups, whose members have rows, see `tests/rating/test_golden_quotes.py`."""
ROWS = pytest.mark.parametrize("number", [40, pytest.param(1_000, marks=pytest.mark.prove)])
SEED = 20260101


def risks_of(plan, number):
    """Risks within their bounds, some of them where a comparison turns."""
    risks = drawn(plan, SEED, number)
    beside = beside_boundaries(plan, risks)
    few = range(0, beside.size, max(1, beside.size // number))
    own = [given(plan, risks, row) for row in range(number)]
    return own + [given(plan, beside, row) for row in few]


def in_columns(risk):
    """A risk as a row of a book: an item's values under the item's name."""
    row = {name: value for name, value in risk.items() if name != "items"}
    for item, values in risk.get("items", {}).items():
        row |= {f"{item}.{name}": value for name, value in values.items()}
    return row


def in_rows(number, risk):
    """A risk as a row for each item."""
    own = {name: value for name, value in risk.items() if name != "items"}
    for item, values in risk["items"].items():
        yield {"of": str(number), **own, "item": item, **values}


def book_of(rows, path):
    columns = list(dict.fromkeys(column for row in rows for column in row))
    table = {c: pa.array([row.get(c) for row in rows], pa.string()) for c in columns}
    pq.write_table(pa.table(table), path)
    return path


def sheet_of(plan, risk):
    """The lines of a worksheet by step and item; none for a risk without a price."""
    try:
        sheet = worksheet(plan, quote(plan, risk))
    except (Refused, BadValue):
        return {}
    return {(line.step, line.item): line.value for line in sheet.lines}


def compared(sheets, names, rated, steps):
    """How many values of a book's result were those of the worksheets, to the bit."""
    equal = 0
    for number, item in names:
        lines = sheets[number]
        entry = rated.get((number, item))
        if not lines:
            assert entry is None or entry["decision"] == "refused"
            continue
        for step in steps:
            one, other = entry[step], lines[step, item]
            if steps[step].kind == "choice":  # both name the level
                assert one == other, (number, step, item)
            else:
                assert same_bits([float(one)], [float(other)]), (number, step, item)
            equal += 1
    return equal


@ROWS
@pytest.mark.parametrize("name", IN_A_ROW)
def test_a_worksheet_is_the_kernel_to_the_last_bit(name, number, tmp_path):
    plan = bind(shipped(name))
    risks = risks_of(plan, number)
    sheets = [sheet_of(plan, risk) for risk in risks]
    book = book_of([in_columns(risk) for risk in risks], tmp_path / "book.parquet")
    steps = {step.name: step.bound.type for step in plan.values if step.level != ITEM}
    result = rate_book(plan, book, tmp_path / "out.parquet", steps=list(steps))
    rated = {(e["row"] - 1, ""): e for e in pq.read_table(result.target).to_pylist()}
    every = [(place, "") for place in range(len(risks))]
    assert compared(sheets, every, rated, steps) >= number // 3 * len(steps)


@ROWS
def test_a_line_of_an_item_is_the_kernel_to_the_last_bit(number, tmp_path):
    plan = bind(shipped("home"))
    risks = [risk for risk in risks_of(plan, number) if risk["items"]]
    sheets = [sheet_of(plan, risk) for risk in risks]
    rows = [row for place, risk in enumerate(risks) for row in in_rows(place, risk)]
    book = open_source(book_of(rows, tmp_path / "book.parquet"), by=By("of", per_item=True))
    steps = {step.name: step.bound.type for step in plan.values if step.level == ITEM}
    result = rate_book(plan, book, tmp_path / "out.parquet", steps=list(steps))
    every = [(int(row["of"]), row["item"]) for row in rows]
    found = {e["row"] - 1: e for e in pq.read_table(result.target).to_pylist()}
    rated = {every[row]: entry for row, entry in found.items()}
    assert steps
    assert compared(sheets, every, rated, steps) >= number // 3 * len(steps)
