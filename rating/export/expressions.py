"""A register of a program, written as a tree: what an export calls an expression.

The forms are those of docs/export.md; every number is the very number that the program holds, and
operations stand in the order in which the program does them.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from product_factory.expressions.operations import POLICY, ROUNDING, TOTALS, Op
from product_factory.expressions.program import Input, Looked, Operation, Program
from product_factory.tables import Table

Json: TypeAlias = dict[str, Any]
Reads: TypeAlias = Callable[[Input], Json]
SIGNS = {
    Op.ADD: "+",
    Op.SUB: "-",
    Op.MUL: "*",
    Op.DIV: "/",
    Op.POW: "^",
    Op.NEG: "negative",
    Op.MIN: "min",
    Op.MAX: "max",
    Op.LT: "<",
    Op.LE: "<=",
    Op.GT: ">",
    Op.GE: ">=",
    Op.EQ: "=",
    Op.NE: "!=",
    Op.AND: "and",
    Op.OR: "or",
    Op.NOT: "not",
    Op.WHERE: "if",
}
OPERANDS = {Op.NEG: 1, Op.NOT: 1, Op.WHERE: 3}
MODES = {op: mode for mode, op in ROUNDING.items()}
BY = {op: by for by, op in TOTALS.items()}


@dataclass
class Expressions:
    """Writes registers of one program.

    reads   says where an input comes from
    tables  by name, for the labels of their keys
    named   register → what stands for it, such as an earlier step
    """

    program: Program
    reads: Reads
    tables: Mapping[str, Table]
    named: dict[int, Json] = field(default_factory=dict)
    _made: dict[int, Json] = field(default_factory=dict)

    def tree(self, register: int) -> Json:
        """Write what a register holds; one that is named already by its name."""
        if register in self.named:
            return self.named[register]
        if register not in self._made:
            self._made[register] = self._tree(register)
        return self._made[register]

    def result(self, name: str) -> Json | None:
        """Write a result of the program by its name; None where it has none."""
        register = self.program.results.get(name)
        return None if register is None else self.tree(register)

    def name(self, register: int, stands: Json) -> Json:
        """Write a register, and let what is written after it say this instead."""
        written = self.tree(register)
        if register >= self._first:
            self.named.setdefault(register, stands)
        return written

    @property
    def _first(self) -> int:
        return len(self.program.inputs) + len(self.program.constants)

    def _tree(self, register: int) -> Json:
        inputs = len(self.program.inputs)
        if register < inputs:
            return self.reads(self.program.inputs[register])
        if register < self._first:
            return {"number": plain(self.program.constants[register - inputs])}
        if register in self.program.looked:
            return self._cell(self.program.looked[register])
        line = self.program.operations[register - self._first]
        if line.op in SIGNS:
            operands = (line.a, line.b, line.c)[: OPERANDS.get(line.op, 2)]
            args = [self.tree(one) for one in operands]
            return {"op": SIGNS[line.op], "args": self._meant(line, args)}
        return self._other(line)

    def _meant(self, line: Operation, args: list[Json]) -> list[Json]:
        """Say beside a place with which a choice is compared which choice it is."""
        first = self._gathered(line.a)
        if line.op not in (Op.EQ, Op.NE) or first >= len(self.program.inputs):
            return args
        kind, value = self.program.inputs[first].type, args[1].get("number")
        if kind.chosen and isinstance(value, int) and 0 <= value < len(kind.of):
            return [args[0], {"number": value, "means": kind.of[value]}]
        return args

    def _gathered(self, register: int) -> int:
        """Give the register of the policy behind one that gives it to the items."""
        line = self.program.operations[register - self._first] if register >= self._first else None
        return line.a if line is not None and line.op is Op.GATHER else register

    def _other(self, line: Operation) -> Json:
        op = line.op
        if op is Op.GATHER:
            return self.tree(line.a)
        if op in BY:
            return {"op": "total", "by": BY[op], "args": [self.tree(line.a)]}
        if op in MODES:
            unit = Fraction(self._constant(line.b)) / Fraction(self._constant(line.c))
            mode, args = MODES[op], [self.tree(line.a)]
            return {"op": "round", "mode": mode, "to": decimal(unit), "args": args}
        if op is Op.KEY_STEP:
            return {"op": "place", "starts": self._data(line), "args": [self.tree(line.a)]}
        if op is Op.CELL:
            return {"op": "pick", "values": self._data(line), "args": [self.tree(line.a)]}
        message = f"expected an operation that an export knows, got {op.name}"
        raise AssertionError(message)

    def _constant(self, register: int) -> float:
        return self.program.constants[register - len(self.program.inputs)]

    def _data(self, line: Operation) -> list[float | None]:
        return [plain(one) for one in self.program.data[line.b : line.b + line.c].tolist()]

    def _cell(self, looked: Looked) -> Json:
        keys: Json = {}
        table = self.tables[looked.table]
        for axis, register, grid in zip(table.axes, looked.keys, looked.grids, strict=True):
            keys[axis.name] = {"is": self.tree(register)}
            if axis.type.chosen:
                places = zip(axis.labels, grid.tolist(), strict=True)
                keys[axis.name]["places"] = {label: plain(place) for label, place in places}
        return {"op": "table", "table": looked.table, "column": looked.column, "keys": keys}


def plain(value: float) -> float | int | None:
    """Give a number as JSON writes it best: whole ones whole, none for what is missing."""
    if not math.isfinite(value):
        return None
    whole = int(value)
    return whole if whole == value and (whole or math.copysign(1.0, value) > 0.0) else value


def decimal(unit: Fraction) -> str:
    """Write a fraction of two, five and ten as the decimal that it is."""
    places = 0
    while (unit * 10**places).denominator != 1:
        places += 1
    whole = str((unit * 10**places).numerator).rjust(places + 1, "0")
    return f"{whole[:-places]}.{whole[-places:]}" if places else whole


def of_a_risk(entry: Input) -> Json:
    """Say that an input is a fact or choice of the policy or of an item."""
    return {"read": entry.name, "of": "policy" if entry.level == POLICY else "item"}
