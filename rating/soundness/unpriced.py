"""Choices without a rate: what is sold and finds no row of a table."""

from collections.abc import Iterator

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
        own = cells_below(plan.program, step.register, stops)
        if own:
            tried = trial(plan.readers, plan.program, [step.register])
            sold = ~_out(plan, tried, lines, registers)
            flaw = _no_rate(plan, step, tried, sold)
            if flaw is not None and flaw.en not in told:
                told.add(flaw.en)
                yield flaw


def _out(
    plan: RatingPlan, tried: Trial, lines: Program, registers: tuple[int, ...]
) -> npt.NDArray[np.bool_]:
    """Tell which risks are refused or declined by what reads nothing but their columns."""
    declines = [one.register for one in plan.decisions if isinstance(one.step, Decline)]
    found = np.zeros(tried.size, np.bool_)
    for program, wanted in ((lines, registers), (plan.program, declines)):
        for register in wanted:
            below = program.below(register)
            names = {entry.name for n, entry in enumerate(program.inputs) if n in below}
            if names <= tried.columns.keys():
                found |= tried.run(program, [register])[register] != 0.0
    return found


def _no_rate(
    plan: RatingPlan, step: BoundStep, tried: Trial, sold: npt.NDArray[np.bool_]
) -> Flaw | None:
    found = tried.run(plan.program, [step.register])
    rows = np.flatnonzero(~np.isfinite(found[step.register]) & sold)
    if not rows.size or not tried.alone:
        return None
    said = reason(plan, found, step.register, int(rows[0]))
    tables = [
        plan.tables[plan.program.cells[c][0]]
        for c in cells_below(plan.program, step.register, frozenset())
    ]
    meant = [table for table in tables if table.file in said.en]
    many, of = f"{rows.size:,}", f"{int(sold.sum()):,}"
    risk = risk_told(plan.readers, tried.columns, int(rows[0]))
    return Flaw(
        step.name,
        sure=not any("sparse" in table.header for table in meant),
        zh=f"可投保而无费率：{said.zh}（{risk}；{of} 种组合中有 {many} 种）",
        en=f"is sold without a rate: {said.en} ({risk}; {many} of {of} combinations)",
        at=step.step.at,
        sources=tuple(At(table.file, 1, 1) for table in meant),
    )
