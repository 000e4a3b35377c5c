"""A judged rate told to a person or a program, and as tables."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from product_factory.columns import TERMINAL, padded, width, wrapped
from sandbox.adequacy.judge import QUANTILES, Adequacy
from sandbox.adequacy.segments import Segment
from sandbox.adequacy.words import Tongue, verdict_words
from sandbox.measures.ranks import decimal
from sandbox.measures.told import DOUBTFUL, doubts, mark, measured_told
from sandbox.measures.value_at_risk import quantile
from sandbox.measures.words import UNKNOWN
from sandbox.results.csv_table import csv_bytes

LAST = 26
"""Columns that the blanks, the ratio with its error, and the mark take."""
LINES: Mapping[str, Mapping[Tongue, str]] = {
    "loss_ratio": {"zh": "赔付率", "en": "claims over premium"},
    "combined": {"zh": "综合成本率", "en": "combined ratio"},
    "on_average": {"zh": "平均费率调整", "en": "rate change on average"},
    "change": {"zh": "{confidence:g}% 的费率调整", "en": "rate change at {confidence:g}%"},
    "process": {"zh": "过程的方差", "en": "variance of process"},
    "assumptions": {"zh": "假设的方差", "en": "variance of assumptions"},
    "policies": {"zh": "保单数", "en": "policies"},
    "tariff": {"zh": "现行保费", "en": "tariff"},
    "technical": {"zh": "技术保费", "en": "technical"},
    "segment": {"zh": "细分", "en": "segment"},
    "ratio": {"zh": "比率", "en": "ratio"},
    "no_cost": {"zh": "无成本", "en": "no cost"},
    "underpriced": {"zh": "偏低", "en": "LOW"},
    "overpriced": {"zh": "偏高", "en": "high"},
    "drift": {
        "zh": "年    赔付率            较当前变动",
        "en": "year  loss ratio        change since now",
    },
    "to": {"zh": "至", "en": "to"},
}


def adequacy_told(done: Adequacy, *, long_term: bool) -> dict[str, object]:
    """Give a judged rate as plain values for JSON."""
    wanted, origin = done.wanted, done.origins
    measures = {
        "covered": done.covered,
        "change_at_confidence": done.change,
        "change_on_average": done.on_average,
        "loss_ratio": done.loss_ratio,
        "combined_ratio": done.combined,
    }
    ratios = np.sort(done.rows.claims / done.rows.premium)
    uncertain = None
    if origin is not None:
        uncertain = {
            "assumptions": [one.name for one in wanted.uncertainty],
            "draws": len(done.known),
            "variance_process": origin.process,
            "variance_process_error": origin.process_error,
            "variance_parameter": origin.parameter,
            "variance_parameter_error": origin.parameter_error,
            "share_parameter": origin.share,
            "expected_loss_ratio": _quantiles(done.known),
        }
    return {
        "verdict": done.verdict,
        "words": {
            tongue: verdict_words(done, tongue, long_term=long_term) for tongue in ("zh", "en")
        },
        "confidence": wanted.confidence,
        "target": wanted.target,
        "basis": wanted.basis,
        **{name: measured_told(one) for name, one in measures.items()},
        "loss_ratio_quantiles": _quantiles(ratios),
        "uncertainty": uncertain,
        "segments": [_segment_told(one) for one in done.segments],
        "selection": _drift_told(done),
    }


def _quantiles(ascending: np.ndarray) -> dict[str, float]:
    return {f"{q:g}": quantile(ascending, decimal(q)).value for q in QUANTILES}


def _segment_told(one: Segment) -> dict[str, object]:
    low, high = one.interval
    return {
        "by": one.by,
        "segment": one.label,
        "policies": one.policies,
        "tariff": one.tariff,
        "technical": one.technical,
        "technical_error": one.error,
        "ratio": one.ratio,
        "low": low,
        "high": high,
        "relative": one.relative,
        "trusted": not one.why,
        "flag": _flag(one),
    }


def _drift_told(done: Adequacy) -> dict[str, object] | None:
    found = done.drift
    if found is None:
        return None
    return {
        "by": found.asked.by,
        "elasticity": found.asked.elasticity,
        "segments": list(found.cut.labels),
        "years": [
            {
                "year": year,
                "mix": found.mix[year].tolist(),
                "loss_ratio": float(found.loss_ratio[year]),
                "error": float(found.error[year]),
                "change": found.change[year].tolist(),
            }
            for year in range(len(found.loss_ratio))
        ],
    }


def segments_csv(done: Adequacy) -> bytes:
    """Give a row for each segment."""
    told = [_segment_told(one) for one in done.segments]
    names = list(told[0]) if told else ["by", "segment"]
    return csv_bytes(names, (list(one.values()) for one in told))


def drift_csv(done: Adequacy) -> bytes:
    """Give a row for each year: the loss ratio, and the share of policies of each segment."""
    found = done.drift
    assert found is not None  # noqa: S101 - the caller looked
    head = ["year", "loss_ratio", "error", "change", "change_low", "change_high"]
    rows = (
        [
            year,
            float(found.loss_ratio[year]),
            float(found.error[year]),
            *found.change[year].tolist(),
            *found.mix[year].tolist(),
        ]
        for year in range(len(found.loss_ratio))
    )
    return csv_bytes([*head, *(f"mix: {label}" for label in found.cut.labels)], rows)


def adequacy_lines(done: Adequacy, tongue: Tongue, *, long_term: bool) -> list[str]:
    """Give the verdict in words, the figures, and the segments."""
    says = {key: texts[tongue] for key, texts in LINES.items()}
    lines: list[str] = []
    for sentence in verdict_words(done, tongue, long_term=long_term):
        lines += wrapped(sentence)
    whys: list[str] = []
    for title, one in (
        (says["loss_ratio"], done.loss_ratio),
        (says["combined"], done.combined),
        (says["on_average"], done.on_average),
        (says["change"].format(confidence=done.wanted.confidence * 100), done.change),
    ):
        error = f"{one.error * 100:.2f}%" if math.isfinite(one.error) else UNKNOWN[tongue]
        lines.append(f"  {padded(title, 28)} {one.value * 100:>9.2f}% ± {error}{mark(one)}")
        whys.append(one.why)
    if done.origins is not None:
        origin = done.origins
        for name, variance, unsure in (
            ("process", origin.process, origin.process_error),
            ("assumptions", origin.parameter, origin.parameter_error),
        ):
            lines.append(f"  {padded(says[name], 28)} {variance:>10.3g} ± {unsure:.2g}")
    lines += _segment_lines(done.segments, says)
    if done.drift is not None:
        lines += _drift_lines(done, says)
    return [*lines, *doubts((*whys, *(one.why for one in done.segments)), tongue)]


def _segment_lines(segments: Sequence[Segment], says: Mapping[str, str]) -> list[str]:
    if not segments:
        return []
    cells = [
        (f"{one.policies:,}", f"{one.tariff:,.0f}", f"{one.technical:,.0f}") for one in segments
    ]
    head = [says[key] for key in ("policies", "tariff", "technical")]
    wide = [max(width(name), *(len(row[n]) for row in cells)) for n, name in enumerate(head)]
    names = [f"{one.by} {one.label}" for one in segments]
    first = min(max(7, *map(width, names)), TERMINAL - sum(wide) - LAST)
    lines = [f"{padded(says['segment'], first)} {_columns(head, wide)}   {says['ratio']}"]
    for one, name, row in zip(segments, names, cells, strict=True):
        if width(name) > first:
            lines.append(name)
        pad = " " * first if width(name) > first else name + " " * (first - width(name))
        end = f"{says['no_cost']:>7} {_mark(one, says)}"
        if one.technical > 0.0:
            off = one.ratio * one.error / one.technical
            end = f"{one.ratio * 100:>6.1f}% ± {off * 100:.1f}% {_mark(one, says)}"
        lines.append(f"{pad} {_columns(row, wide)} {end}".rstrip())
    return lines


def _columns(row: Sequence[str], wide: Sequence[int]) -> str:
    cells = zip(row, wide, strict=True)
    return " ".join(f"{' ' * (size - width(cell))}{cell}" for cell, size in cells)


def _mark(one: Segment, says: Mapping[str, str]) -> str:
    flag = _flag(one)
    return says[flag] if flag else DOUBTFUL if one.why else ""


def _flag(one: Segment) -> str:
    return "underpriced" if one.underpriced else "overpriced" if one.overpriced else ""


def _drift_lines(done: Adequacy, says: Mapping[str, str]) -> list[str]:
    found = done.drift
    assert found is not None  # noqa: S101 - the caller looked
    lines = [says["drift"]]
    for year, (ratio, error) in enumerate(zip(found.loss_ratio, found.error, strict=True)):
        moved, low, high = (f"{one * 100:+.2f}" for one in found.change[year])
        head = f"{year:>4} {ratio * 100:>8.2f}% ± {error * 100:.2f}%"
        lines.append(f"{head}   {moved} ({low} {says['to']} {high})" if year else head)
    return lines
