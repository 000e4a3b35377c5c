"""A measure with its error as every verb tells it."""

import math
import re
from collections.abc import Iterable

from product_factory.columns import wrapped
from sandbox.measures.measured import Measured
from sandbox.measures.replicates import Replicated

FIGURE = re.compile(r"[\d.,]+")
DOUBTFUL = "*"
"""Marks a figure whose error is not to be trusted."""


def measured_told(one: Measured) -> dict[str, object]:
    """Give a measure as plain values for JSON."""
    told: dict[str, object] = {
        "value": one.value,
        "error": one.error,
        "low": one.low,
        "high": one.high,
        "trusted": one.trusted,
    }
    if isinstance(one, Replicated):
        told |= {
            "reduction": one.reduction,
            "reduction_low": one.reduction_low,
            "reduction_high": one.reduction_high,
        }
    return told


def reduced(one: Measured) -> str:
    """Say the reduction of variance with its 95% interval, nothing of independent rows."""
    if not isinstance(one, Replicated) or math.isnan(one.reduction):
        return ""
    if math.isinf(one.reduction):
        return "all"
    ends = f"{one.reduction_low:.2f} to {one.reduction_high:.2f}"
    return f"{one.reduction:.2f} ({ends})"


def judged(one: Measured) -> str:
    """Say whether a reduction is shown: `better`, `worse` or `open`; none where unknown."""
    if not isinstance(one, Replicated) or math.isnan(one.reduction):
        return ""
    if one.reduction_high < 1.0:
        return "worse"
    return "better" if one.reduction_low > 1.0 else "open"


def within(error: float, digits: int) -> str:
    """Say an error; too few rows cannot bound it."""
    return f"± {error:,.{digits}g}" if math.isfinite(error) else "± unknown"


def mark(one: Measured) -> str:
    """Give what stands behind an error that is not to be trusted, or nothing."""
    return "" if one.trusted else f" {DOUBTFUL}"


def doubts(whys: Iterable[str]) -> list[str]:
    """Say why marked errors are not to be trusted, of each kind of reason the first; "" is none."""
    reasons: dict[str, str] = {}
    for why in filter(None, whys):
        reasons.setdefault(FIGURE.sub("", why), why)
    lines: list[str] = []
    for why in reasons.values():
        lines += wrapped(f"{DOUBTFUL} not to be trusted: {why}")
    return lines
