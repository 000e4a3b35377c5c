"""Line by line: what the lines of `adjust` did to the claims of one date, stage by stage.

Each stage is passed by the very kernel that settles; beside it stand the value of the line, what
met at its balance, and what was left of it before and after.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from product_factory.module import AdjustLine
from rating.claims.scene import Scene
from rating.claims.settlement import Above, Balance, Formula, LineTrail
from rating.claims.trigger import Trigger
from rating.formula import conditions_written, written
from rating.kernels import settle as k
from rating.kernels.terms import CORRIDOR, DEDUCTIBLE, LIMIT, apply

Place = tuple[int, int]


@dataclass(frozen=True)
class Passed:
    """The lines that one claim passed, and what they left, before rounding."""

    lines: tuple[LineTrail, ...]
    kept: float


def pass_lines(scene: Scene, found: Mapping[Place, Trigger], used: k.Floats) -> dict[Place, Passed]:
    """Pass the claims of one date through the lines of their covers.

    found  (event, slot) → trigger, in the order in which the kernel meets them
    used   [stage, item + 1] what was used up before the date; changed

    Raises BadInput for what a line needs and nobody knows.
    """
    going = [place for place, trigger in found.items() if trigger.outcome == "paid"]
    passing = np.array(going, dtype=np.int64).reshape(-1, 2)
    amount = np.full(scene.registers.shape[:2], math.nan)
    for place in going:
        amount[place] = found[place].gross
    lines: dict[Place, list[LineTrail]] = {place: [] for place in going}
    for stage in range(len(scene.plan.stages)):
        met = {
            place: _line(scene, stage, number, passing, amount, used)
            for number, place in enumerate(going)
        }
        k.pass_line(scene.plan.arrays, stage, used, scene.registers, amount, passing)
        for place, line in met.items():
            if line is not None:
                lines[place].append(replace(line, kept=float(amount[place])))
    return {place: Passed(tuple(lines[place]), float(amount[place])) for place in going}


def _line(
    scene: Scene,
    stage: int,
    number: int,
    passing: k.Integers,
    amount: k.Floats,
    used: k.Floats,
) -> LineTrail | None:
    """Say what a stage is about to do to one claim; None where its cover has no line there."""
    arrays, shown = scene.plan.arrays, scene.plan.stages[stage]
    event, slot = int(passing[number, 0]), int(passing[number, 1])
    entry = int(arrays.slot_entry[slot])
    line = int(arrays.stage_line[stage, entry])
    if line < 0:
        return None
    came = float(amount[event, slot])
    trail = LineTrail(
        number=line,
        operation=shown.operation,
        per=shown.per,
        each=shown.each,
        pool=shown.pool,
        formula=Formula(),
        applies=False,
        value=math.nan,
        above=None,
        came=came,
        kept=came,
        together=came,
        balance=None,
    )
    part = k.LINES + k.LINE * line
    scene.need(event, slot, part)
    if not k.applies(arrays, line, slot, scene.registers[event, slot]):
        when = _adjust(scene, entry)[line].when
        said = conditions_written(when) if when is not None else ""
        return replace(trail, formula=scene.formula(event, slot, part, said))
    operation = int(arrays.stages[stage, 0])
    sharing = _sharing(scene, stage, number, passing)
    total = 0.0
    for other in sharing:
        total += float(amount[passing[other, 0], passing[other, 1]])
    # the value of a shared line is that of its first claim, as in the kernel
    i, j = int(passing[sharing[0], 0]), int(passing[sharing[0], 1])
    first = int(arrays.stage_line[stage, int(arrays.slot_entry[j])])
    part = k.LINES + k.LINE * first
    scene.need(i, j, part + 1)
    value = k.line_value(arrays, first, j, total, scene.registers[i, j])
    above = 0.0
    if operation == CORRIDOR:
        scene.need(i, j, part + 2)
        above = k.line_above(arrays, first, j, scene.registers[i, j])
    lasting = int(arrays.stages[stage, 1]) >= k.POLICY_YEAR
    place = int(arrays.slot_item[slot]) + 1 if int(arrays.stages[stage, 2]) == 1 else 0
    before = float(used[stage, place]) if lasting else 0.0
    _, after = apply(operation, total, value, before, above)
    shared_line = _adjust(scene, int(arrays.slot_entry[j]))[first]
    return replace(
        trail,
        formula=scene.formula(i, j, part + 1, written(shared_line.value)),
        applies=True,
        value=value,
        above=None
        if shared_line.above is None
        else Above(above, scene.formula(i, j, part + 2, written(shared_line.above))),
        together=total,
        balance=_balance(operation, value, before, after, above),
    )


def _balance(
    operation: int, value: float, before: float, after: float, above: float
) -> Balance | None:
    """Give what is left of a deductible or limit, and of a corridor the part that is retained."""
    if operation == CORRIDOR:
        before, after = max(before - above, 0.0), max(after - above, 0.0)
    elif operation not in (DEDUCTIBLE, LIMIT):
        return None
    return Balance(value, max(value - before, 0.0), max(value - after, 0.0))


def _adjust(scene: Scene, entry: int) -> tuple[AdjustLine, ...]:
    return scene.plan.entries[entry].lines


def _sharing(scene: Scene, stage: int, number: int, passing: k.Integers) -> list[int]:
    """List the claims that share the balance of one, itself among them, in order."""
    arrays = scene.plan.arrays
    alone = int(arrays.stages[stage, 0]) < DEDUCTIBLE
    return [
        other
        for other in range(len(passing))
        if other == number
        or (not alone and k.together(arrays, stage, scene.registers, passing, number, other))
    ]
