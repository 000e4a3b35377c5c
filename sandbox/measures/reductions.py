"""What a sampling brings to a run's measures, each number once.

Claims, claims over a premium that is the same every year, and profit are one number: their rows
differ by a factor and a constant, and what the sampling brings to them is the same but for
rounding. They stand in one line.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from product_factory.columns import TERMINAL, padded
from sandbox.measures.measured import Measured
from sandbox.measures.replicates import Replicated
from sandbox.measures.words import Tongue

SAME = 1e-6
"""Two reductions and their ends that differ by less, relatively, are of one number."""
HEAD: Mapping[Tongue, str] = {
    "zh": "抽样方法 {sampling}：独立抽取年份的方差除以其方差，95% 区间：",
    "en": "sampling {sampling}: variance of plain years over its own, 95% interval:",
}
SAID: Mapping[str, Mapping[Tongue, str]] = {
    "better": {"zh": "降低", "en": "better"},
    "open": {"zh": "未见差别", "en": "not shown"},
    "worse": {"zh": "更差", "en": "WORSE"},
    "unknown": {"zh": "未知", "en": "unknown"},
    "all": {"zh": "全部", "en": "all"},
    "untrusted": {"zh": "* 不可信", "en": "* not trusted"},
}
NUMBER, VERDICT = 24, 14
"""Columns of a line."""


@dataclass(frozen=True)
class Reduction:
    """A reduction of variance, and the names of all measures that it is of."""

    of: Replicated
    names: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """Say whether it is shown: `better`, `worse` or `open`; `untrusted` as its error is."""
        if not self.of.trusted or math.isnan(self.of.reduction):
            return "untrusted"
        if self.of.reduction_high < 1.0:
            return "worse"
        return "better" if self.of.reduction_low > 1.0 else "open"

    @property
    def said(self) -> str:
        """Say it with its 95% interval; `unknown` where the rows cannot bound the measure."""
        if math.isnan(self.of.reduction):
            return "unknown"
        if math.isinf(self.of.reduction):
            return "all"
        ends = f"{_short(self.of.reduction_low)} to {_short(self.of.reduction_high)}"
        return f"{_short(self.of.reduction)} ({ends})"


def reductions(measures: Mapping[str, Measured]) -> Sequence[Reduction]:
    """Give the reductions of measures by name, each number once; none of independent rows."""
    found: list[Reduction] = []
    for name, one in measures.items():
        if not isinstance(one, Replicated):
            continue
        same = next((r for r in found if _same(r.of, one)), None)
        if same is None:
            same = Reduction(one)
            found.append(same)
        same.names.append(name)
    return found


def reductions_told(measures: Mapping[str, Measured]) -> list[dict[str, object]]:
    """Give reductions as plain values for JSON; null where there is no number."""
    return [
        {
            "measures": one.names,
            "reduction": _finite(one.of.reduction),
            "low": _finite(one.of.reduction_low),
            "high": _finite(one.of.reduction_high),
            "verdict": one.verdict,
        }
        for one in reductions(measures)
    ]


def reductions_lines(
    sampling: str, measures: Mapping[str, Measured], language: Tongue = "en"
) -> list[str]:
    """Tell a person what a sampling brings; nothing of independent rows."""
    found = reductions(measures)
    if not found:
        return []
    lines = [HEAD[language].format(sampling=sampling)]
    for one in found:
        number = padded(SAID[one.said][language] if one.said in SAID else one.said, NUMBER)
        head = f"  {number}{padded(SAID[one.verdict][language], VERDICT)}"
        lines += _listed(one.names, head)
    return lines


def _listed(names: Iterable[str], head: str) -> list[str]:
    """Write names behind a head, those that find no room below one another."""
    lines, line = [], head
    for name in names:
        if line.strip() and line != head and len(line) + len(name) + 2 > TERMINAL:
            lines.append(f"{line},")
            line = " " * len(head)
        line += name if len(line) == len(head) else f", {name}"
    return [*lines, line]


def _same(one: Replicated, other: Replicated) -> bool:
    """Tell whether two reductions are of one number."""
    return all(
        a == b or (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=SAME)
        for a, b in (
            (one.reduction, other.reduction),
            (one.reduction_low, other.reduction_low),
            (one.reduction_high, other.reduction_high),
        )
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _short(value: float) -> str:
    """Write a ratio to two decimals, a large one to none."""
    return f"{value:,.0f}" if value >= 100.0 else f"{value:.2f}"  # noqa: PLR2004 - digits enough
