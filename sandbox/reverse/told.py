"""A reverse stress test told to a person or a program, and as rows of a table."""

import math
from collections.abc import Mapping, Sequence

from product_factory.columns import width, wrapped
from sandbox.figures import unit
from sandbox.measures import Measured
from sandbox.measures.told import DOUBTFUL, doubts, mark, measured_told
from sandbox.measures.words import UNKNOWN, Tongue
from sandbox.results.csv_table import csv_bytes
from sandbox.reverse.asked import Shock
from sandbox.reverse.find import Broken, Resolved, Reversed

COLUMNS = ("against", "status", "size", "unbroken", "broken", "low", "high", "runs")

WORDS: Mapping[str, Mapping[Tongue, str]] = {
    "head": {
        "zh": "{name}：{shock} 从 {first} 到 {last}，直到 {until}",
        "en": "{name}: {shock} from {first} to {last}, until {until}",
    },
    "against": {"zh": "对照 {shock}", "en": "against {shock}"},
    "size": {"zh": "对照", "en": "against"},
    "breaks": {"zh": "突破于", "en": "breaks at"},
    "interval": {"zh": "95% 区间", "en": "95% interval"},
    "found": {
        "zh": "在 {size} 突破，介于 {left} 与 {right}",
        "en": "breaks at {size}, between {left} and {right}",
    },
    "error": {
        "zh": "蒙特卡洛误差的 95% 区间：{interval}",
        "en": "95% interval of the Monte Carlo error: {interval}",
    },
    "broken_already": {
        "zh": "冲击尚未增大即已突破",
        "en": "broken already, before the shock grows",
    },
    "not_reached": {"zh": "在范围内未达到", "en": "not reached within the range"},
    "may": {
        "zh": "蒙特卡洛误差之内可能突破于 {interval}",
        "en": "within the Monte Carlo error it may break {interval}",
    },
    "runs": {
        "zh": "使用相同随机数运行 {runs} 次",
        "en": "{runs} runs on the same random numbers",
    },
    "from": {"zh": "从 {size}", "en": "from {size}"},
    "to": {"zh": "到 {size}", "en": "to {size}"},
    "from_beyond": {"zh": "从范围之外", "en": "from beyond the range"},
    "to_beyond": {"zh": "到范围之外", "en": "to beyond the range"},
    "blank": {"zh": "", "en": " "},
    "already": {"zh": "已突破", "en": "already"},
    "beyond": {"zh": "未达到", "en": "not reached"},
    "turns": {
        "zh": "不单调：从 {0} 到 {1}，度量变动 {by}；所报为首次突破",
        "en": "not monotone: from {0} to {1} the measure moves by {by}; the first break is told",
    },
    "scenario": {"zh": "情景 {name} 的倍数", "en": "scenario {name} by"},
    "of": {"zh": "（{events}）", "en": " of {events}"},
    "at_least": {"zh": "不低于", "en": "at least"},
    "at_most": {"zh": "不高于", "en": "at most"},
}


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


def reverse_lines(done: Reversed, language: Tongue = "en") -> list[str]:
    """Tell a test to a person: what grows, until when, and where it breaks."""
    one, says = done.resolved, {key: texts[language] for key, texts in WORDS.items()}
    shock = one.asked.shock
    first, last = (sized(shock, end) for end in shock.ends)
    head = says["head"].format(
        name=one.asked.name, shock=said(shock, language), first=first, last=last,
        until=limit_said(one, language),
    )  # fmt: skip
    lines = wrapped(head)
    if one.asked.against is None:
        return [*lines, *_place_lines(one, done.places[0], language)]
    second = one.asked.against.shock
    lines += wrapped(says["against"].format(shock=said(second, language)), head="  ")
    columns = (says["size"], says["breaks"])
    cells = " ".join(f"{' ' * (12 - width(word))}{word}" for word in columns)
    lines.append(f"  {cells}   {says['interval']}")
    for place in done.places:
        lines.append(f"  {sized(second, place.other or 0.0):>12} {_frontier(one, place, says)}")
    turning = [place for place in done.places if place.turns]
    if turning:
        lines += _turn_lines(one, turning[0], language)
    return [*lines, *_doubts(done.places, language)]


