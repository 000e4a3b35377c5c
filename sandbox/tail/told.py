"""The far tail told to a person or a program, and as rows of a table."""

import math
from collections.abc import Iterable, Sequence

from product_factory.columns import width, wrapped
from product_factory.numbers.portable import exp, log
from sandbox.measures.told import DOUBTFUL, doubts, measured_told
from sandbox.results.csv_table import csv_bytes
from sandbox.tail.find import Found, View
from sandbox.tail.ground import Ground
from sandbox.tail.law import SHARES
from sandbox.tail.mixture import Aimed
from sandbox.tail.weighted import Estimate
from sandbox.tail.words import Tongue, word

COLUMNS = (
    "view",
    "measure",
    "at",
    "value",
    "error",
    "low",
    "high",
    "trusted",
    "plain_error",
    "reduction",
    "reduction_low",
    "reduction_high",
    "verdict",
)
CURVE = ("view", "return_period", "value", "low", "high", "plain_low", "plain_high")
POINTS = 60
WHOLE = 100.0
"""From here on a factor is told without a fraction."""
SLIGHT = 0.05
"""What is multiplied by less than this away from 1 is not told to a person."""


def tail_told(done: Found) -> dict[str, object]:
    """Give the study as plain values for JSON."""
    weights = done.views[0].years
    return {
        "years": weights.years,
        "pilot_years": done.pilot,
        "original_part": done.laws[0].years / len(weights.values),
        "weights": {
            **measured_told(weights.weight),
            "effective_years": weights.effective,
            "largest": float(weights.weights.max()),
        },
        "laws": [_law_told(done.ground, one) for one in done.laws],
        "perils": [{"peril": one.name, "rate": one.rate, "seen": one.seen} for one in done.perils],
        "held": [
            {
                "what": one.name,
                "expected": one.expected,
                "bound": one.bound,
                "mean": one.mean,
                "error": one.error,
                "off": one.off,
            }
            for one in done.held
        ],
        "views": {view.name: _view_told(view) for view in done.views},
    }


def _law_told(ground: Ground, one: Aimed) -> dict[str, object]:
    law = one.law
    return {
        "law": one.name,
        "years": one.years,
        "floor": one.floor,
        "times": dict(zip(ground.processes, law.times.tolist(), strict=True)),
        "storms": [
            {"rate": rate, "times": times}
            for rate, times in zip(ground.storm_rates.tolist(), law.storms.tolist(), strict=True)
            if rate > 0.0
        ],
        "sizes": {
            name: (shares / SHARES).tolist()
            for (_, name), shares in zip(ground.draws, law.shares, strict=True)
        },
    }


def _view_told(view: View) -> dict[str, object]:
    return {
        "mean": _told(view.mean),
        "levels": [
            {
                "return_period": period,
                "value_at_risk": _told(var),
                "tail_value_at_risk": _told(tail),
            }
            for period, (var, tail) in view.levels.items()
        ],
        "amounts": [{"amount": one, "chance": _told(found)} for one, found in view.amounts.items()],
    }


def _told(one: Estimate) -> dict[str, object]:
    found = one.reduction
    return {
        **measured_told(one.measured),
        "why": one.measured.why,
        "plain_error": one.plain_error,
        "reduction": {
            "value": found.value,
            "low": found.low,
            "high": found.high,
            "verdict": one.verdict,
        },
    }


def _rows(view: View) -> Iterable[tuple[str, float | None, Estimate]]:
    """Give every measure of a view with what it is at, in order."""
    yield "mean", None, view.mean
    for period, (var, tail) in view.levels.items():
        yield "value_at_risk", period, var
        yield "tail_value_at_risk", period, tail
    for amount, found in view.amounts.items():
        yield "chance", amount, found


def tail_csv(done: Found) -> bytes:
    """Give a row for each measure of each view."""
    return csv_bytes(
        COLUMNS,
        (
            [view.name, name, at, *_cells(one)]
            for view in done.views
            for name, at, one in _rows(view)
        ),
    )


def _cells(one: Estimate) -> list[object]:
    found, by = one.measured, one.reduction
    ends = found.value, found.error, found.low, found.high, found.trusted
    return [*ends, one.plain_error, by.value, by.low, by.high, one.verdict]


def curve(view: View, last: float) -> list[tuple[float, float, float, float, float, float]]:
    """Give return periods with what is exceeded so rarely, its interval and that of plain years."""
    found, years = [], view.years
    for place in range(POINTS):
        period = 2.0 * exp(log(last / 2.0) * place / (POINTS - 1))
        found.append((period, *years.point(1.0 / period), *years.plain_between(1.0 / period)))
    return found


