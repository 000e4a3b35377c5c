"""What is decided about the cells of a filing table, as far as the cells tell it.

A step or a line of `accepts` may read more than the variables of a cell. Where all that can differ
of these is tried and makes no difference, the cell tells what is decided; else it is left open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
import numpy.typing as npt

from product_factory.expressions.operations import ITEM
from product_factory.expressions.program import Program
from rating.plan import RatingPlan
from rating.soundness.lines import lines_program
from rating.soundness.trial import trial
from rating.steps import Decline

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
COLUMNS = ("decision", "reason", "open")
ACCEPT, REFER, DECLINE = "accept", "refer", "decline"
SEPARATOR = "; "
MOST_COMBINED, MOST_TRIED = 2_000, 20_000_000
"""Combinations of other variables, and cells times combinations, that are tried of a step."""


@dataclass(frozen=True)
class CellDecisions:
    """What is decided about each cell.

    sold    [cell] whether any of it may be sold: no line of `accepts` refuses all of it
    made    [cell] accept, refer or decline;  reason: the steps that decide so
    open    [cell] the steps and lines that decide by other variables, and may be stronger
    steps   whether the tariff has any step that decides
    """

    sold: Mask
    made: tuple[str, ...]
    reason: tuple[str, ...]
    open: tuple[str, ...]
    steps: bool

    @property
    def declined(self) -> Mask:
        """Which cells are declined."""
        return np.array([one == DECLINE for one in self.made], dtype=np.bool_)

    def row(self, cell: int) -> tuple[str, ...]:
        """Give what COLUMNS say of a cell; nothing where the tariff decides nothing."""
        return (self.made[cell], self.reason[cell], self.open[cell]) if self.steps else ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of `row`."""
        return COLUMNS if self.steps else ()

    def note(self) -> list[str]:
        """Say what the columns mean, and by what cells are left open, in both languages."""
        said = []
        if self.steps:
            words = "accept 承保, refer 转人工核保 to a person, decline 拒保 no premium"
            said.append(f"decision: {words}; reason: 步骤 by these steps")
        left = dict.fromkeys(name for one in dict.fromkeys(self.open) for name in _names(one))
        if left:
            says = "未定 open, as they read other variables too"
            said.append(f"{says}: {', '.join(left)}")
        return said


def decide(plan: RatingPlan, cells: Mapping[str, Floats], size: int) -> CellDecisions:
    """Decide about cells. cells: policy variable → its value in each cell, encoded."""
    sold = np.ones(size, np.bool_)
    left: list[tuple[str, Mask]] = []
    lines, registers = lines_program(plan)
    for line, register in zip(plan.lines, registers, strict=True):
        every, some = _falls(plan, lines, register, cells, size)
        sold &= ~every
        left.append((line.name, some & ~every))
    falls: dict[str, list[tuple[str, Mask]]] = {REFER: [], DECLINE: []}
    for step in plan.decisions:
        every, some = _falls(plan, plan.program, step.register, cells, size)
        falls[DECLINE if isinstance(step.step, Decline) else REFER].append((step.name, every))
        left.append((step.name, some & ~every))
    declined, referred = (_any(falls[made], size) for made in (DECLINE, REFER))
    made = np.where(declined, DECLINE, np.where(referred, REFER, ACCEPT)).tolist()
    listed = {one: _listed(found, size) for one, found in falls.items()}
    reason = tuple("" if one == ACCEPT else listed[one][n] for n, one in enumerate(made))
    undecided = [(name, mask & ~declined) for name, mask in left]
    opened = tuple(_listed(undecided, size))
    return CellDecisions(sold, tuple(made), reason, opened, bool(plan.decisions))


def _falls(
    plan: RatingPlan, program: Program, register: int, cells: Mapping[str, Floats], size: int
) -> tuple[Mask, Mask]:
    """Tell in which cells a condition holds whatever else is chosen, and in which for something."""
    below = program.below(register)
    read = {one.name: one.level for place, one in enumerate(program.inputs) if place in below}
    others = [name for name in read if name not in cells]
    tried = trial(plan.readers, program, [register])
    unknown = np.zeros(size, np.bool_), np.ones(size, np.bool_)
    if any(read[name] == ITEM for name in others) or (others and not tried.exact):
        return unknown
    given = np.array([tried.columns[name] for name in others])
    combined = np.unique(given, axis=1).T if others else np.zeros((1, 0))
    if len(combined) > MOST_COMBINED or len(combined) * size > MOST_TRIED:
        return unknown
    every, some = np.ones(size, np.bool_), np.zeros(size, np.bool_)
    for values in combined.tolist():
        columns = {name: cells[name] for name in read if name in cells}
        columns |= {name: np.full(size, one) for name, one in zip(others, values, strict=True)}
        found = replace(tried, columns=columns, size=size).run(program, [register])[register]
        every &= found != 0.0
        some |= found != 0.0
    return every, some


def _any(falls: Sequence[tuple[str, Mask]], size: int) -> Mask:
    return np.any([mask for _, mask in falls], axis=0) if falls else np.zeros(size, np.bool_)


def _listed(falls: Sequence[tuple[str, Mask]], size: int) -> list[str]:
    """Name for each cell what falls there."""
    if not falls:
        return [""] * size
    names = [name for name, _ in falls]
    which = np.array([mask for _, mask in falls]).T
    kinds, places = np.unique(which, axis=0, return_inverse=True)
    words = [SEPARATOR.join(compress(names, kind)) for kind in kinds.tolist()]
    return [words[place] for place in places.ravel().tolist()]


def _names(listed: str) -> list[str]:
    return listed.split(SEPARATOR) if listed else []
