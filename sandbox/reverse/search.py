"""Where a measured function first reaches its limit: brackets by probing, then ITP.

A function of a size is measured with an interval. Three places are sought: where the limit lies
first within the interval (it may break), where the value reaches it (it breaks), and where the
whole interval is beyond (it surely breaks). All three share what was measured.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from sandbox.measures import Measured

PARTS = 5
"""Into how many equal parts the range is cut first."""
Status = Literal["broken_already", "found", "not_reached"]
Bracket = tuple[float, float]


@dataclass(frozen=True)
class Limit:
    """At which value it breaks, and on which side: upwards from `value` on, or downwards."""

    value: float
    upwards: bool

    def margins(self, one: Measured) -> tuple[float, float, float]:
        """Give how far beyond the limit it may be, is, and surely is; below 0 it is not broken."""
        if self.upwards:
            return one.high - self.value, one.value - self.value, one.low - self.value
        return self.value - one.low, self.value - one.value, self.value - one.high


@dataclass(frozen=True)
class Found:
    """Where it breaks.

    size      of the shock, by a straight line within the bracket; None unless found
    bracket   (not broken, broken), as narrow as was asked; (first, first) where broken already
    may, surely   brackets of the ends of the 95% interval; None where it ends beyond the range,
            (first, first) where it starts before it
    measured  every size that was measured, from the first to the last of the range
    """

    status: Status
    size: float | None
    bracket: Bracket | None
    may: Bracket | None
    surely: Bracket | None
    measured: tuple[tuple[float, Measured], ...]

    @property
    def interval(self) -> tuple[float | None, float | None]:
        """The 95% interval of the size, outwards to the ends of its brackets."""
        low = None if self.may is None else self.may[0]
        return low, None if self.surely is None else self.surely[1]


def search(
    measure: Callable[[float], Measured], ends: tuple[float, float], limit: Limit, width: float
) -> Found:
    """Search from the first end to the last for the first place where the limit is reached.

    width   of each bracket, at most
    """
    known: dict[float, Measured] = {}

    def at(size: float) -> tuple[float, float, float]:
        if size not in known:
            known[size] = measure(size)
        return limit.margins(known[size])

    first, last = ends
    if at(first)[2] >= 0.0:
        start = (first, first)
        return Found("broken_already", None, start, start, start, tuple(known.items()))
    probes = [first + (last - first) * part / PARTS for part in range(PARTS)] + [last]
    margins = [at(size) for size in probes]
    brackets: list[Bracket | None] = []
    for which in range(3):
        place = next((n for n, margin in enumerate(margins) if margin[which] >= 0.0), None)
        if place is None:
            brackets.append(None)
        elif place == 0:
            brackets.append((first, first))
        else:
            inside = (probes[place - 1], probes[place])
            brackets.append(_narrowed(lambda size, which=which: at(size)[which], inside, width))  # type: ignore[misc]
    may, bracket, surely = brackets
    forward = sorted(known.items(), reverse=last < first)
    status: Status = "found"
    if margins[0][1] >= 0.0:
        status = "broken_already"
    elif bracket is None:
        status = "not_reached"
    size = None
    if status == "found" and bracket is not None:
        size = _crossing(bracket, at(bracket[0])[1], at(bracket[1])[1])
    return Found(status, size, bracket, may, surely, tuple(forward))


def _crossing(bracket: Bracket, below: float, above: float) -> float:
    share = -below / (above - below) if math.isfinite(above - below) and above > below else 0.5
    return bracket[0] + (bracket[1] - bracket[0]) * share


def _narrowed(margin: Callable[[float], float], bracket: Bracket, width: float) -> Bracket:
    """Narrow (below 0, 0 or more) to at most `width` by ITP.

    I. F. D. Oliveira and R. H. C. Takahashi, "An enhancement of the bisection method average
    performance preserving minmax optimality", ACM Transactions on Mathematical Software 47 (2020),
    5: the regula falsi, truncated towards the middle and projected so that no more than one step
    more than of bisection is ever needed. κ1 = 0.2 / (b - a), κ2 = 2, n0 = 1.
    """
    a, b = bracket
    below, above = margin(a), margin(b)
    radius = width / 2.0
    most = max(0, math.ceil(math.log2(abs(b - a) / width))) + 1
    start, step = abs(b - a), 0
    while abs(b - a) > width:
        middle = a + (b - a) / 2.0
        size = middle
        if math.isfinite(below) and math.isfinite(above) and above > below:
            guess = a + (b - a) * (-below / (above - below))
            towards = math.copysign(1.0, middle - guess)
            truncated = 0.2 / start * (b - a) ** 2
            inner = guess + towards * truncated if truncated <= abs(middle - guess) else middle
            reach = max(0.0, radius * 2.0 ** (most - step) - abs(b - a) / 2.0)
            size = inner if abs(inner - middle) <= reach else middle - towards * reach
        if not min(a, b) < size < max(a, b):
            size = middle
        if size in (a, b):  # the numbers of the machine are no denser
            break
        here = margin(size)
        if here >= 0.0:
            b, above = size, here
        else:
            a, below = size, here
        step += 1
    return a, b


def most_steps(ends: tuple[float, float], width: float) -> int:
    """Tell how many sizes are measured at most."""
    part = abs(ends[1] - ends[0]) / PARTS
    return PARTS + 1 + 3 * (max(0, math.ceil(math.log2(part / width))) + 1)


def turns(
    measured: Sequence[tuple[float, Measured]],
    difference: Callable[[float, float], Measured],
    limit: Limit,
) -> tuple[tuple[float, float, Measured], ...]:
    """Give the stretches on which the shock grows and the measure goes back, beyond its error."""
    found = []
    for (left, _), (right, _) in pairwise(measured):
        moved = difference(left, right)
        if (moved.high < 0.0) if limit.upwards else (moved.low > 0.0):
            found.append((left, right, moved))
    return tuple(found)
