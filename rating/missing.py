"""Why a value is missing, or no premium: the step, the table without a row, the keys asked for."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from product_factory.expressions.program import Program
from product_factory.tables import Table
from rating.plan import RatingPlan


class Said(NamedTuple):
    """A reason in both languages."""

    en: str
    zh: str


Registers = Sequence[npt.NDArray[np.float64]]


def missing_value(plan: RatingPlan, registers: Registers) -> tuple[str, str] | None:
    """Give the first step of one risk that left no number, with the reason; else None.

    A premium below 0 is none either.
    """
    found = missing_said(plan, registers)
    return found and (found[0], found[1].en)


def missing_said(plan: RatingPlan, registers: Registers) -> tuple[str, Said] | None:
    """Give what `missing_value` gives, in both languages."""
    for step in plan.values:
        values = registers[step.register]
        bad = np.flatnonzero(~np.isfinite(values))
        if bad.size:
            return step.name, reason(plan, registers, step.register, int(bad[0]))
    premium = float(registers[plan.premium.register][0])
    if premium < 0.0:
        en = f"expected a premium of 0 or more, got {premium:,.2f}"
        return plan.premium.name, Said(en=en, zh=f"保费应不小于 0，实为 {premium:,.2f}")
    return None


def item_of(plan: RatingPlan, registers: Registers, step: str) -> int:
    """Give the first item of one risk for which a step left no number; 0 for one of the policy."""
    found = next((one for one in plan.values if one.name == step and one.level), None)
    bad = np.flatnonzero(~np.isfinite(registers[found.register])) if found else np.zeros(0)
    return int(bad[0]) if bad.size else 0


def reason(plan: RatingPlan, registers: Registers, register: int, item: int) -> Said:
    """Say why a register holds no number for an item, or for a row of many."""
    for cell in cells_below(plan.program, register, stop=frozenset()):
        value = registers[cell]
        if np.isnan(value[min(item, value.size - 1)]):
            table, _ = plan.program.cells[cell]
            keys = ", ".join(_keys(plan, plan.tables[table], registers, item))
            file = plan.tables[table].file
            en = f"there is no row for {keys} in {file}"
            return Said(en=en, zh=f"{file} 中没有 {keys} 的一行")
    en = "expected a number, got a division by zero or an amount beyond all bounds"
    return Said(en=en, zh="应为数，实为除以零或超出范围的金额")


def _keys(plan: RatingPlan, table: Table, registers: Registers, item: int) -> Iterator[str]:
    """Write the keys of a table as this risk has them."""
    readers = {**plan.readers.item_names, **plan.readers.policy}
    inputs = {entry.name: place for place, entry in enumerate(plan.program.inputs)}
    steps = {step.name: step for step in plan.values}
    for axis in table.axes:
        if axis.name == "item":
            code = int(registers[inputs["item"]][item])
            yield list(plan.readers.items)[code]
        elif axis.name in steps:
            values = registers[steps[axis.name].register]
            kind = steps[axis.name].bound.type
            value = float(values[min(item, values.size - 1)])
            shown = kind.of[int(value)] if kind.chosen and value >= 0 else f"{value:.12g}"
            yield f"{axis.name} {shown}"
        elif axis.name in inputs:
            values = registers[inputs[axis.name]]
            value = float(values[min(item, values.size - 1)])
            yield f"{axis.name} {readers[axis.name].shown(value)}"


def cells_below(program: Program, register: int, stop: frozenset[int]) -> list[int]:
    """List the table cells that a register is computed from, not looking below those in `stop`."""
    return sorted(program.below(register, stop) & program.cells.keys())
