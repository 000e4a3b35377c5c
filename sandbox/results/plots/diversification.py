"""diversification.png: what lines need alone, one on another, and what they need together."""

import math
from collections.abc import Mapping

import matplotlib as mpl

from sandbox.dependence.diversification import LEVEL, Diversification
from sandbox.results.plots.canvas import GREY, Language, new_axes, png, readable, unit

WORDS: Mapping[str, Mapping[str, str]] = {
    "alone": {"zh": "各自单独相加", "en": "alone, added up"},
    "joint": {"zh": "合在一起", "en": "all together"},
    "benefit": {"zh": "分散效应", "en": "diversification"},
}
PALETTE = "tab10"


def diversification_png(
    found: Diversification,
    currency: str,
    run: tuple[str, int, str],
    language: Language,
    title: Mapping[str, str],
) -> bytes:
    """Draw the parts of the sum by line, the joint measure beneath, and the difference.

    run  for the small print: the name of the dependence, or nothing, the years, the seeds
    """
    name, years, seed = run
    small = {
        "zh": f"{name} {years:,} 个模拟年，种子 {seed}",
        "en": f"{name} {years:,} simulated years, seed {seed}",
    }
    head = {
        "zh": f"{title['zh']}：{LEVEL:.0%} 尾部风险价值的分散效应",
        "en": f"{title['en']}: diversification of the {LEVEL:.0%} tail value at risk",
    }
    axes = new_axes(readable(head, language), readable(small, language).strip())
    axes.grid(visible=False, axis="y")
    divisor, word = unit(found.total.value, currency, language)
    colours = mpl.colormaps[PALETTE]
    left = 0.0
    largest = sorted(found.alone.items(), key=lambda pair: -pair[1].value)
    for place, (line, one) in enumerate(largest):
        width = one.value / divisor
        axes.barh(1, width, left=left, height=0.55, color=colours(place % 10), label=line)
        left += width
    joint = found.joint.value / divisor
    known = math.isfinite(found.joint.error)
    error = found.joint.error / divisor if known else 0.0
    axes.barh(0, joint, height=0.55, color=GREY, xerr=error, ecolor="black", capsize=4)
    benefit = f"{readable(WORDS['benefit'], language)} {found.benefit.value:.1%}"
    if known:
        benefit += f" ± {found.benefit.error:.1%}"
    axes.annotate(benefit, (left, 0.5), ha="right", va="center", fontsize=10)
    axes.set_yticks([1, 0], [readable(WORDS[key], language) for key in ("alone", "joint")])
    axes.set_xlabel(word)
    axes.set_xlim(0.0, 1.05 * max(left, joint + error))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=4, fontsize=8, frameon=False)
    return png(axes)
