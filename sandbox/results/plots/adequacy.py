"""The judged rate as pictures: the change each row needs, tariff by segment, and the drift."""

from collections.abc import Mapping

import numpy as np
from matplotlib.ticker import PercentFormatter

from sandbox.adequacy.judge import Adequacy
from sandbox.adequacy.words import VERDICTS
from sandbox.measures.measured import Z95
from sandbox.results.manifest import Manifest
from sandbox.results.plots.canvas import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    Language,
    new_axes,
    png,
    readable,
)
from sandbox.results.plots.note import note

_BINS, _SHOWN = 60, 0.999
_MOST = 40


def adequacy_plots(
    done: Adequacy, manifest: Manifest, language: Language, title: Mapping[str, str]
) -> Mapping[str, bytes]:
    """Give adequacy.png, segments.png, and selection.png where the mix was followed."""
    small = note(manifest, language)
    found = {"adequacy.png": _needed(done, language, title, small)}
    if done.segments:
        found["segments.png"] = _segments(done, language, title, small)
    if done.drift is not None:
        found["selection.png"] = _drift(done, language, title, small)
    return found


def _needed(done: Adequacy, language: Language, title: Mapping[str, str], small: str) -> bytes:
    """Draw how many rows need which rate change."""
    change = np.sort(done.rows.needed(done.wanted.target))
    verdict = VERDICTS[done.verdict]
    confidence = f"{done.wanted.confidence * 100:g}%"
    words = {
        "zh": f"{title['zh']}：{verdict['zh']}（置信水平 {confidence}）",
        "en": f"{title['en']}: {verdict['en'][0].lower()}{verdict['en'][1:]} at {confidence}",
    }
    axes = new_axes(readable(words, language), small)
    left = float(change[0])
    right = max(float(change[int(_SHOWN * (len(change) - 1))]), done.change.value, 0.0)
    reach = (right - left) or 1.0
    bins = min(_BINS, max(10, int(2 * len(change) ** 0.5)))
    counts, edges = np.histogram(change, bins=bins, range=(left, right + 0.05 * reach))
    axes.stairs(counts / len(change), edges, fill=True, color=BLUE, alpha=0.75)
    enough = {"zh": "现行费率", "en": "rates as they are"}
    axes.axvline(0.0, color=GREY, linewidth=1.6, label=readable(enough, language))
    reaches = {"zh": f"达到 {confidence} 所需", "en": f"needed for {confidence}"}
    label = f"{readable(reaches, language)} {done.change.value * 100:+.1f}%"
    axes.axvline(done.change.value, color=ORANGE, linewidth=1.8, label=label)
    if done.change.trusted:
        axes.axvspan(done.change.low, done.change.high, color=ORANGE, alpha=0.2, linewidth=0)
    mean = {"zh": "平均所需", "en": "needed on average"}
    label = f"{readable(mean, language)} {done.on_average.value * 100:+.1f}%"
    axes.axvline(done.on_average.value, color=GREEN, linewidth=1.8, label=label)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    across = {"zh": "恰好够用的费率调整", "en": "rate change with which a row is just covered"}
    axes.set_xlabel(readable(across, language))
    up = {"zh": "占全部模拟的比例", "en": "share of simulated rows"}
    axes.set_ylabel(readable(up, language))
    axes.legend(fontsize=9, loc="best")
    return png(axes)


def _segments(done: Adequacy, language: Language, title: Mapping[str, str], small: str) -> bytes:
    """Draw tariff over technical premium by segment, with its interval."""
    words = {
        "zh": f"{title['zh']}：费率与技术保费之比",
        "en": f"{title['en']}: tariff over technical premium",
    }
    axes = new_axes(readable(words, language), small)
    shown = list(reversed(done.segments[:_MOST]))
    for place, one in enumerate(shown):
        low, high = one.interval
        if not np.isfinite(one.ratio):  # it cost nothing
            continue
        colour = ORANGE if one.underpriced else GREEN if one.overpriced else BLUE
        axes.plot([low, min(high, 10.0)], [place, place], color=colour, linewidth=2.0)
        axes.plot([one.ratio], [place], color=colour, marker="o", markersize=5)
    axes.axvline(1.0, color=GREY, linewidth=1.2)
    axes.set_yticks(range(len(shown)), [f"{one.by} {one.label}" for one in shown], fontsize=7)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    across = {
        "zh": "费率 / 技术保费，95% 区间；橙色：显著偏低，绿色：显著偏高",
        "en": "tariff / technical, 95% interval; orange: significantly low, green: high",
    }
    axes.set_xlabel(readable(across, language))
    return png(axes)


def _drift(done: Adequacy, language: Language, title: Mapping[str, str], small: str) -> bytes:
    """Draw the loss ratio by year as the mix answers to the price."""
    found = done.drift
    assert found is not None  # noqa: S101 - the caller looked
    words = {
        "zh": f"{title['zh']}：逆选择下的赔付率（{found.asked.by}）",
        "en": f"{title['en']}: loss ratio under anti-selection by {found.asked.by}",
    }
    axes = new_axes(readable(words, language), small)
    years = np.arange(len(found.loss_ratio))
    low, high = (found.loss_ratio + sign * Z95 * found.error for sign in (-1.0, 1.0))
    band = {"zh": "95% 区间", "en": "95% interval"}
    axes.fill_between(years, low, high, color=BLUE, alpha=0.2, label=readable(band, language))
    axes.plot(years, found.loss_ratio, color=BLUE, linewidth=1.8, marker="o", markersize=4)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=1))
    axes.set_xticks(years)
    axes.set_xlabel(readable({"zh": "年", "en": "year"}, language))
    axes.set_ylabel(readable({"zh": "赔付 / 保费", "en": "claims / premium"}, language))
    axes.legend(fontsize=9, loc="best")
    return png(axes)
