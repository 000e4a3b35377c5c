"""Lines of `accepts`, referrals and declines that never decide, always do, or are never seen.

Which of two decisions counts is fixed: what `accepts` refuses has no premium and no other
decision; a decline counts before a referral, a referral before acceptance; of the lines of
`accepts` the first one speaks. A flaw is told where every risk that can differ was tried.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from product_factory.errors import At, both
from product_factory.expressions.program import Program
from product_factory.strict import Bilingual
from rating.domain import REFUSED
from rating.encode import Readers
from rating.plan import RatingPlan
from rating.soundness.flaw import Flaw
from rating.soundness.lines import lines_program
from rating.soundness.trial import Trial, trial
from rating.steps import BoundStep, Decline, Refer
from rating.steps.decision import Decision

Words = tuple[str, str]
"""In Chinese and English."""
REFUSES: Words = ("不予承保", "refuses")
REFERS: Words = ("转人工核保", "refers")
DECLINES: Words = ("拒保", "declines")


def decision_flaws(plan: RatingPlan) -> tuple[Flaw, ...]:
    """List what is wrong with the lines of `accepts`, and with the steps that decide."""
    found = [*_of_lines(plan)]
    for step in plan.decisions:
        if isinstance(step.step, Decision):
            found += _unsaid(step.name, step.step.says, step.step.place("says"))
        found += _of_step(plan, step)
    return tuple(found)


def _unsaid(name: str, says: Bilingual, at: At) -> Iterator[Flaw]:
    """Tell of a reason that is blank, or the same in both languages."""
    for language, word in (("zh", "中文"), ("en", "英文")):
        if not getattr(says, language).strip():
            text = f"expected what the customer is told in '{language}', got nothing"
            yield Flaw(name, sure=True, zh=f"缺少{word}理由", en=text, at=at)
    if says.zh.strip() and says.zh == says.en:
        text = f"expected a reason in each language, got '{says.zh}' in both"
        yield Flaw(name, sure=True, zh=f"中英文理由相同：{says.zh}", en=text, at=at)


def _of_lines(plan: RatingPlan) -> Iterator[Flaw]:
    program, registers = lines_program(plan)
    for number, line in enumerate(plan.product.product.accepts):
        yield from _unsaid(line.name, line.says, line.place("says"))
        own = _alone(plan.readers, program, registers[number], REFUSES)
        own = own or _behind_lines(plan, program, registers[: number + 1])
        if own is not None:
            yield Flaw(line.name, sure=True, zh=own[0], en=own[1], at=line.at)


def _behind_lines(plan: RatingPlan, program: Program, registers: Sequence[int]) -> Words | None:
    """Tell whether all that a line refuses is refused by lines before it."""
    tried, (*earlier, last) = _tried(plan.readers, program, registers)
    before = np.any(earlier, axis=0) if earlier else np.zeros(tried.size, np.bool_)
    if not earlier or not tried.whole or (tried.standing(~before) & last).any():
        return None
    names = [plan.lines[n].name for n, one in enumerate(earlier) if (one & last).any()]
    return (
        f"从不起作用：它所拒绝的均已被 {_listed(names)[0]} 拒绝",
        f"is never seen: all that it refuses is refused by {_listed(names)[1]} before",
    )


def _of_step(plan: RatingPlan, step: BoundStep) -> Iterator[Flaw]:
    """Tell whether a decision never falls, always falls, or is hidden behind another."""
    says = DECLINES if isinstance(step.step, Decline) else REFERS
    found = _alone(plan.readers, plan.program, step.register, says)
    found = found or _behind_refusals(plan, step, says)
    if isinstance(step.step, Refer):
        found = found or _behind_declines(plan, step)
    if found is not None:
        yield Flaw(step.name, sure=True, zh=found[0], en=found[1], at=step.step.at)


def _alone(known: Readers, program: Program, register: int, says: Words) -> Words | None:
    """Tell whether no risk meets a condition, or every one does."""
    tried, (falls,) = _tried(known, program, [register])
    if tried.exact and not falls.any():
        return (
            f"从不{says[0]}：{tried.size} 种情形中没有一种符合",
            f"never {says[1]}: none of all {tried.size:,} kinds of risk meets it",
        )
    if tried.whole and not tried.standing(~falls).any():
        return (f"一律{says[0]}：所有情形均符合", f"always {says[1]}: every kind of risk meets it")
    return None


def _behind_refusals(plan: RatingPlan, step: BoundStep, says: Words) -> Words | None:
    """Tell whether no risk that is accepted meets a condition, or every one does."""
    tried, (falls, refused) = _tried(plan.readers, plan.program, [step.register, plan.refused])
    if not tried.whole:
        return None
    if not (tried.standing(~refused) & falls).any():
        return (
            "从不起作用：符合者均已被 accepts 拒绝",
            f"never {says[1]}: all that it means is refused by 'accepts' before",
        )
    if not tried.standing(~refused & ~falls).any():
        return (
            f"一律{says[0]}：所有可投保的情形均符合",
            f"always {says[1]}: every risk that is accepted meets it",
        )
    return None


def _behind_declines(plan: RatingPlan, step: BoundStep) -> Words | None:
    """Tell whether all that a step refers is declined: by what is known for certain."""
    read = (plan.readers, plan.program)
    declines = [
        one
        for one in plan.decisions
        if isinstance(one.step, Decline) and trial(*read, [step.register, one.register]).exact
    ]
    if not declines:
        return None
    wanted = [step.register, *(one.register for one in declines)]
    for more in ([], [plan.refused]):  # whatever `accepts` says, or by what it lets in
        tried, (falls, *others) = _tried(*read, [*wanted, *more])
        if tried.whole and not (tried.standing(~np.any(others, axis=0)) & falls).any():
            pairs = zip(declines, others, strict=False)
            names = [one.name for one, other in pairs if (falls & other).any()]
            return (
                f"从不起作用：转核者均已被 {_listed(names)[0]} 拒保",
                f"never decides: all that it refers is declined by {_listed(names)[1]}",
            )
    return None


def _tried(
    known: Readers, program: Program, wanted: Sequence[int]
) -> tuple[Trial, list[npt.NDArray[np.bool_]]]:
    """Try what some registers tell: which line of `accepts` refuses, or 1 where one decides."""
    tried = trial(known, program, wanted)
    found = tried.run(program, wanted)
    first = program.results.get(REFUSED)
    return tried, [found[one] >= 0.0 if one == first else found[one] != 0.0 for one in wanted]


def _listed(names: Sequence[str]) -> Words:
    return "、".join(names), both(names)
