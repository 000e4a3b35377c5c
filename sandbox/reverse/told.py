"""A reverse stress test told to a person or a program, and as rows of a table."""

import math
from collections.abc import Sequence

from product_factory.columns import wrapped
from sandbox.figures import unit
from sandbox.measures import Measured
from sandbox.measures.told import DOUBTFUL, doubts, mark, measured_told
from sandbox.results.csv_table import csv_bytes
from sandbox.reverse.asked import Shock
from sandbox.reverse.find import Broken, Resolved, Reversed

COLUMNS = ("against", "status", "size", "unbroken", "broken", "low", "high", "runs")


def reverse_told(done: Reversed) -> dict[str, object]:
    """Give a test as plain values for JSON."""
    one = done.resolved
    return {
        "name": one.asked.name,
        "shock": _shock_told(one.asked.shock),
        "against": None if one.asked.against is None else _shock_told(one.asked.against.shock),
        "until": {
            "figure": one.figure,
            "measure": one.measure.model_dump(),
            "at_least" if one.limit.upwards else "at_most": one.limit.value,
        },
        "basis": one.basis,
        "horizon": one.horizon,
        "width": one.width,
        "breaks": [_broken_told(place) for place in done.places],
    }


def _shock_told(shock: Shock) -> dict[str, object]:
    what = {"scenario": shock.scenario} if shock.scenario else {"event": list(shock.event)}
    return {"kind": shock.kind, **what, shock.key: list(shock.ends)}


def _broken_told(place: Broken) -> dict[str, object]:
    found = place.found
    low, high = found.interval
    return {
        "against": place.other,
        "status": found.status,
        "size": found.size,
        "bracket": found.bracket,
        "low": low,
        "high": high,
        "runs": len(found.measured),
        "measured": [{"size": size, **measured_told(one)} for size, one in found.measured],
        "not_monotone": [
            {"from": left, "to": right, **measured_told(moved)}
            for left, right, moved in place.turns
        ],
    }


def frontier_csv(done: Reversed) -> bytes:
    """Give a row for each size of the second shock; what lies beyond the range stands empty."""
    return csv_bytes(COLUMNS, (_row(place) for place in done.places))


def _row(place: Broken) -> list[object]:
    found = place.found
    ends = found.bracket or (None, None)
    runs = len(found.measured)
    return [place.other, found.status, found.size, *ends, *found.interval, runs]


def reverse_lines(done: Reversed) -> list[str]:
    """Tell a test to a person: what grows, until when, and where it breaks."""
    one = done.resolved
    shock = one.asked.shock
    first, last = (sized(shock, end) for end in shock.ends)
    head = f"{one.asked.name}: {said(shock)} from {first} to {last}, until {limit_said(one)}"
    lines = wrapped(head)
    if one.asked.against is None:
        return [*lines, *_place_lines(one, done.places[0])]
    second = one.asked.against.shock
    lines += wrapped(f"against {said(second)}", head="  ")
    lines.append(f"  {'against':>12} {'breaks at':>12}   95% interval")
    for place in done.places:
        lines.append(f"  {sized(second, place.other or 0.0):>12} {_frontier(one, place)}")
    turning = [place for place in done.places if place.turns]
    if turning:
        lines += _turn_lines(one, turning[0])
    return [*lines, *_doubts(done.places)]


def _place_lines(one: Resolved, place: Broken) -> list[str]:
    shock, found = one.asked.shock, place.found
    lines = []
    for size, measured in dict.fromkeys((found.measured[0], found.measured[-1])):
        lines.append(f"  {sized(shock, size):>12} {_measured(one, measured)}")
    if found.status == "found" and found.size is not None and found.bracket is not None:
        left, right = (sized(shock, end) for end in found.bracket)
        lines.append(f"breaks at {sized(shock, found.size)}, between {left} and {right}")
        lines += wrapped(f"95% interval of the Monte Carlo error: {_interval(shock, place)}")
    elif found.status == "broken_already":
        lines.append("broken already, before the shock grows")
    else:
        lines.append("not reached within the range")
        if found.may is not None:
            lines += wrapped(f"within the Monte Carlo error it may break {_interval(shock, place)}")
    lines.append(f"{len(found.measured)} runs on the same random numbers")
    return [*lines, *_turn_lines(one, place), *_doubts((place,))]


def _interval(shock: Shock, place: Broken) -> str:
    low, high = place.found.interval
    start = "from beyond the range" if low is None else f"from {sized(shock, low)}"
    return f"{start} {'to beyond the range' if high is None else f'to {sized(shock, high)}'}"


def _frontier(one: Resolved, place: Broken) -> str:
    shock, found = one.asked.shock, place.found
    if found.status == "broken_already":
        return f"{'already':>12}"
    size = "not reached" if found.size is None else sized(shock, found.size)
    known = found.may is not None
    said = f"{size:>12}   {_interval(shock, place) if known else ''}".rstrip()
    return said if all(measured.trusted for _, measured in found.measured) else f"{said} {DOUBTFUL}"


def _turn_lines(one: Resolved, place: Broken) -> list[str]:
    lines: list[str] = []
    for left, right, moved in place.turns:
        ends = f"from {sized(one.asked.shock, left)} to {sized(one.asked.shock, right)}"
        by = _measured(one, moved)
        lines += wrapped(f"not monotone: {ends} the measure moves by {by}; the first break is told")
    return lines


def _doubts(places: Sequence[Broken]) -> list[str]:
    return doubts(measured.why for place in places for _, measured in place.found.measured)


def said(shock: Shock) -> str:
    """Say what a shock changes."""
    if shock.scenario is not None:
        return f"scenario {shock.scenario} by"
    what = f" of {', '.join(shock.event)}" if shock.event else ""
    return f"{shock.kind}{what} {shock.key}"


def sized(shock: Shock, size: float) -> str:
    """Write a size: a share, or how many times a scenario."""
    return f"{size:.4g}" if shock.key == "by" else f"{size * 100:.5g}%"


def limit_said(one: Resolved) -> str:
    """Say when it is broken: a measure of a figure, at its limit."""
    level = getattr(one.measure, "level", None)
    share = "" if level is None else f" {level * 100:g}%"
    side = "at least" if one.limit.upwards else "at most"
    return f"{one.figure} {one.measure.kind}{share} {side} {_value(one, one.limit.value)}"


def is_share(one: Resolved) -> bool:
    """Tell whether the measure is a ratio; else it is money."""
    return unit(one.figure, one.measure) == "ratio"


def _measured(one: Resolved, measured: Measured) -> str:
    known = math.isfinite(measured.error)
    error = f"± {_value(one, measured.error)}" if known else "± unknown"
    return f"{_value(one, measured.value)} {error}{mark(measured)}"


def _value(one: Resolved, value: float) -> str:
    return f"{value * 100:.2f}%" if is_share(one) else f"{value:,.2f}"