def curve_csv(done: Found) -> bytes:
    """Give the exceedance curve of each view; an end that no year bounds stands empty."""
    last = done.asked.periods[-1]
    return csv_bytes(CURVE, ([view.name, *row] for view in done.views for row in curve(view, last)))


def tail_lines(done: Found, tongue: Tongue) -> list[str]:
    """Tell the study to a person: what was tilted, each measure, and by how much it helps."""
    lines = _law_lines(done, tongue)
    for view in done.views:
        lines.append(word(view.name, tongue))
        lines.append(word("head", tongue))
        for name, at, one in _rows(view):
            lines.append(_line(name, at, one, tongue))
    weights = done.views[0].years
    error = weights.weight.error
    said = word("weights", tongue).format(
        mean=weights.weight.value, error=error, effective=weights.effective
    )
    lines += wrapped(said)
    whys = [one.measured.why for view in done.views for _, _, one in _rows(view)]
    return [*lines, *doubts(whys, tongue)]


def _law_lines(done: Found, tongue: Tongue) -> list[str]:
    number = sum(one.years for one in done.laws)
    if len(done.laws) == 1:
        return wrapped(word("plain", tongue))
    rest = word("dealt", tongue).format(original=done.laws[0].years, years=number, pilot=done.pilot)
    lines = wrapped(rest)
    rare = [one for one in done.laws if one.floor]
    if rare:
        floored = word("floors", tongue).format(
            years=rare[0].years, names=word("and", tongue).join(one.name for one in rare)
        )
        lines += wrapped(floored, head="  ")
    for one in done.laws[1 + len(rare) :]:
        named = _named(one.name, tongue)
        lines += wrapped(f"{named}: {', '.join(_tilts(done.ground, one, tongue))}", head="  ")
    return lines


def _named(name: str, tongue: Tongue) -> str:
    view, _, period = name.partition(" ")
    if not period:
        return word(name, tongue)
    return word("aimed", tongue).format(view=word(view, tongue), period=float(period))


def _tilts(ground: Ground, one: Aimed, tongue: Tongue) -> list[str]:
    """Say what a law multiplies, of storms and sizes the most that it does."""
    law = one.law
    found = []
    for name, means, times in zip(ground.processes, ground.means, law.times, strict=True):
        own = times[means > 0.0]
        if (abs(own - 1.0) > SLIGHT).any():
            found.append(f"{name} × {_span(own.tolist())}")
    if (law.storms != 1.0).any():
        found.append(f"{ground.storms} × {_span(law.storms[ground.storm_rates > 0.0].tolist())}")
    for (_, name), shares in zip(ground.draws, law.shares, strict=True):
        if (abs(shares / SHARES - 1.0) > SLIGHT).any():
            most = float((shares[:, -1] / SHARES[-1]).max())
            largest = word("largest", tongue).format(times=most)
            found.append(f"{name} {largest}")
    return found or [word("nothing", tongue)]


def _span(times: Sequence[float]) -> str:
    low, high = min(times), max(times)
    return f"{high:.4g}" if low == high else f"{low:.4g}…{high:.4g}"


def _line(name: str, at: float | None, one: Estimate, tongue: Tongue) -> str:
    chance = name == "chance"
    said = word(name, tongue)
    what = said if at is None else f"{said} {at:,.12g}"
    pad = 20 - width(what)
    found = one.measured
    values = _number(found.value, chance), f"±{_number(found.error, chance)}"
    if chance and found.value == 0.0:
        values = values[0], f"< {_number(found.high, chance)}"
    plain = _number(one.plain_error, chance)
    star = DOUBTFUL if not found.trusted else " "
    return (
        f"  {what}{' ' * max(pad, 1)}{values[0]:>13} {values[1]:>12}{star} {plain:>10}  "
        f"{helped(one, tongue)}"
    ).rstrip()


def _number(value: float, chance: bool) -> str:  # noqa: FBT001 - one of two ways to write it
    if not math.isfinite(value):
        return "?"
    return f"{value * 100:.3g}%" if chance else f"{value:,.0f}"


def helped(one: Estimate, tongue: Tongue) -> str:
    """Say by how much the variance is less, or that it is not."""
    found = one.reduction
    if not math.isfinite(found.value):
        return word("unknown", tongue)
    if one.verdict == "helps":
        return f"× {_times(found.value)} (≥ {_times(found.low)})"
    return f"× {found.value:.2g} {word(one.verdict, tongue)}"


def _times(value: float) -> str:
    return f"{value:,.0f}" if value >= WHOLE else f"{value:.3g}"
