"""A measure with its error as every verb tells it."""

import math
import re
from collections.abc import Iterable

from product_factory.columns import wrapped
from sandbox.measures.measured import Measured
from sandbox.measures.words import NOT_TRUSTED, UNKNOWN, Tongue, doubt_said

FIGURE = re.compile(r"[\d.,]+")
DOUBTFUL = "*"
"""Marks a figure whose error is not to be trusted."""


def measured_told(one: Measured) -> dict[str, object]:
    """Give a measure as plain values for JSON."""
    return {
        "value": one.value,
        "error": one.error,
        "low": one.low,
        "high": one.high,
        "trusted": one.trusted,
    }


def within(error: float, digits: int, language: Tongue = "en") -> str:
    """Say an error; too few rows cannot bound it."""
    return f"± {error:,.{digits}g}" if math.isfinite(error) else f"± {UNKNOWN[language]}"


def mark(one: Measured) -> str:
    """Give what stands behind an error that is not to be trusted, or nothing."""
    return "" if one.trusted else f" {DOUBTFUL}"


def doubts(whys: Iterable[str], language: Tongue = "en") -> list[str]:
    """Say why marked errors are not to be trusted, of each kind of reason the first; "" is none."""
    reasons: dict[str, str] = {}
    for why in filter(None, whys):
        reasons.setdefault(FIGURE.sub("", why), why)
    lines: list[str] = []
    for why in reasons.values():
        lines += wrapped(f"{DOUBTFUL} {NOT_TRUSTED[language]}{doubt_said(why, language)}")
    return lines
