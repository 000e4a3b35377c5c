"""A value between two rows of a table: kernel, scalar and interpreter agree to the bit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.expressions.program import Builder
from product_factory.expressions.run import run
from product_factory.tables import read_table
from product_factory.types import Type
from rating.book.evaluate import evaluate
from rating.book.machine import prepare
from rating.kernels import scalar
from tests.rating.random_programs import same_bits

TEXT = """# title: t
# source: the test
# status: illustrative
# columns: {x: {key: %s, type: number}, y: {key: %s, type: number}, v: {type: number}}
x,y,v
0,0,1.7
0,3,0.3
10,0,2.9
10,3,11.1
15,0,2.9
15,3,0.7
"""
KEYS = [("linear", "exact"), ("log_linear", "step"), ("linear", "log_linear")]


@pytest.mark.parametrize("keys", KEYS)
@given(
    asked=st.lists(st.tuples(st.floats(-2, 17), st.floats(-1, 4)), min_size=1, max_size=40),
    rows=st.lists(st.sampled_from([(0, 0), (0, 3), (10, 3), (15, 0)]), max_size=4),
)
def test_every_evaluator_finds_the_same_bits(keys, asked, rows):
    table = read_table(TEXT % keys, "t", "t.csv")
    builder = Builder()
    registers = [(builder.input(axis.name, Type("number")), axis.grid()) for axis in table.axes]
    builder.results["v"] = builder.lookup(table, "v", registers)
    program = builder.finish()
    pairs = np.array([*asked, *rows], np.float64)
    columns = {"x": pairs[:, 0].copy(), "y": pairs[:, 1].copy()}
    wanted = run(program, columns)[program.results["v"]]
    rated = evaluate(prepare(program, program.results), columns)
    assert same_bits(rated.outputs["v"], wanted)
    base = len(program.inputs) + len(program.constants)
    for pair, value in zip(pairs, wanted, strict=True):
        filled = np.zeros(program.size)
        filled[:base] = [*pair, *program.constants]
        scalar.execute(
            program.code()[:, :4], 0, len(program.operations), base, filled, program.data
        )
        assert same_bits(filled[program.results["v"]], value)
        if not np.isnan(value):
            assert same_bits(table.find("v", x=pair[0], y=pair[1]), value)
