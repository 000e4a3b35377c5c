"""Tables: exact, step and band keys; gaps, overlaps and doubles are errors with a line."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadInput, BadValue
from product_factory.expressions.program import Builder
from product_factory.expressions.run import run
from product_factory.tables import read_table
from product_factory.types import Type

HEADER = "# title: t\n# source: s\n# status: illustrative\n"


def table(columns, *rows, more=""):
    text = f"{HEADER}{more}# columns: {columns}\n" + "\n".join(rows) + "\n"
    return read_table(text, "t", "t.csv")


def looked_up(made, **keys):
    """The cells that a program finds for columns of keys, given as the axes hold them."""
    builder = Builder()
    registers = [(builder.input(axis.name, Type("number")), axis.grid()) for axis in made.axes]
    builder.results["cell"] = builder.lookup(made, made.columns[0], registers)
    program = builder.finish()
    columns = {name: np.asarray(column, np.float64) for name, column in keys.items()}
    return run(program, columns)[program.results["cell"]].tolist()


def same(one, two):
    return one == two or (math.isnan(one) and math.isnan(two))


EXACT = table("{sex: {key: exact, of: [M, F]}, q: {type: ratio}}", "sex,q", "F,2%", "M,0.5%")
STEP = table(
    "{year: {key: step, type: integer}, rate: {type: ratio}}", "year,rate", "1,0.12", "3,0.05"
)
BAND = table(
    "{age: {key: band, type: age}, rate: {type: number}}",
    "age_from,age_below,rate",
    "18,40,1",
    "40,60,2",
    "60,,3",
)


def test_an_exact_key_finds_its_row_in_the_order_of_the_list():
    assert EXACT.find("q", sex="M") == 0.005
    assert EXACT.find("q", sex="F") == 0.02
    assert looked_up(EXACT, sex=[0, 1]) == [0.005, 0.02]


def test_a_step_holds_from_its_value_on_and_nothing_stands_before_the_first():
    assert [same(a, b) for a, b in zip(looked_up(STEP, year=[0, 1, 2, 3, 99]),
        [math.nan, 0.12, 0.12, 0.05, 0.05], strict=True)] == [True] * 5  # fmt: skip
    assert STEP.find("rate", year=2.0) == 0.12
    with pytest.raises(BadValue, match=r"^t.csv: no row for year 0.0$"):
        STEP.find("rate", year=0.0)


def test_a_band_holds_its_lower_end_and_not_its_upper_one():
    found = looked_up(BAND, age=[17, 18, 39, 40, 59, 60, 105])
    assert math.isnan(found[0])
    assert found[1:] == [1, 1, 2, 2, 3, 3]


def test_steps_that_one_key_has_and_another_lacks_are_carried_forward():
    """Minimum cash values: a row for years 1, 2, 3 … of each payment band, the last one goes on."""
    made = table(
        "{pay: {key: exact, type: years}, year: {key: step, type: integer}, rate: {type: number}}",
        "pay,year,rate", "1,1,5", "10,1,8", "10,2,7", "10,4,1",
    )  # fmt: skip
    assert looked_up(made, pay=[1, 1, 1, 10, 10, 10, 10], year=[1, 2, 9, 1, 2, 3, 4]) == [
        5, 5, 5, 8, 7, 7, 1,
    ]  # fmt: skip


TWO_KEYS = "{a: {key: exact}, b: {key: exact}, v: {type: number}}"


def test_a_combination_without_a_row_is_told_with_the_row_that_it_would_follow():
    with pytest.raises(BadInput) as told:
        table(TWO_KEYS, "a,b,v", "x,p,1", "y,q,2")
    says = "expected a row for a x, b q after this one; else say why in a line '# sparse: …'"
    assert str(told.value) == f"t.csv:6:1: {says}"


def test_a_missing_first_combination_follows_the_names_of_the_columns():
    columns = "{a: {key: exact, of: [x, y]}, b: {key: step, type: integer}, v: {type: number}}"
    with pytest.raises(BadInput, match=r"^t.csv:5:1: expected a row for a x after this one"):
        table(columns, "a,b,v", "y,1,2", "y,2,2")


def test_a_built_table_has_the_cells_that_its_product_sells():
    text = HEADER.replace("illustrative", "built") + f"# columns: {TWO_KEYS}\na,b,v\nx,p,1\ny,q,2\n"
    assert math.isnan(read_table(text, "t", "t.csv").find("v", a="x", b="q"))


def test_a_combination_without_a_row_is_no_number_where_the_header_says_why():
    made = table(TWO_KEYS, "a,b,v", "x,p,1", "y,q,2", more="# sparse: none sold\n")
    assert made.find("v", a="x", b="p") == 1
    assert math.isnan(made.find("v", a="x", b="q"))
    assert made.line((0, 1)).line == 0
    assert str(made.line((1, 1))) == "t.csv:8:1"


def test_a_text_column_is_a_choice_among_what_stands_there_or_is_listed():
    made = table("{c: {key: exact}, zone: {of: [coast, inland]}}", "c,zone", "x,inland")
    assert made.types["zone"] == Type("choice", ("coast", "inland"))
    assert made.find("zone", c="x") == 1.0


def test_cells_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        EXACT.cells["q"][0] = 1.0


@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=8, unique=True),
    st.lists(st.floats(-60, 60), min_size=1, max_size=8),
)
def test_a_step_key_finds_what_a_slow_search_finds(starts, asked):
    rows = [f"{start},{number}" for number, start in enumerate(starts)]
    made = table("{k: {key: step, type: number}, v: {type: number}}", "k,v", *rows)
    for key, found in zip(asked, looked_up(made, k=asked), strict=True):
        below = [start for start in starts if start <= key]
        expected = starts.index(max(below)) if below else math.nan
        assert same(found, expected)


@given(
    st.lists(st.integers(0, 99), min_size=2, max_size=8, unique=True),
    st.lists(st.floats(-5, 110), min_size=1, max_size=8),
    st.booleans(),
)
def test_a_band_key_finds_what_a_slow_search_finds(ends, asked, open_ended):
    ends = sorted(ends)
    bands = list(zip(ends, [*ends[1:], math.inf], strict=True))
    bands = bands if open_ended else bands[:-1]
    rows = [f"{a},{'' if b == math.inf else b},{n}" for n, (a, b) in enumerate(bands)]
    made = table("{k: {key: band, type: number}, v: {type: number}}", "k_from,k_below,v", *rows)
    for key, found in zip(asked, looked_up(made, k=asked), strict=True):
        fits = [float(n) for n, (low, high) in enumerate(bands) if low <= key < high]
        assert same(found, fits[0] if fits else math.nan)


def test_the_axis_may_not_be_listed_without_end():
    columns = "{age: {key: exact, type: age, from: 0, to: 99999999999}, q: {type: ratio}}"
    with pytest.raises(
        BadInput, match=r"t.csv:4:\d+: columns.age.to: expected at most 1000000 val"
    ):
        table(columns, "age,q", "0,0.1")
