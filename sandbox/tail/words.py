"""The words of the far tail in Chinese and English."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

Tongue: TypeAlias = Literal["zh", "en"]

WORDS: Mapping[str, Mapping[Tongue, str]] = MappingProxyType(
    {
        "gross": {"zh": "再保前", "en": "gross"},
        "net": {"zh": "再保后", "en": "net of reinsurance"},
        "mean": {"zh": "均值", "en": "mean"},
        "value_at_risk": {"zh": "VaR 重现期", "en": "VaR 1 in"},
        "tail_value_at_risk": {"zh": "TVaR 重现期", "en": "TVaR 1 in"},
        "chance": {"zh": "超过", "en": "above"},
        "stated": {"zh": "按要求", "en": "as stated"},
        "aimed": {"zh": "{view} {period:,.12g} 年一遇", "en": "{view}, 1 in {period:,.12g}"},
        "largest": {"zh": "最大十万分之一 × {times:.3g}", "en": "largest of 100,000 × {times:.3g}"},
        "nothing": {"zh": "不变", "en": "nothing"},
        "same": {"zh": "无差别", "en": "no gain"},
        "hurts": {"zh": "无助益", "en": "no help"},
        "unknown": {"zh": "不确定", "en": "not sure"},
        "dealt": {
            "zh": "{years:,} 年中 {original:,} 年按原分布抽取，其余按下列倍数；"
            "试算另用 {pilot:,} 年",
            "en": "{original:,} of {years:,} years by the original law, the others by laws that "
            "multiply; {pilot:,} years of a pilot besides",
        },
        "floors": {
            "zh": "另各有 {years:,} 年使以下情形约多发生一次，不论试算是否见到：{names}",
            "en": "{years:,} of them each let one of these come about once more, whatever the "
            "pilot saw: {names}",
        },
        "and": {"zh": "、", "en": ", "},
        "plain": {
            "zh": "试算未发现可倾斜之处：全部按原分布抽取",
            "en": "the pilot found nothing to tilt: all years are drawn by the original law",
        },
        "weights": {
            "zh": "权重均值 {mean:.4f} ± {error:.2g}（应为 1），有效年数 {effective:,.0f}",
            "en": "weights: mean {mean:.4f} ± {error:.2g} (1 is right), worth "
            "{effective:,.0f} plain years where amounts do not matter",
        },
        "head": {
            "zh": f"  {'':20}{'估计值':>10} {'误差':>10}  {'普通误差':>6}  方差缩减",
            "en": f"  {'':20}{'value':>13} {'error':>12}  {'plain':>10}  variance",
        },
    }
)


def word(name: str, tongue: Tongue) -> str:
    """Give a word, or a text with places for figures."""
    return WORDS[name][tongue]
