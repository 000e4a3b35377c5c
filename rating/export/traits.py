"""What a priced risk shows of its plan: branches, comparisons, rows, decisions, bounds."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from product_factory.expressions.operations import ITEM, Op
from product_factory.expressions.program import Operation, Program
from rating.export.covering import Trait
from rating.export.draws import Floats
from rating.export.risks import COMPARED, Risks, evaluated, items_drawn
from rating.plan import RatingPlan

KEYS = frozenset({Op.KEY_BAND, Op.KEY_EXACT, Op.KEY_STEP})
WHETHER = np.array(["not there", "there"])
EQUAL, JUST_ABOVE, ABOVE, JUST_BELOW, BELOW = "equal", "just above", "above", "just below", "below"
CELLS, REFUSALS = "cells of tables", "refusals"
Integers = npt.NDArray[np.int64]
Seen = tuple[str, npt.NDArray[np.str_], bool]
"""What is looked at, what was seen at each risk or item ('' for nothing), whether of items."""


def traits_of(plan: RatingPlan, risks: Risks) -> list[frozenset[Trait]]:
    """Give what each risk shows; of one that is refused only what concerns its refusal."""
    registers, offsets = evaluated(plan, risks)
    owner = None if offsets is None else np.repeat(np.arange(risks.size), np.diff(offsets))
    refused = np.broadcast_to(registers[plan.refused], (risks.size,))
    found: list[set[Trait]] = [set() for _ in range(risks.size)]
    inside = refused < 0.0
    for name, seen, of_items in _operations(plan, registers):
        _note(found, name, seen, owner if of_items else None, inside)
    for name, seen in _whole(plan, risks, registers):
        _note(found, name, seen, None, inside)
    for name, seen, of_items in _accepting(plan, registers):
        _note(found, name, seen, owner if of_items else None, None)
    lines = [line.name for line in plan.lines]
    for place in np.flatnonzero(~inside).tolist():
        found[place].add((REFUSALS, lines[int(refused[place])]))
    return [frozenset(one) for one in found]


def known_traits(plan: RatingPlan) -> Iterator[Trait]:
    """List what ought to be shown: each refusal, decision, branch, and row of a key."""
    for refusal in plan.lines:
        yield REFUSALS, refusal.name
    for step in plan.decisions:
        yield from ((f"decisions #{step.name}", word) for word in ("decides", "passes"))
    accepting = plan.program.below(plan.refused)
    for register, line in _lines(plan.program):
        if register in accepting:
            continue
        if line.op is Op.WHERE:
            yield from ((f"branches #{register}", word) for word in ("then", "else"))
        elif line.op in KEYS:
            name = f"rows of keys #{_key_of(plan.program, register)}"
            yield from ((name, str(place)) for place in range(line.c))


def _note(
    found: list[set[Trait]],
    name: str,
    seen: npt.NDArray[np.str_],
    owner: Integers | None,
    inside: npt.NDArray[np.bool_] | None,
) -> None:
    size = len(found) if owner is None else len(owner)
    for place, one in enumerate(np.broadcast_to(seen, (size,)).tolist()):
        risk = place if owner is None else int(owner[place])
        if one and (inside is None or inside[risk]):
            found[risk].add((name, one))


def _operations(plan: RatingPlan, registers: list[Floats]) -> Iterator[Seen]:
    accepting = plan.program.below(plan.refused)
    for register, line in _lines(plan.program):
        if register not in accepting:
            yield from _operation(plan, registers, register, line)


def _accepting(plan: RatingPlan, registers: list[Floats]) -> Iterator[Seen]:
    accepting = plan.program.below(plan.refused)
    for register, line in _lines(plan.program):
        if register in accepting and line.op in COMPARED:
            yield from _operation(plan, registers, register, line, "accepts, ")


def _operation(
    plan: RatingPlan, registers: list[Floats], register: int, line: Operation, said: str = ""
) -> Iterator[Seen]:
    of_items = plan.program.levels[register] == ITEM
    a, b = registers[line.a], registers[line.b] if line.b < len(registers) else registers[line.a]
    if line.op in COMPARED:
        yield f"{said}comparisons #{register}", _compared(a - b), of_items
    elif line.op is Op.WHERE:
        yield f"branches #{register}", np.where(a != 0.0, "then", "else"), of_items
    elif line.op in (Op.MIN, Op.MAX):
        second = (b < a) if line.op is Op.MIN else (b > a)
        yield f"branches #{register}", np.where(second, "second", "first"), of_items
    elif line.op in KEYS:
        place = registers[register].astype(np.int64)
        yield (
            f"rows of keys #{_key_of(plan.program, register)}",
            np.where(place < 0, "", place.astype(str)),
            of_items,
        )
    elif line.op is Op.CELL and register in plan.program.cells:
        index = np.where(np.isnan(registers[register]), -1.0, a).astype(np.int64)
        table, column = plan.program.cells[register]
        yield (
            f"{CELLS} #{table}.{column}#{register}",
            np.where(index < 0, "", index.astype(str)),
            of_items,
        )


def _key_of(program: Program, register: int) -> str:
    """Name the table and the order of the key whose row a register finds."""
    line = program.operations[register - len(program.inputs) - len(program.constants)]
    found = {
        f"{one.table}.{order + 1}"
        for one in program.looked.values()
        for order, key in enumerate(one.keys)
        if key == line.a
    }
    return f"{'/'.join(sorted(found))}#{register}"


def _compared(gap: Floats) -> npt.NDArray[np.str_]:
    above, below = gap[gap > 0.0], gap[gap < 0.0]
    seen = np.full(gap.shape, "", dtype="<U10")
    seen[gap == 0.0] = EQUAL
    if above.size:
        seen[gap > 0.0] = ABOVE
        seen[gap == above.min()] = JUST_ABOVE
    if below.size:
        seen[gap < 0.0] = BELOW
        seen[gap == below.max()] = JUST_BELOW
    return seen


def _whole(
    plan: RatingPlan, risks: Risks, registers: list[Floats]
) -> Iterator[tuple[str, npt.NDArray[np.str_]]]:
    """Say what is seen of a risk as a whole: decisions, bounds and choices, items."""
    for step in plan.decisions:
        decided = np.broadcast_to(registers[step.register] != 0.0, (risks.size,))
        yield f"decisions #{step.name}", np.where(decided, "decides", "passes")
    groups = {"": plan.readers.policy, **plan.readers.items}
    items = items_drawn(plan.readers)
    for (one, name), column in risks.values.items():
        item = items.get(one, "")
        reader = groups[item][name]
        if reader.coded or reader.type.kind == "yes_no":
            seen = column.astype(np.int64).astype(str)
        else:
            seen = np.where(column == reader.least, "least", "")
            seen = np.where(column == reader.most, "most", seen)
        if item:
            seen = np.where(risks.present[one], seen, "")
        yield f"bounds and choices #{item}.{name}", seen
    for item in plan.readers.items:
        has = [risks.present[one] for one, of in items.items() if of == item]
        number = np.sum(has, axis=0)
        seen = number.astype(str) if item in plan.readers.many else WHETHER[number]
        yield f"items #{item}", seen


def _lines(program: Program) -> Iterator[tuple[int, Operation]]:
    first = len(program.inputs) + len(program.constants)
    for place, line in enumerate(program.operations):
        yield first + place, line
