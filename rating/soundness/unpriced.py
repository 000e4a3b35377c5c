"""Choices without a rate: what is sold and finds no row of a table."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from product_factory.errors import At
from product_factory.expressions.program import Program
from rating.missing import cells_below, reason
from rating.plan import RatingPlan
from rating.soundness.flaw import Flaw
from rating.soundness.lines import lines_program
from rating.soundness.told import risk_told
from rating.soundness.trial import Trial, trial
from rating.steps import BoundStep, Decline


def unpriced(plan: RatingPlan) -> Iterator[Flaw]:
    """Tell of the steps that leave no number for a risk that is sold; each table is told once."""
    stops = frozenset(step.register for step in plan.values)
    lines, registers = lines_program(plan)
    told: set[str] = set()
    for step in plan.values:
        if cells_below(plan.program, step.register, stops):
            flaw = _of_step(plan, step, lines, registers)
            if flaw is not None and flaw.en not in told:
                told.add(flaw.en)
                yield flaw


def _of_step(
    plan: RatingPlan, step: BoundStep, lines: Program, registers: tuple[int, ...]
) -> Flaw | None:
    """Try the risks that matter to a step; where what refuses them reads more, those too."""
    tried = trial(plan.readers, plan.program, [step.register])
    out, open_ = _out(plan, tried, lines, registers)
    names = tuple(tried.columns)
    flaw = _no_rate(plan, step, tried, ~out, names)
    if flaw is None or not open_:
        return flaw
    declines = _declines(plan)
    tried = trial(plan.readers, plan.program, [step.register, plan.refused, *declines])
    found = tried.run(plan.program, [plan.refused, *declines])
    sold = found[plan.refused] < 0.0
    for register in declines:
        sold &= found[register] == 0.0
    wider = _no_rate(plan, step, tried, sold, names)
    if wider is not None or (tried.exact and tried.alone):
        return wider
    return replace(flaw, sure=False)


def _declines(plan: RatingPlan) -> list[int]:
    return [one.register for one in plan.decisions if isinstance(one.step, Decline)]


def _out(
    plan: RatingPlan, tried: Trial, lines: Program, registers: tuple[int, ...]
) -> tuple[npt.NDArray[np.bool_], bool]:
    """Tell which risks are refused or declined by what reads nothing but their columns.

    Tells too whether anything else, that reads some of them, may refuse or decline more.
    """
    found = np.zeros(tried.size, np.bool_)
    more = False
    for program, wanted in ((lines, registers), (plan.program, _declines(plan))):
        for register in wanted:
            below = program.below(register)
            names = {entry.name for n, entry in enumerate(program.inputs) if n in below}
            if names <= tried.columns.keys():
                found |= tried.run(program, [register])[register] != 0.0
            elif names & tried.columns.keys():
                more = True
    return found, more


def _no_rate(
    plan: RatingPlan,
    step: BoundStep,
    tried: Trial,
    may: npt.NDArray[np.bool_],
    names: tuple[str, ...],
) -> Flaw | None:
    """Tell of a risk that may be and has no number; risks alike in some inputs count once."""
    found = tried.run(plan.program, [step.register])
    sold = tried.standing(may)
    without = ~np.isfinite(found[step.register]) & sold
    rows = np.flatnonzero(without)
    if not rows.size or not tried.alone:
        return None
    columns = {name: tried.columns[name] for name in names}
    said = reason(plan, found, step.register, int(rows[0]))
    tables = [
        plan.tables[plan.program.cells[c][0]]
        for c in cells_below(plan.program, step.register, frozenset())
    ]
    meant = [table for table in tables if table.file in said.en]
    held = np.array([np.nan_to_num(column, nan=-np.inf) for column in columns.values()])
    many, of = (f"{np.unique(held[:, rows], axis=1).shape[1]:,}" for rows in (without, sold))
    risk = risk_told(plan.readers, columns, int(rows[0]))
    return Flaw(
        step.name,
        sure=not any("sparse" in table.header for table in meant),
        zh=f"可投保而无费率：{said.zh}（{risk}；{of} 种组合中有 {many} 种）",
        en=f"is sold without a rate: {said.en} ({risk}; {many} of {of} combinations)",
        at=step.step.at,
        sources=tuple(At(table.file, 1, 1) for table in meant),
    )
