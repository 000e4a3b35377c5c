"""A program: a list of operations over numbered registers, as data.

Registers are laid out inputs first, then constants, then one for each operation. Nothing is
compiled for a product; both evaluators run the same list.
"""

from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from product_factory.expressions.operations import ITEM, POLICY, REGISTERS, TOTALS, Op
from product_factory.table_axis import INTERPOLATED
from product_factory.tables import Table
from product_factory.types import Type

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
TOTAL_CODES = frozenset(TOTALS.values())
KEY_OPERATIONS = {"exact": Op.KEY_EXACT, "step": Op.KEY_STEP, "band": Op.KEY_BAND}
KEY_OPERATIONS |= dict.fromkeys(INTERPOLATED, Op.KEY_BAND)


@dataclass(frozen=True)
class Input:
    """What a program must be given: a name, its type, and whether it belongs to policy or item."""

    name: str
    type: Type
    level: int = POLICY


@dataclass(frozen=True)
class Operation:
    """One line: `registers[out] = op(a, b, c)`; see `operations` for what a, b, c are."""

    op: Op
    a: int
    b: int = 0
    c: int = 0


@dataclass(frozen=True)
class Span:
    """Where a key stands between two rows, and which of them is meant.

    axis    number of the axis
    way     register of the way from the lower row to the key
    width   register of the way from the lower row to the upper one
    upper   whether the upper row is meant
    """

    axis: int
    way: int
    width: int
    upper: bool = False


@dataclass(frozen=True)
class Looked:
    """What a table is asked for at a register: the column, and for each axis the key.

    keys   the register of each key;  grids: the key values of each axis in that key's terms
    """

    table: str
    column: str
    keys: tuple[int, ...]
    grids: tuple[Floats, ...]


Corner: TypeAlias = tuple[Span, ...]
"""One row of those that a value is found between: a span for each interpolated key."""


