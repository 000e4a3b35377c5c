"""One risk, priced: the same program that rates books, run without numba."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue, Refused
from product_factory.expressions.run import run
from product_factory.modes import times
from product_factory.strict import Bilingual
from rating.encode import Encoded, encode, item_labels
from rating.missing import missing_value
from rating.plan import RatingPlan
from rating.steps import Decline
from rating.steps.decision import Decision

Outcome: TypeAlias = Literal["accept", "refer", "decline"]
Registers: TypeAlias = list[npt.NDArray[np.float64]]


@dataclass(frozen=True)
class Decided:
    """A step that referred or declined, and what it says."""

    name: str
    outcome: Outcome
    says: Bilingual


@dataclass(frozen=True)
class Quotation:
    """A priced risk.

    premium    the value of the last step that leaves one, in the product's currency; what falls due
    times      how many premiums fall due in a year
    values     step → its value; for a step of items, one of each item in their order
    items      the items of the policy, in the order of the product; those of one of which several
               may stand are numbered: `member.1`, `member.2`
    outcome    decline if any step declines, else refer if any refers, else accept
    decisions  the steps that referred or declined
    registers  every register of the plan's program, for the worksheet
    """

    premium: float
    times: int
    values: Mapping[str, tuple[float, ...]]
    items: tuple[str, ...]
    outcome: Outcome
    decisions: tuple[Decided, ...]
    risk: Encoded
    registers: Registers

    @property
    def annualised(self) -> float:
        """What falls due in a year."""
        return self.premium * self.times


def quote(plan: RatingPlan, given: Mapping[str, object], language: str = "en") -> Quotation:
    """Price one risk, given as in `quotes.yaml`.

    language  of what a refusal says, zh or en

    Raises BadInput for what is missing or outside of its bounds, Refused for a risk outside of
    `accepts`, and BadValue when a table has no row for the risk.
    """
    risk = encode(plan.readers, given)
    with np.errstate(all="ignore"):
        registers = run(plan.program, risk.columns, risk.offsets)
    refusing = int(registers[plan.refused][0])
    if refusing >= 0:
        line = plan.lines[refusing]
        raise Refused(line.name, getattr(line.says, language))
    found = missing_value(plan, registers)
    if found is not None:
        step, text = found
        raise BadValue(f"{step}: {text}")
    decisions = tuple(
        Decided(step.name, "decline" if isinstance(step.step, Decline) else "refer", step.step.says)
        for step in plan.decisions
        if isinstance(step.step, Decision) and registers[step.register][0] != 0.0
    )
    outcomes = {decided.outcome for decided in decisions}
    outcome: Outcome = (
        "decline" if "decline" in outcomes else "refer" if "refer" in outcomes else "accept"
    )
    return Quotation(
        premium=float(registers[plan.premium.register][0]),
        times=int(times(plan.product, risk.columns, 1)[0]),
        values={step.name: tuple(registers[step.register].tolist()) for step in plan.values},
        items=_items(plan, risk),
        outcome=outcome,
        decisions=decisions,
        risk=risk,
        registers=registers,
    )


def _items(plan: RatingPlan, risk: Encoded) -> tuple[str, ...]:
    return () if risk.offsets is None else item_labels(plan.readers, risk.columns["item"])
