"""Judge a measured figure against its limits."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sandbox.measures import Measured

Verdict: TypeAlias = Literal["passed", "failed", "undecided"]


@dataclass(frozen=True)
class Judged:
    """A gate, judged for the portfolio or for one segment.

    segment   '' for the whole portfolio
    at_least, at_most   the limits that were judged, None for none
    why       of what is undecided, why
    """

    name: str
    segment: str
    figure: str
    measured: Measured
    at_least: float | None
    at_most: float | None
    verdict: Verdict
    why: str = ""


def judge(
    name: str,
    segment: str,
    figure: str,
    measured: Measured,
    at_least: float | None,
    at_most: float | None,
) -> Judged:
    """Judge: passed or failed where the whole 95% interval lies on one side of each limit.

    Undecided where the interval straddles a limit, or the measure is not to be trusted: more
    simulated rows would decide it.
    """
    verdict, why = _verdict(measured, at_least, at_most)
    return Judged(name, segment, figure, measured, at_least, at_most, verdict, why)


def _verdict(
    measured: Measured, at_least: float | None, at_most: float | None
) -> tuple[Verdict, str]:
    if not measured.trusted:
        return "undecided", measured.why
    low, high = measured.low, measured.high
    if (at_most is not None and low > at_most) or (at_least is not None and high < at_least):
        return "failed", ""
    if (at_most is None or high <= at_most) and (at_least is None or low >= at_least):
        return "passed", ""
    return "undecided", "the limit lies within the Monte Carlo error of the figure"
