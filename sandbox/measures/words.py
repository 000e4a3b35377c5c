"""What is said of an error in Chinese and English; reasons to distrust one are written in English.

A measure keeps its reason as a sentence, since files hold it; `doubt_said` gives it in a language.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

Tongue: TypeAlias = Literal["zh", "en"]

UNKNOWN: Mapping[Tongue, str] = MappingProxyType({"zh": "未知", "en": "unknown"})
NOT_TRUSTED: Mapping[Tongue, str] = MappingProxyType(
    {"zh": "不可信：", "en": "not to be trusted: "}
)
_NUMBER = r"([-+\d.,a-z]*\d[\d.,]*|nan)"
_DOUBTS: Mapping[str, str] = MappingProxyType(
    {
        "the spread rests on about # rows; # are wanted": "离散程度只由约 {} 行支撑，需要 {} 行",
        "the spread rests on about # of # replicates; # are wanted": (
            "离散程度只由 {1} 个重复中的约 {0} 个支撑，需要 {2} 个"
        ),
        "# replicates; # are wanted": "只有 {} 个重复，需要 {} 个",
        "replicates are all the same: they show no spread to take an error from": (
            "各重复完全相同，没有可据以估计误差的离散程度"
        ),
        "every row is the same: the rows show no spread to take an error from": (
            "各行完全相同，没有可据以估计误差的离散程度"
        ),
        "the rows cannot bound the measure": "模拟行不能界定该度量",
        "# rows lie beyond the quantile; # are wanted": "超过分位数的只有 {} 行，需要 {} 行",
        "# rows lie beyond; # are wanted": "超过者只有 {} 行，需要 {} 行",
        "# rows are too few to bound the quantile from below": "{} 行太少，不能从下方界定分位数",
        "the capital by @ is #: there is none to earn on": (
            "按 {} 计的资本为 {}，没有可供回报的资本"
        ),
        "# of # paths are ruined; too few to say": "{1} 条路径中破产 {0} 条，太少，不足以判断",
        "a batch has # rows; # are wanted": "每批 {} 行，需要 {} 行",
        "@ is seen as in about # rows; # are wanted": "{} 只相当于在约 {} 行中见到，需要 {} 行",
        "the weights have a mean of # ± #; # is wanted": "权重的均值为 {} ± {}，应为 {}",
        "@ has a mean of # ± #; # is wanted": "{} 的均值为 {} ± {}，应为 {}",
        "no year exceeds the amount: its chance is bounded by the rule of three": (
            "没有一年超过该金额，其概率按三倍法则取上界"
        ),
    }
)
"""Reason in English → in Chinese; # is a number, @ a name."""


def _pattern(reason: str) -> re.Pattern[str]:
    text = re.escape(reason).replace(r"\#", _NUMBER).replace("@", "(.+)")
    return re.compile(text)


_PATTERNS = tuple((_pattern(reason), said) for reason, said in _DOUBTS.items())


def doubt_said(why: str, tongue: Tongue) -> str:
    """Give a reason to distrust an error in a language; several, apart by "; ", one by one.

    What has no Chinese is given as it is.
    """
    if tongue == "en":
        return why
    return _translated(why) or "；".join(_translated(one) or one for one in _apart(why))


def _translated(why: str) -> str:
    for pattern, said in _PATTERNS:
        found = pattern.fullmatch(why)
        if found:
            return said.format(*(_name_said(part) for part in found.groups()))
    return ""


def _name_said(name: str) -> str:
    """Give the name of a peril: `typhoon.storm of class 3`, `fire.damage largest 0.1%`."""
    return re.sub(" largest ", " 最大 ", re.sub(r" of class (\d+)$", r" 第 \1 级", name))


def _apart(why: str) -> list[str]:
    """Cut reasons that were joined; "; # are wanted" belongs to the one before it."""
    return re.split(r"; (?!\d[\d,]* (?:are|is) wanted|too few)", why)
