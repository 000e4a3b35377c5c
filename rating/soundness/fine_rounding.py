"""Money that a step rounds more finely than rounding is exact for at every amount."""

from collections.abc import Iterator
from fractions import Fraction

from rating.plan import RatingPlan
from rating.soundness.flaw import Flaw
from rating.steps import Round

FINEST = Fraction(1, 1000)
MOST_UNITS = 10**14
"""Below so many units rounding is that of the decimal that is read: `numbers/rounding.py`."""


def fine_rounding(plan: RatingPlan) -> Iterator[Flaw]:
    """Tell of steps that round money to less than 0.001."""
    for bound in plan.values:
        step = bound.step
        if isinstance(step, Round) and bound.bound.type.kind == "money" and step.unit < FINEST:
            most = f"{float(MOST_UNITS * step.unit):,.0f}"
            zh = f"取整单位 {step.to} 仅对 {most} 以下的金额精确，应为 0.001 或更大"
            en = f"rounding to {step.to} is exact below {most} only, expected 0.001 or more"
            yield Flaw(step.name, sure=False, zh=zh, en=en, at=step.place("to"))
