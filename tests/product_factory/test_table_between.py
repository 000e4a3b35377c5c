"""Linear and log_linear keys: the cell at a row, a line between two, nothing outside."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadValue
from product_factory.expressions.program import Builder
from product_factory.expressions.run import run
from product_factory.tables import read_table
from product_factory.types import Type

KEYS = ["linear", "log_linear"]
HEADER = "# title: t\n# source: s\n# status: illustrative\n# columns: "


def table(keys, rows, more=""):
    axes = "".join(f"{name}: {{key: {key}, type: number}}, " for name, key in keys.items())
    body = "\n".join(",".join(str(cell) for cell in row) for row in rows)
    columns = f"{HEADER}{{{axes}v: {{type: number}}}}\n{','.join(keys)},v\n{body}\n"
    return read_table(more + columns, "t", "t.csv")


def looked_up(made, **keys):
    builder = Builder()
    registers = [(builder.input(axis.name, Type("number")), axis.grid()) for axis in made.axes]
    builder.results["v"] = builder.lookup(made, "v", registers)
    program = builder.finish()
    columns = {name: np.asarray(column, np.float64) for name, column in keys.items()}
    return run(program, columns)[program.results["v"]].tolist()


def bits(values):
    return np.asarray(values, np.float64).tobytes()


def values(low, high):
    """Values as a table has them: a few decimals."""
    return st.integers(low * 1000, high * 1000).map(lambda n: n / 1000)


@st.composite
def curves(draw, low=-50):
    """Rising keys and a cell for each."""
    at = sorted(draw(st.lists(values(-20, 20), min_size=2, max_size=6, unique=True)))
    cells = draw(st.lists(values(low, 90), min_size=len(at), max_size=len(at)))
    return at, [max(cell, 0.001) if low > 0 else cell for cell in cells]


def test_between_two_rows_the_value_or_its_logarithm_is_on_a_line():
    rows = [(20, 1), (40, 4), (50, 4)]
    asked = [19.99, 20, 30, 40, 45, 50, 50.01]
    linear = looked_up(table({"x": "linear"}, rows), x=asked)
    assert math.isnan(linear[0])
    assert math.isnan(linear[-1])
    assert linear[1:-1] == [1, 2.5, 4, 4, 4]
    assert looked_up(table({"x": "log_linear"}, rows), x=asked)[1:-1] == [1, 2, 4, 4, 4]


@pytest.mark.parametrize("key", KEYS)
@given(curve=curves(low=1))
def test_at_a_row_the_value_is_the_cell(key, curve):
    made = table({"x": key}, zip(*curve, strict=True))
    assert bits(looked_up(made, x=curve[0])) == bits(curve[1])


@pytest.mark.parametrize("key", KEYS)
@given(curve=curves(low=1), shares=st.lists(st.floats(0, 1), min_size=2, max_size=6))
def test_between_two_rows_the_value_goes_from_one_cell_to_the_other(key, curve, shares):
    """Never past either; rising or falling all the way, a last place of the power set aside."""
    (first, second), (low, high) = curve[0][:2], curve[1][:2]
    asked = sorted(min(first + share * (second - first), second) for share in shares)
    found = np.array(looked_up(table({"x": key}, zip(*curve, strict=True)), x=asked))
    assert ((min(low, high) <= found) & (found <= max(low, high))).all()
    steps = np.diff(found) * (1 if high >= low else -1)
    assert (steps >= (0 if key == "linear" else -4 * np.spacing(max(low, high)))).all()


@pytest.mark.parametrize("key", KEYS)
@given(curve=curves(low=1), asked=st.lists(values(-25, 25), min_size=1, max_size=6))
def test_the_value_is_what_the_textbook_says_and_nothing_stands_outside(key, curve, asked):
    made = table({"x": key}, zip(*curve, strict=True))
    for x, found in zip(asked, looked_up(made, x=asked), strict=True):
        if not curve[0][0] <= x <= curve[0][-1]:
            assert math.isnan(found)
            with pytest.raises(BadValue, match="no row for x"):
                made.find("v", x=x)
            continue
        cells = np.log(curve[1]) if key == "log_linear" else np.array(curve[1])
        slow = float(np.interp(x, curve[0], cells))
        assert found == pytest.approx(math.exp(slow) if key == "log_linear" else slow, rel=1e-12)
        assert bits(found) == bits(made.find("v", x=x))


@given(
    slope=st.integers(-99, 99),
    start=st.integers(-999, 999),
    at=st.lists(st.integers(-50, 50), min_size=2, max_size=6, unique=True),
)
def test_a_linear_key_gives_a_linear_function_exactly(slope, start, at):
    made = table({"x": "linear"}, [(x, start + slope * x) for x in at])
    asked = list(range(min(at), max(at) + 1))
    assert looked_up(made, x=asked) == [start + slope * x for x in asked]


@pytest.mark.parametrize("keys", [("linear", "linear"), ("log_linear", "log_linear")])
@given(x=values(0, 10), y=values(0, 4))
def test_between_four_rows_the_value_is_a_product_of_lines(keys, x, y):
    cells = [[2, 5], [3, 40]]
    rows = [(a, b, c, cells[a // 10][b // 4] * c) for a in (0, 10) for b in (0, 4) for c in (1, 2)]
    made = table({"x": keys[0], "y": keys[1], "z": "exact"}, rows)
    u, w = x / 10, y / 4
    told = np.array(cells, float) * 2
    told = np.log(told) if keys[0] == "log_linear" else told
    mixed = np.array([1 - u, u]) @ told @ np.array([1 - w, w])
    found = looked_up(made, x=[x], y=[y], z=[2])[0]
    assert found == pytest.approx(math.exp(mixed) if keys[0] == "log_linear" else mixed, rel=1e-12)
    assert bits(found) == bits(made.find("v", x=x, y=y, z=2))
    assert math.isnan(looked_up(made, x=[x], y=[y], z=[3])[0])


@pytest.mark.parametrize(
    ("key", "rows"), [("linear", (2.9, 3.2, 0.3)), ("log_linear", (3, 0.1, 6.3))]
)
def test_rounding_does_not_carry_a_value_past_the_next_row(key, rows):
    """A hair before the second row the bare formula gives 0.2999999999999998, 6.300000000000001."""
    first, width, second = rows
    x = math.nextafter(width, 0)
    made = table({"x": key}, [(0, first), (width, second)])
    assert looked_up(made, x=[x]) == [second]
    assert made.find("v", x=x) == second


def test_beside_a_hole_a_row_stands_alone():
    """What lies between a row and none is missing; the row itself is not."""
    rows = [(0, 1, 5), (10, 1, 7), (0, 2, 6)]
    made = table({"x": "linear", "z": "exact"}, rows, more="# sparse: not observed\n")
    found = looked_up(made, x=[0, 5, 10, 0, 5, 10], z=[1, 1, 1, 2, 2, 2])
    assert found[:4] == [5, 6, 7, 6]
    assert np.isnan(found[4:]).all()
