"""What a back-test says in words, in Chinese and English."""

import math
from collections.abc import Callable, Sequence
from typing import Literal

from sandbox.backtest.judge import Backtest
from sandbox.backtest.outcome import Finding

Tongue = Literal["zh", "en"]
SUBJECTS = {
    "frequency": {"zh": "频率", "en": "frequency"},
    "severity": {"zh": "赔款金额分布", "en": "severity"},
    "total": {"zh": "年度赔款", "en": "yearly total"},
}
ENDLESS = "∞"
YEARLY = {"frequency": "spread", "severity": "years", "total": "spread"}
"""What says that years differ."""
ASPECTS = {
    "level": {"zh": "水平", "en": "level"},
    "trend": {"zh": "趋势", "en": "trend"},
    "spread": {"zh": "离散度", "en": "spread"},
    "memory": {"zh": "年度相关", "en": "memory"},
    "years": {"zh": "年度差异", "en": "years"},
    "shape": {"zh": "尾部形状", "en": "shape"},
}


def verdict_words(done: Backtest, tongue: Tongue) -> list[str]:
    """Give the verdict, a sentence for each assumption that fails."""
    failing = done.failing
    level = f"{done.wanted.level * 100:g}%"
    if not done.tests:
        zh = "历史数据不足，未能检验任何假设。"
        return [zh if tongue == "zh" else "The history is too short to test any assumption."]
    if not failing:
        return [_nothing(len(done.tests), level, tongue)]
    if tongue == "zh":
        found = [f"{len(done.tests)} 项检验中有 {len(failing)} 项假设不成立（整体水平 {level}）："]
    else:
        fail = "assumption fails" if len(failing) == 1 else "assumptions fail"
        found = [f"{len(failing)} {fail} of {len(done.tests)} tested, at {level} for all together:"]
    found += [_sentence(test, tongue) for test in failing]
    found += [_unsure(line, tongue) for line in _scattered(failing)]
    if all(test.subject == "total" for test in failing):
        found.append(
            "频率和赔款金额分布未见不成立者：请检查条款、业务结构、风险间的相关性，或未被检验的过程。"
            if tongue == "zh"
            else "No frequency and no severity fails: look at terms, the mix of risks, what moves "
            "together, and processes that were not tested."
        )
    return found


def _scattered(failing: Sequence[Finding]) -> list[str]:
    """Give the lines whose level or drift may be no more than that their years scatter."""
    wide = {
        (test.subject, test.line)
        for test in failing
        if test.aspect == YEARLY[test.subject] and test.estimate > 1.0
    }
    accused = [test for test in failing if test.aspect in ("level", "trend")]
    return list(dict.fromkeys(t.line for t in accused if (t.subject, t.line) in wide))


def _unsure(line: str, tongue: Tongue) -> str:
    if tongue == "zh":
        return f"{line} 的年度间差异大于假设，因此其水平和趋势不如 p 值所示那样确定。"
    return (
        f"The years of {line} scatter more than assumed, so its level and trend are less sure "
        "than their p says."
    )


def _nothing(many: int, level: str, tongue: Tongue) -> str:
    if tongue == "zh":
        return (
            f"{many} 项检验中没有假设不成立（整体水平 {level}）。这不是证明：“可发现”一栏"
            "是以 80% 的概率才能发现的误差，小于它的误差可能仍未被看见。"
        )
    return (
        f"No assumption fails of {many} tested, at {level} for all together. That is no proof: an "
        "error smaller than what 'finds' says would be missed more often than once in five."
    )


def _sentence(test: Finding, tongue: Tongue) -> str:
    head = f"{test.line} {SUBJECTS[test.subject][tongue]}"
    head += f"（{ASPECTS[test.aspect][tongue]}）" if tongue == "zh" else f", {test.aspect}"
    said = _said(test, tongue)
    chance = p_text(test.adjusted)
    if tongue == "zh":
        return f"{head}：{said}；p = {p_text(test.p)}，Holm 校正后 {chance}。"
    return f"{head}: {said}; p = {p_text(test.p)}, {chance} by Holm."


SAYS = {
    "level": {
        "zh": ("实际比假设高 {}", "实际比假设低 {}"),
        "en": ("actual is above the assumption, {}", "actual is below the assumption, {}"),
    },
    "trend": {
        "zh": ("相对假设每年上升 {}", "相对假设每年下降 {}"),
        "en": (
            "it rises against the assumption, by {} a year",
            "it falls against the assumption, by {} a year",
        ),
    },
    "spread": {
        "zh": ("离散度大于假设，方差为其 {} 倍", "离散度小于假设，方差为其 {} 倍"),
        "en": (
            "it varies more than assumed, the variance being {} times as large",
            "it varies less than assumed, the variance being {} times as large",
        ),
    },
    "memory": {
        "zh": ("年度并不独立，与上年的相关系数为 {}", "年度并不独立，与上年的相关系数为 {}"),
        "en": (
            "a year is not independent of the one before, correlation {}",
            "a year is not independent of the one before, correlation {}",
        ),
    },
    "years": {
        "zh": ("各年水平差异过大，方差为假设的 {} 倍", "各年水平过于一致，方差为假设的 {} 倍"),
        "en": (
            "years differ more than chance allows, their variance being {} times as large",
            "years are more alike than chance allows, their variance being {} times as large",
        ),
    },
    "shape": {
        "zh": ("分布形状不符，上尾 5% 的件数为假设的 {} 倍",) * 2,
        "en": ("the form is another one, the upper 5% holding {} times as many claims",) * 2,
    },
}
"""What is said of an estimate: of one that is higher than assumed, and of others."""


def _said(test: Finding, tongue: Tongue) -> str:
    """Say the direction and the size."""
    if math.isnan(test.estimate):
        return "与假设不符" if tongue == "zh" else "it is not as assumed"
    show, even = _shown(test)
    higher, others = SAYS[test.aspect][tongue]
    size = show(test.estimate)
    if not math.isnan(test.low):
        size += f" ({show(test.low)} … {show(test.high)})"
    return (higher if test.estimate > even else others).format(size)


def _shown(test: Finding) -> tuple[Callable[[float], str], float]:
    """Give how an estimate is written, and what it is where all is as assumed."""
    if test.aspect == "level":
        return lambda value: percent(value - 1.0), 1.0
    return (percent, 0.0) if test.aspect == "trend" else (number, float(test.aspect != "memory"))


def percent(value: float) -> str:
    """Write a share with its sign."""
    return f"{value * 100:+.1f}%" if math.isfinite(value) else ENDLESS


def number(value: float) -> str:
    """Write a ratio."""
    return f"{value:.2f}" if math.isfinite(value) else ENDLESS


def p_text(p: float) -> str:
    """Write a chance."""
    return "<0.0001" if p < 0.0001 else f"{p:.4f}"  # noqa: PLR2004 - as far as it is written
