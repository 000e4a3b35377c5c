"""Tornado and Sobol' indices told to a person or a program, and as tables."""

import math
from collections.abc import Mapping, Sequence

from product_factory.columns import padded, width
from sandbox.measures.told import doubts, mark, measured_told, within
from sandbox.measures.words import Tongue
from sandbox.results.csv_table import csv_bytes
from sandbox.sensitivity.sobol import Indices
from sandbox.sensitivity.tornado import Moved, Tornado
from sandbox.sensitivity.watched import Watched
from sandbox.uncertainty.assumption import Assumption

COLUMNS = (("alone", 16), ("total", 20))
WORDS: Mapping[str, Mapping[Tongue, str]] = {
    "moved": {
        "zh": "{what} {mean:,.4f}，假设引起的标准差 {sd:,.4g}；运行 {runs:,} 次",
        "en": "{what} {mean:,.4f}, moved by assumptions: sd {sd:,.4g}; {runs:,} runs",
    },
    "assumption": {"zh": "假设", "en": "assumption"},
    "alone": {"zh": "单独", "en": "alone"},
    "total": {"zh": "连同其他", "en": "with the others"},
    "together": {"zh": "单独合计", "en": "together alone"},
    "rest": {"zh": "；其余为相互作用与误差", "en": "; the rest is interplay and error"},
}
DECIMALS = 6
"""Indices are told to so many decimals; what lies beyond depends on the machine."""


def value_said(one: Assumption, value: float) -> str:
    """Write a value of an assumption: a share."""
    sign = "+" if one.key == "add" else ""
    return f"{value * 100:{sign}.4g}%"


def tornado_told(done: Tornado, watched: Watched) -> dict[str, object]:
    """Give a tornado as plain values for JSON."""
    return {
        "figure": watched.figure,
        "measure": watched.measure.model_dump(),
        "base": measured_told(done.base),
        "assumptions": [
            {
                "name": one.assumption.name,
                one.assumption.key: [one.low, one.high],
                "down": measured_told(one.down),
                "up": measured_told(one.up),
            }
            for one in done.moved
        ],
    }


def tornado_lines(done: Tornado, watched: Watched, language: Tongue = "en") -> list[str]:
    """Give a tornado as lines, the widest first."""
    base = done.base
    error = f"{within(base.error, 3, language)}{mark(base)}"
    found = [f"{watched.figure} {watched.measure.kind} {base.value:,.4f} {error}"]
    for one in done.moved:
        found.append(one.assumption.name)
        for value, moved in ((one.low, one.down), (one.high, one.up)):
            said = value_said(one.assumption, value)
            error = f"{within(moved.error, 3, language)}{mark(moved)}"
            found.append(f"  {said:>10} {moved.value:>+16,.4f} {error}")
    every = (base, *(end for one in done.moved for end in (one.down, one.up)))
    return [*found, *doubts((one.why for one in every), language)]


def tornado_csv(done: Tornado) -> bytes:
    """Give a row for each assumption."""
    head = ["assumption", "low", "high", "down", "down_error", "up", "up_error"]
    return csv_bytes(head, (_row(one) for one in done.moved))


def _row(one: Moved) -> list[object]:
    moved = (one.down.value, one.down.error, one.up.value, one.up.error)
    return [one.assumption.name, one.low, one.high, *moved]


def sobol_told(
    done: Indices, assumptions: Sequence[Assumption], watched: Watched
) -> dict[str, object]:
    """Give indices as plain values for JSON."""
    return {
        "figure": watched.figure,
        "measure": watched.measure.model_dump(),
        "mean": round(done.mean, DECIMALS),
        "variance": float(f"{done.variance:.{DECIMALS}g}"),
        "runs": done.runs,
        "assumptions": [dict(zip(HEAD, row, strict=True)) for row in _indices(done, assumptions)],
    }


HEAD = ("assumption", "first", "first_error", "total", "total_error")


def _indices(done: Indices, assumptions: Sequence[Assumption]) -> list[list[object]]:
    columns = (done.first, done.first_error, done.total, done.total_error)
    return [
        [one.name, *(round(float(column[place]), DECIMALS) for column in columns)]
        for place, one in enumerate(assumptions)
    ]


def sobol_csv(done: Indices, assumptions: Sequence[Assumption]) -> bytes:
    """Give a row for each assumption."""
    return csv_bytes(HEAD, _indices(done, assumptions))


def sobol_lines(
    done: Indices,
    assumptions: Sequence[Assumption],
    watched: Watched,
    language: Tongue = "en",
) -> list[str]:
    """Give indices as lines."""
    says = {key: texts[language] for key, texts in WORDS.items()}
    sd = math.sqrt(done.variance)
    what = f"{watched.figure} {watched.measure.kind}"
    found = [says["moved"].format(what=what, mean=done.mean, sd=sd, runs=done.runs)]
    alone, total = (" " * (n - width(says[key])) + says[key] for key, n in COLUMNS)
    found.append(f"{padded(says['assumption'], 24)} {alone} {total}")
    for place, one in enumerate(assumptions):
        alone = f"{done.first[place]:.3f} ± {done.first_error[place]:.3f}"
        total = f"{done.total[place]:.3f} ± {done.total_error[place]:.3f}"
        found.append(f"{one.name:<24} {alone:>16} {total:>20}")
    rest = 1.0 - float(done.first.sum())
    found.append(f"{padded(says['together'], 24)} {1.0 - rest:>8.3f}{says['rest']}")
    return found