@dataclass(frozen=True)
class Program:
    """Operations over registers.

    inputs      registers 0 … len(inputs) - 1
    constants   the next registers
    operations  one register each, in order
    levels      0 policy or 1 item, for each register
    data        the keys and cells of all tables, one after another
    results     name → register
    cells       register of a CELL operation → (table, column), to say which table missed
    spans       the same register → where its row lies among those that a value is found between
    looked      register of a value of a table → what the table is asked for
    """

    inputs: tuple[Input, ...]
    constants: tuple[float, ...]
    operations: tuple[Operation, ...]
    levels: tuple[int, ...]
    data: Floats
    results: dict[str, int]
    cells: dict[int, tuple[str, str]]
    spans: dict[int, tuple[Corner, ...]] = field(default_factory=dict)
    looked: dict[int, Looked] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The number of registers."""
        return len(self.inputs) + len(self.constants) + len(self.operations)

    def below(self, register: int, stop: frozenset[int] = frozenset()) -> frozenset[int]:
        """List the registers that a register is computed from, itself among them.

        stop  registers that are left out, and what only they are computed from
        """
        first = self.size - len(self.operations)
        todo, seen = [register], set[int]()
        while todo:
            one = todo.pop()
            if one in seen or (one in stop and one != register):
                continue
            seen.add(one)
            if one >= first:
                line = self.operations[one - first]
                todo += [getattr(line, part) for part in REGISTERS.get(line.op, "ab")]
        return frozenset(seen)

    def code(self) -> Integers:
        """Give the operations as rows (op, a, b, c, level), for a kernel."""
        first = len(self.inputs) + len(self.constants)
        rows = [
            (int(line.op), line.a, line.b, line.c, self.levels[first + place])
            for place, line in enumerate(self.operations)
        ]
        return np.array(rows, dtype=np.int64).reshape(-1, 5)


@dataclass
class Builder:
    """Collects operations; the same operation on the same registers is written once."""

    inputs: list[Input] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    results: dict[str, int] = field(default_factory=dict)
    cells: dict[int, tuple[str, str]] = field(default_factory=dict)
    spans: dict[int, dict[Corner, None]] = field(default_factory=dict)
    looked: dict[int, Looked] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Number inputs from 0, constants from -1 downwards until `finish` lays them out."""
        self._constants: dict[float, int] = {}
        self._known: dict[Operation, int] = {}
        self._levels: dict[int, int] = {}
        self._inputs: dict[str, int] = {}
        self._data: list[Floats] = []
        self._offsets: dict[bytes, int] = {}
        self._length = 0

    # While building, inputs are 0.., operations 1_000_000.., constants -1, -2, ..
    FIRST = 1_000_000

    def input(self, name: str, declared: Type, level: int = POLICY) -> int:
        """Give the register of an input; one that is first asked for here is added."""
        if name not in self._inputs:
            self._inputs[name] = len(self.inputs)
            self._levels[len(self.inputs)] = level
            self.inputs.append(Input(name, declared, level))
        return self._inputs[name]

    def constant(self, value: float) -> int:
        """Give the register of a constant."""
        return self._constants.setdefault(float(value), -1 - len(self._constants))

    def level(self, register: int) -> int:
        """Tell the level of a register; constants belong to the policy."""
        return self._levels.get(register, POLICY)

    def emit(self, op: Op, a: int, b: int = 0, c: int = 0) -> int:
        """Add an operation, lifting policy values to items where both levels meet."""
        used = REGISTERS.get(op, "ab")
        operands = {"a": a, "b": b, "c": c}
        level = max(self.level(operands[name]) for name in used)
        if op not in TOTAL_CODES and op is not Op.GATHER:
            for name in used:
                if self.level(operands[name]) < level and operands[name] >= 0:
                    operands[name] = self.emit(Op.GATHER, operands[name])
        line = Operation(op, operands["a"], operands["b"], operands["c"])
        if line in self._known:
            return self._known[line]
        register = self.FIRST + len(self.operations)
        self.operations.append(line)
        self._known[line] = register
        self._levels[register] = ITEM if op is Op.GATHER else POLICY if op in TOTAL_CODES else level
        return register

    def separate(self) -> None:
        """Start a part that can be run by itself: what was computed before is not reused."""
        self._known.clear()

    def store(self, values: Floats) -> int:
        """Append keys or cells to the data; the same array is stored once."""
        flat = np.ascontiguousarray(values, dtype=np.float64).ravel()
        key = flat.tobytes()
        if key not in self._offsets:
            self._offsets[key] = self._length
            self._data.append(flat)
            self._length += flat.size
        return self._offsets[key]

    def lookup(self, table: Table, column: str, keys: list[tuple[int, Floats]]) -> int:
        """Emit the operations that find a cell: one key after another, then the cell.

        keys  for each axis the register of its variable and the key values in that variable's terms

        Between two rows the value is made of the cells of both, as in `table_between.py`.
        """
        spans: list[Span] = []
        index = 0 if table.axes else self.constant(0.0)
        for number, (axis, (register, grid)) in enumerate(zip(table.axes, keys, strict=True)):
            stored = self.store(axis.spans() if axis.interpolated else grid)
            place = self.emit(KEY_OPERATIONS[axis.key], register, stored, axis.size)
            if axis.interpolated:
                low = self.emit(Op.CELL, place, self.store(grid), axis.size)
                width = self.emit(Op.CELL, place, self.store(axis.widths), axis.size)
                spans.append(Span(number, self.emit(Op.SUB, register, low), width))
            index = place if number == 0 else self.emit(Op.COMBINE, index, place, axis.size)
        found = self._between(table, column, index, (), tuple(spans))
        registers, grids = zip(*keys, strict=True) if keys else ((), ())
        self.looked[found] = Looked(table.name, column, registers, grids)
        return found

    def _between(
        self, table: Table, column: str, index: int, corner: Corner, left: tuple[Span, ...]
    ) -> int:
        """Find the value at a corner of the first axes, between the two rows of each axis left."""
        if left:
            span, *rest = left
            low, high = (
                self._between(
                    table, column, index, (*corner, replace(span, upper=upper)), tuple(rest)
                )
                for upper in (False, True)
            )
            return self._line(table.axes[span.axis].key, low, high, span)
        cells = table.cells[column]
        for span in corner:
            cells = table.axes[span.axis].beyond(cells, span.axis) if span.upper else cells
        register = self.emit(Op.CELL, index, self.store(cells), cells.size)
        self.cells[register] = (table.name, column)
        if corner:
            self.spans.setdefault(register, {})[corner] = None
        return register

    def _line(self, key: str, low: int, high: int, span: Span) -> int:
        """Emit `table_between.between`, operation by operation."""
        if key == "linear":
            rise = self.emit(Op.MUL, self.emit(Op.SUB, high, low), span.way)
            raw = self.emit(Op.ADD, low, self.emit(Op.DIV, rise, span.width))
        else:
            share = self.emit(Op.DIV, span.way, span.width)
            raw = self.emit(Op.MUL, low, self.emit(Op.POW, self.emit(Op.DIV, high, low), share))
        above = self.emit(Op.MAX, raw, self.emit(Op.MIN, low, high))
        held = self.emit(Op.MIN, above, self.emit(Op.MAX, low, high))
        at_row = self.emit(Op.EQ, span.way, self.constant(0.0))
        return self.emit(Op.WHERE, at_row, low, held)

    def finish(self) -> Program:
        """Lay the registers out and freeze the program."""
        constants = tuple(self._constants)
        base = len(self.inputs)
        first = base + len(constants)

        def placed(register: int) -> int:
            if register < 0:
                return base - 1 - register
            return register - self.FIRST + first if register >= self.FIRST else register

        def moved(span: Span) -> Span:
            return replace(span, way=placed(span.way), width=placed(span.width))

        def line(entry: Operation) -> Operation:
            used = REGISTERS.get(entry.op, "ab")
            parts = {"a": entry.a, "b": entry.b, "c": entry.c}
            fixed = {k: placed(v) if k in used else v for k, v in parts.items()}
            return Operation(entry.op, fixed["a"], fixed["b"], fixed["c"])

        made = [self._levels[self.FIRST + i] for i in range(len(self.operations))]
        levels = [entry.level for entry in self.inputs] + [POLICY] * len(constants) + made
        data = np.concatenate(self._data) if self._data else np.zeros(0)
        data.setflags(write=False)
        return Program(
            inputs=tuple(self.inputs),
            constants=constants,
            operations=tuple(map(line, self.operations)),
            levels=tuple(levels),
            data=data,
            results={name: placed(register) for name, register in self.results.items()},
            cells={placed(register): cell for register, cell in self.cells.items()},
            spans={
                placed(register): tuple(tuple(map(moved, corner)) for corner in corners)
                for register, corners in self.spans.items()
            },
            looked={
                placed(register): replace(one, keys=tuple(map(placed, one.keys)))
                for register, one in self.looked.items()
            },
        )
