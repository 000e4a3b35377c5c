"""An amount on the grid: what is known of it is computed once, what is not yet is asked for later.

An amount may read the premium of the contract, premiums paid, the cash value or the reserve. While
these are being solved for, only the operations that depend on them are run again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.expressions.operations import REGISTERS, Op
from product_factory.expressions.program import Program
from product_factory.expressions.run import step

Floats = npt.NDArray[np.float64]
PREMIUM, PREMIUMS_PAID = "premium", "premiums_paid"
CASH_VALUE, RESERVE = "cash_value", "reserve"
UNKNOWN = (PREMIUM, PREMIUMS_PAID, CASH_VALUE, RESERVE)
"""What an amount may read that is solved for: of the contract, and of the end of the step."""
NOT_AT_ALL, IN_PROPORTION, OTHERWISE = 0, 1, 2


@dataclass(frozen=True)
class Amount:
    """A program with the registers that depend on nothing unknown.

    registers  one value a cell and step, one value for all, or None where it is not known yet
    reads      the unknown names that the result depends on
    """

    program: Program
    registers: tuple[Floats | None, ...]
    cells: int
    steps: int
    reads: frozenset[str]

    @classmethod
    def of(cls, program: Program, known: Mapping[str, Floats], cells: int, steps: int) -> "Amount":
        """Run what can be run. known: input name → [cell × step], flat."""
        registers: list[Floats | None] = [known.get(entry.name) for entry in program.inputs]
        registers += [np.float64(value).reshape(1) for value in program.constants]
        depends = _dependence(program)
        with np.errstate(all="ignore"):
            for line in program.operations:
                place = len(registers)
                ready = None if depends[place] else step(line, registers, program.data, None)  # type: ignore[arg-type]
                registers.append(ready)
        return cls(program, tuple(registers), cells, steps, depends[program.results["value"]])

    def whole(self, unknown: Mapping[str, Floats]) -> Floats:
        """Evaluate on the whole grid: [cell, step]. unknown: name → [cell, step]."""
        size = self.cells * self.steps
        flat = {name: values.reshape(size) for name, values in unknown.items()}
        value = self._run(flat, None)
        return np.broadcast_to(value, (size,)).reshape(self.cells, self.steps).copy()

    def at(self, place: int, unknown: Mapping[str, Floats]) -> Floats:
        """Evaluate at one step: [cell]. unknown: name → [cell]."""
        return np.broadcast_to(self._run(unknown, place), (self.cells,)).astype(np.float64)

    def _run(self, unknown: Mapping[str, Floats], place: int | None) -> Floats:
        program = self.program
        found: list[Floats | None] = []
        for register in self.registers:
            cut = register
            if register is not None and place is not None and register.size > 1:
                cut = register.reshape(self.cells, self.steps)[:, place]
            found.append(cut)
        for number, entry in enumerate(program.inputs):
            if found[number] is None:
                found[number] = unknown[entry.name]
        first = len(program.inputs) + len(program.constants)
        with np.errstate(all="ignore"):
            for number, line in enumerate(program.operations):
                if found[first + number] is None:
                    found[first + number] = step(line, found, program.data, None)  # type: ignore[arg-type]
        value = found[program.results["value"]]
        assert value is not None  # noqa: S101 - every register is filled by now
        return value

    def manner(self, name: str) -> int:
        """Tell how the result depends on a name: not at all, in proportion with a part, otherwise.

        In proportion: result = a + b × name, with a and b that do not depend on it.
        """
        found = [int(entry.name == name) for entry in self.program.inputs]
        found += [NOT_AT_ALL] * len(self.program.constants)
        for line in self.program.operations:
            parts = [found[getattr(line, part)] for part in REGISTERS.get(line.op, "ab")]
            found.append(_manner(line.op, parts))
        return found[self.program.results["value"]]


def _dependence(program: Program) -> list[frozenset[str]]:
    """Give for every register the unknown names that it depends on."""
    found = [frozenset({entry.name} & set(UNKNOWN)) for entry in program.inputs]
    found += [frozenset[str]()] * len(program.constants)
    for line in program.operations:
        parts = [found[getattr(line, part)] for part in REGISTERS.get(line.op, "ab")]
        found.append(frozenset[str]().union(*parts))
    return found


def _manner(op: Op, parts: list[int]) -> int:
    if not any(parts):
        return NOT_AT_ALL
    proportional = {
        Op.ADD: max(parts),
        Op.SUB: max(parts),
        Op.NEG: max(parts),
        Op.GATHER: max(parts),
        Op.MUL: sum(parts),
        Op.DIV: parts[0] if len(parts) > 1 and not parts[1] else OTHERWISE,
        Op.WHERE: OTHERWISE if parts[0] else max(parts),
    }
    return min(proportional.get(op, OTHERWISE), OTHERWISE)
