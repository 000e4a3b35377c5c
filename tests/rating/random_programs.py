"""Programs of random operations, and random books for them."""

import numpy as np
from hypothesis import strategies as st

from product_factory.expressions.operations import ITEM, REGISTERS, Op
from product_factory.expressions.program import TOTAL_CODES, Builder, Program
from product_factory.types import Type

CODES = 4
CHOICE = Type("choice", tuple("abcd"))
NUMBER = Type("number")
VALUES = [0.0, -0.0, 1.0, -1.0, 2.5, 3.0, 1e300, -7.25, 0.1, np.inf, -np.inf, np.nan, 18.0, 1e11]
WITH_REGISTERS = [op for op in Op if op not in (Op.KEY_EXACT, Op.KEY_STEP, Op.KEY_BAND, Op.CELL)]
"""The operations whose operands are registers only, and COMBINE."""
CHOICES = (0, 2)
"""The registers of the inputs that are choices."""
KEYS = [
    [0.0, 1.0, 2.0, 3.0],  # codes in order
    [2.0, 0.0, -2.0, 3.0],  # codes in another order, one that the variable does not have
    [18.0, 19.0, 20.0],  # ages
    [-1.0, 0.0, 2.5, 18.0],  # numbers with gaps
    [3.0, -1.0, 0.1],  # in no order
]
RISING = [keys for keys in KEYS if sorted(keys) == keys]


@st.composite
def programs(draw) -> Program:
    """A program over two choices and two numbers of either level, every register an output."""
    builder = Builder()
    registers = [
        builder.input("choice", CHOICE),
        builder.input("number", NUMBER),
        builder.input("item_choice", CHOICE, ITEM),
        builder.input("item_number", NUMBER, ITEM),
        *(builder.constant(draw(st.sampled_from(VALUES[:9]))) for _ in range(3)),
    ]
    for _ in range(draw(st.integers(1, 24))):
        registers.append(draw(operations(builder, registers)))
    for number, register in enumerate(registers):
        builder.results[f"r{number}"] = register
    return builder.finish()


@st.composite
def operations(draw, builder: Builder, registers: list[int]) -> int:
    def any_register() -> int:
        return draw(st.sampled_from(registers))

    if draw(st.booleans()):
        return draw(lookups(builder, registers))
    op = draw(st.sampled_from(WITH_REGISTERS))
    if op in TOTAL_CODES:
        items = [r for r in registers if builder.level(r) == ITEM]
        return builder.emit(op, draw(st.sampled_from(items)))
    if op is Op.GATHER:
        return builder.emit(
            op, draw(st.sampled_from([r for r in registers if not builder.level(r)]))
        )
    if op is Op.COMBINE:
        return builder.emit(op, any_register(), any_register(), draw(st.integers(1, 9)))
    if op.name.startswith("ROUND"):
        unit = draw(st.sampled_from([(1.0, 100.0), (10.0, 1.0), (1.0, 3.0)]))
        return builder.emit(op, any_register(), *(builder.constant(part) for part in unit))
    return builder.emit(op, *(any_register() for _ in REGISTERS.get(op, "ab")))


@st.composite
def lookups(draw, builder: Builder, registers: list[int]) -> int:
    """One to three keys combined, then a cell."""
    index, size = None, 1
    for _ in range(draw(st.integers(1, 3))):
        op = draw(st.sampled_from([Op.KEY_EXACT, Op.KEY_STEP, Op.KEY_BAND]))
        register = draw(st.sampled_from(registers))
        # keys of a choice are its codes; -2 stands for a label that the variable does not have
        known = KEYS[:2] if register in CHOICES else KEYS
        keys = draw(st.sampled_from(known if op is Op.KEY_EXACT else RISING))
        grid = np.array([*keys, *keys[1:], np.inf] if op is Op.KEY_BAND else keys)
        place = builder.emit(op, register, builder.store(grid), len(keys))
        index = place if index is None else builder.emit(Op.COMBINE, index, place, len(keys))
        size *= len(keys)
    cells = np.linspace(-3.0, 5.0, size)
    cells[size // 2] = np.nan
    return builder.emit(Op.CELL, index, builder.store(cells), size)


@st.composite
def books(draw, most: int = 40):
    """Columns and offsets: codes from -1 (an item without it), numbers of every sort."""
    counts = draw(st.lists(st.integers(0, 3), min_size=1, max_size=most))
    items, policies = sum(counts), len(counts)

    def column(of, size):
        return np.array(draw(st.lists(of, min_size=size, max_size=size)), dtype=np.float64)

    codes, numbers = st.integers(-1, CODES - 1), st.sampled_from(VALUES)
    columns = {
        "choice": column(codes, policies),
        "number": column(numbers, policies),
        "item_choice": column(codes, items),
        "item_number": column(numbers, items),
    }
    return columns, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def expected(program: Program, registers, name, policies, items):
    """What `run` gives for a result, stretched to the rows of its level."""
    register = program.results[name]
    rows = items if program.levels[register] == ITEM else policies
    return np.broadcast_to(registers[register], (rows,))


def same_bits(one, two) -> bool:
    """Equal to the last bit; any NaN is as good as another."""
    one, two = np.ascontiguousarray(one), np.ascontiguousarray(two)
    both = np.isnan(one) & np.isnan(two)
    return bool(np.all((one.view(np.int64) == two.view(np.int64)) | both))


__all__ = ["books", "expected", "programs", "same_bits"]
