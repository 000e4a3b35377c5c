"""A program made ready for the kernel: fused lookups, nothing that no output needs, few slots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.expressions.operations import ITEM, POLICY, REGISTERS, Op
from product_factory.expressions.program import Program
from rating.kernels import program as kernels

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Column = tuple[str, bool, int]
"""A column that the kernel reads: its name, whether it holds codes, and its level."""


@dataclass(frozen=True)
class Line:
    """One prepared operation: out and operands are registers until slots are given."""

    op: int
    out: int
    a: int
    b: int
    c: int
    level: int
    uses: tuple[int, ...]


@dataclass(frozen=True)
class Machine:
    """What the kernel runs.

    columns   name and kind of the book's columns, in the order of their addresses
    outputs   names of the outputs of policies, then those of items
    """

    columns: tuple[Column, ...]
    policy_outputs: tuple[str, ...]
    item_outputs: tuple[str, ...]
    code: Integers
    data: Floats
    constants: Floats
    slots: int


def prepare(program: Program, outputs: Mapping[str, int], must_be: Sequence[int] = ()) -> Machine:
    """Make a program ready.

    outputs  name → register that is wanted
    must_be  registers whose values must be finite
    """
    made = _Preparation(program, outputs, must_be)
    lines = made.lines()
    code, slots = _placed(lines, len(program.constants), program)
    return Machine(
        columns=tuple(made.columns),
        policy_outputs=tuple(n for n, r in outputs.items() if program.levels[r] == POLICY),
        item_outputs=tuple(n for n, r in outputs.items() if program.levels[r] == ITEM),
        code=code,
        data=made.all_data(),
        constants=np.array(program.constants, dtype=np.float64),
        slots=slots,
    )


class _Preparation:
    """Rewrites the operations that some output needs."""

    def __init__(
        self, program: Program, outputs: Mapping[str, int], must_be: Sequence[int]
    ) -> None:
        self.program = program
        self.first = len(program.inputs) + len(program.constants)
        self.outputs = outputs
        self.must_be = must_be
        self.columns: list[Column] = []
        self.more: list[Floats] = []
        self.length = program.data.size

    def all_data(self) -> Floats:
        return np.concatenate([self.program.data, *self.more])

    def store(self, values: Floats) -> int:
        self.more.append(values)
        self.length += values.size
        return self.length - values.size

    def lines(self) -> list[Line]:
        wanted = [*self.outputs.values(), *self.must_be]
        made: dict[int, Line] = {}
        order: list[int] = []
        self._visit(wanted, made, order)
        lines = [made[register] for register in order]
        counts = {POLICY: 0, ITEM: 0}
        for register in self.outputs.values():
            level = self.program.levels[register]
            place, counts[level] = counts[level], counts[level] + 1
            lines.append(Line(kernels.WRITE, -1, register, 0, place, level, (register,)))
        lines += [
            Line(kernels.MUST_BE, -1, register, 0, 0, self.program.levels[register], (register,))
            for register in self.must_be
        ]
        return _written_early(lines)

    def _visit(self, wanted: Sequence[int], made: dict[int, Line], order: list[int]) -> None:
        """Make the lines of registers and of what they use, each once, uses first."""
        todo = [(register, False) for register in reversed(wanted)]
        while todo:
            register, ready = todo.pop()
            if ready:
                order.append(register)
                continue
            if register in made or self._constant(register):
                continue
            made[register] = self._line(register)
            todo.append((register, True))
            todo += [(used, False) for used in reversed(made[register].uses)]

    def _constant(self, register: int) -> bool:
        return len(self.program.inputs) <= register < self.first

    def _line(self, register: int) -> Line:
        level = self.program.levels[register]
        if register < self.first:
            entry = self.program.inputs[register]
            op = kernels.LOAD_CODES if entry.type.chosen else kernels.LOAD_FLOATS
            return Line(op, register, self._column(register), 0, 0, level, ())
        line = self.program.operations[register - self.first]
        if line.op is Op.CELL:
            fused = self._fused(register, line.a, line.b, line.c)
            if fused is not None:
                return fused
        if line.op is Op.KEY_EXACT:
            keys = self.program.data[line.b : line.b + line.c]
            if self._codes(line.a):
                places = self._places(line.a, keys)
                column = self._column(line.a)
                offset = self.store(places)
                return Line(kernels.PLACE, register, column, offset, places.size, level, ())
            if np.all(np.diff(keys) > 0):
                op = kernels.KEY_SORTED
                return Line(op, register, line.a, line.b, line.c, level, (line.a,))
        used = REGISTERS.get(line.op, "ab")
        uses = tuple({"a": line.a, "b": line.b, "c": line.c}[name] for name in used)
        return Line(int(line.op), register, line.a, line.b, line.c, level, uses)

    def _fused(self, register: int, key: int, offset: int, size: int) -> Line | None:
        """Look a cell up by a code of the book directly: its key needs no search."""
        cells = self.program.data[offset : offset + size]
        level = self.program.levels[register]
        if self._codes(key):
            return Line(kernels.LOOK_UP, register, self._column(key), offset, size, level, ())
        if key < self.first:
            return None
        line = self.program.operations[key - self.first]
        if line.op is not Op.KEY_EXACT or not self._codes(line.a):
            return None
        places = self._places(line.a, self.program.data[line.b : line.b + line.c])
        direct = np.where(places < 0, np.nan, cells[places.astype(np.int64)])
        place = self.store(direct)
        column = self._column(line.a)
        return Line(kernels.LOOK_UP, register, column, place, direct.size, level, ())

    def _codes(self, register: int) -> bool:
        return register < len(self.program.inputs) and self.program.inputs[register].type.chosen

    def _places(self, register: int, keys: Floats) -> Floats:
        """Give the place among the keys of every code that a column may hold."""
        codes = np.arange(len(self.program.inputs[register].type.of), dtype=np.float64)
        equal = codes[:, None] == keys[None, :]
        return np.where(equal.any(axis=1), equal.argmax(axis=1), -1).astype(np.float64)

    def _column(self, register: int) -> int:
        entry = self.program.inputs[register]
        column = (entry.name, entry.type.chosen, entry.level)
        if column not in self.columns:
            self.columns.append(column)
        return self.columns.index(column)


def _written_early(lines: list[Line]) -> list[Line]:
    """Move each write and test right behind the line that makes its register, to free its slot."""
    makes = {line.out: place for place, line in enumerate(lines) if line.out >= 0}

    def place(entry: tuple[int, Line]) -> tuple[int, int]:
        number, line = entry
        return (number, 0) if line.out >= 0 else (makes.get(line.a, -1), 1)

    return [line for _, line in sorted(enumerate(lines), key=place)]


def _placed(lines: list[Line], constants: int, program: Program) -> tuple[Integers, int]:
    """Give every register a slot that it keeps until its last use; constants come first."""
    base = len(program.inputs)
    slots = {base + number: number for number in range(constants)}
    last = {used: number for number, line in enumerate(lines) for used in line.uses}
    free: list[int] = []
    count = constants
    rows: list[tuple[int, int, int, int, int, int]] = []
    for number, line in enumerate(lines):
        operands = dict(zip("abc", (line.a, line.b, line.c), strict=True))
        names = "" if not line.uses else REGISTERS.get(Op(line.op), "ab") if line.op < 64 else "a"  # noqa: PLR2004 - see the kernel
        for name in names:
            operands[name] = slots[operands[name]]
        out = 0
        if line.out >= 0:
            # taken before operands are given back: in place, the loops could not be vectorised
            out = free.pop() if free else count
            count = max(count, out + 1)
            slots[line.out] = out
        rows.append((line.op, out, operands["a"], operands["b"], operands["c"], line.level))
        done = {used for used in line.uses if last[used] == number}
        free += [slots[used] for used in sorted(done) if not base <= used < base + constants]
    return np.array(rows, dtype=np.int64).reshape(-1, 6), max(count, 1)