def _place_lines(one: Resolved, place: Broken, language: Tongue) -> list[str]:
    shock, found = one.asked.shock, place.found
    says = {key: texts[language] for key, texts in WORDS.items()}
    lines = []
    for size, measured in dict.fromkeys((found.measured[0], found.measured[-1])):
        lines.append(f"  {sized(shock, size):>12} {_measured(one, measured, language)}")
    if found.status == "found" and found.size is not None and found.bracket is not None:
        left, right = (sized(shock, end) for end in found.bracket)
        breaks = sized(shock, found.size)
        lines.append(says["found"].format(size=breaks, left=left, right=right))
        lines += wrapped(says["error"].format(interval=_interval(shock, place, says)))
    elif found.status == "broken_already":
        lines.append(says["broken_already"])
    else:
        lines.append(says["not_reached"])
        if found.may is not None:
            lines += wrapped(says["may"].format(interval=_interval(shock, place, says)))
    lines.append(says["runs"].format(runs=len(found.measured)))
    return [*lines, *_turn_lines(one, place, language), *_doubts((place,), language)]


def _interval(shock: Shock, place: Broken, says: Mapping[str, str]) -> str:
    low, high = place.found.interval
    start = says["from_beyond"] if low is None else says["from"].format(size=sized(shock, low))
    end = says["to_beyond"] if high is None else says["to"].format(size=sized(shock, high))
    return f"{start}{says['blank']}{end}"


def _frontier(one: Resolved, place: Broken, says: Mapping[str, str]) -> str:
    shock, found = one.asked.shock, place.found
    if found.status == "broken_already":
        return " " * (12 - width(says["already"])) + says["already"]
    size = says["beyond"] if found.size is None else sized(shock, found.size)
    known = found.may is not None
    interval = _interval(shock, place, says) if known else ""
    told = f"{' ' * (12 - width(size))}{size}   {interval}".rstrip()
    return told if all(measured.trusted for _, measured in found.measured) else f"{told} {DOUBTFUL}"


def _turn_lines(one: Resolved, place: Broken, language: Tongue) -> list[str]:
    lines: list[str] = []
    for left, right, moved in place.turns:
        ends = (sized(one.asked.shock, end) for end in (left, right))
        text = WORDS["turns"][language]
        lines += wrapped(text.format(*ends, by=_measured(one, moved, language)))
    return lines


def _doubts(places: Sequence[Broken], language: Tongue) -> list[str]:
    whys = (measured.why for place in places for _, measured in place.found.measured)
    return doubts(whys, language)


def said(shock: Shock, language: Tongue = "en") -> str:
    """Say what a shock changes; kinds and keys are those of its file."""
    if shock.scenario is not None:
        return WORDS["scenario"][language].format(name=shock.scenario)
    what = WORDS["of"][language].format(events=", ".join(shock.event)) if shock.event else ""
    return f"{shock.kind}{what} {shock.key}"


def sized(shock: Shock, size: float) -> str:
    """Write a size: a share, or how many times a scenario."""
    return f"{size:.4g}" if shock.key == "by" else f"{size * 100:.5g}%"


def limit_said(one: Resolved, language: Tongue = "en") -> str:
    """Say when it is broken: a measure of a figure, at its limit."""
    level = getattr(one.measure, "level", None)
    share = "" if level is None else f" {level * 100:g}%"
    side = WORDS["at_least" if one.limit.upwards else "at_most"][language]
    return f"{one.figure} {one.measure.kind}{share} {side} {_value(one, one.limit.value)}"


def is_share(one: Resolved) -> bool:
    """Tell whether the measure is a ratio; else it is money."""
    return unit(one.figure, one.measure) == "ratio"


def _measured(one: Resolved, measured: Measured, language: Tongue) -> str:
    known = math.isfinite(measured.error)
    error = f"± {_value(one, measured.error) if known else UNKNOWN[language]}"
    return f"{_value(one, measured.value)} {error}{mark(measured)}"


def _value(one: Resolved, value: float) -> str:
    return f"{value * 100:.2f}%" if is_share(one) else f"{value:,.2f}"
