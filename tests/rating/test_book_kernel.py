"""The kernel is the evaluator: to the bit, for any program, book, block and thread."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.expressions.operations import Op
from product_factory.expressions.program import Builder
from product_factory.expressions.run import run
from product_factory.types import Type
from rating.book.evaluate import evaluate
from rating.book.finite import must_be_finite
from rating.book.machine import prepare
from rating.kernels import program as kernels
from tests.rating.random_programs import books, expected, programs, same_bits


@given(program=programs(), book=books(), block=st.integers(1, 50), threads=st.integers(1, 3))
def test_interpreter_and_kernel_agree_to_the_last_bit(program, book, block, threads):
    columns, offsets = book
    registers = run(program, columns, offsets)
    machine = prepare(program, program.results)
    rated = evaluate(machine, columns, offsets, threads=threads, block=block)
    for name in program.results:
        wanted = expected(program, registers, name, len(offsets) - 1, int(offsets[-1]))
        assert same_bits(rated.outputs[name], wanted), (name, program.operations)


@given(program=programs(), book=books())
def test_a_policy_is_bad_where_any_tested_value_is_not_finite(program, book):
    columns, offsets = book
    registers = run(program, columns, offsets)
    machine = prepare(program, {}, list(program.results.values()))
    bad = np.zeros(len(offsets) - 1, np.bool_)
    for name, register in program.results.items():
        values = expected(program, registers, name, len(bad), int(offsets[-1]))
        if program.levels[register]:
            for policy in range(len(bad)):
                bad[policy] |= not np.isfinite(values[offsets[policy] : offsets[policy + 1]]).all()
        else:
            bad |= ~np.isfinite(values)
    assert evaluate(machine, columns, offsets).bad.tolist() == bad.tolist()


@given(program=programs(), book=books())
def test_testing_the_chosen_registers_tests_all(program, book):
    """A value that a tested one hands on needs no test of its own."""
    columns, offsets = book
    first = len(program.inputs) + len(program.constants)
    values = [register for register in program.results.values() if register >= first]
    chosen = must_be_finite(program, values)
    assert set(chosen) <= set(values)
    few = evaluate(prepare(program, {}, chosen), columns, offsets).bad
    everything = evaluate(prepare(program, {}, values), columns, offsets).bad
    assert few.tolist() == everything.tolist()


def factors(count: int) -> Builder:
    builder = Builder()
    premium = builder.constant(100.0)
    for number in range(count):
        register = builder.input(f"f{number}", Type("choice", ("a", "b", "c")))
        key = builder.emit(Op.KEY_EXACT, register, builder.store(np.arange(3.0)), 3)
        cells = builder.store(np.array([0.8, 1.0, 1.0 + number / 16]))
        premium = builder.emit(Op.MUL, premium, builder.emit(Op.CELL, key, cells, 3))
    builder.results["premium"] = premium
    return builder


def builder_cells(builder: Builder) -> list[int]:
    operations = enumerate(builder.operations)
    return [builder.FIRST + place for place, line in operations if line.op is Op.CELL]


def test_a_choice_is_looked_up_without_a_search():
    """The fast path is taken: one look-up and one product a factor, whatever the order of keys."""
    builder = factors(8)
    program = builder.finish()
    machine = prepare(program, program.results)
    assert machine.code[:, 0].tolist() == [kernels.LOOK_UP, Op.MUL] * 8 + [kernels.WRITE]


def test_registers_share_slots():
    """More factors take no more slots, so that a block stays in the nearest cache."""
    sizes = []
    for count in (3, 30):
        program = factors(count).finish()
        sizes.append(prepare(program, program.results).slots)
    assert sizes[0] == sizes[1] <= 5


def test_a_value_that_another_hands_on_is_not_tested():
    builder = factors(8)
    builder.results |= {f"step {register}": register for register in builder_cells(builder)}
    program = builder.finish()
    assert must_be_finite(program, program.results.values()) == (program.results["premium"],)


def test_columns_of_other_lengths_are_refused():
    """The kernel reads memory by address: a short column must never reach it."""
    program = factors(2).finish()
    machine = prepare(program, program.results)
    columns = {"f0": np.zeros(5, np.int32), "f1": np.zeros(4, np.int32)}
    with pytest.raises(ValueError, match="expected columns of"):
        evaluate(machine, columns)


def test_offsets_that_fall_are_refused():
    program = factors(1).finish()
    machine = prepare(program, program.results)
    with pytest.raises(ValueError, match="never fall"):
        evaluate(machine, {"f0": np.zeros(2, np.int32)}, np.array([0, 5, 3]))


def test_a_book_without_rows_gives_none():
    program = factors(1).finish()
    rated = evaluate(prepare(program, program.results), {"f0": np.zeros(0, np.int32)})
    assert rated.outputs["premium"].shape == (0,)
