"""NAME.png: how often a year's payments exceed an amount."""

import numpy as np

from rating.aggregate.told import Aggregate
from sandbox.results.plots.canvas import BLUE, GREY, ORANGE, Language, new_axes, png, readable, unit

LEAST = 1e-5
"""Chances below are not drawn."""
MARKED = (0.9, 0.99, 0.995)
POINTS = 2_000


def aggregate_png(found: Aggregate, language: Language) -> bytes:
    """Draw the exceedance curve on a log axis, with the mean and some quantiles."""
    kept = found.year.kept
    beyond = np.maximum(1.0 - np.cumsum(kept.chances), LEAST / 10.0)
    last = int(np.searchsorted(-beyond, -LEAST, "left")) + 1
    every = max(1, last // POINTS)
    top = float(kept.points[min(last, kept.points.size - 1)])
    divisor, name = unit(top, found.asked.currency, language)
    words = {
        "zh": f"{found.asked.title['zh']}：一年赔付的超越概率",
        "en": f"{found.asked.title['en']}: payments of a year",
    }
    grid = found.year.grid
    note = f"{grid.points:,} × {grid.step:g} {found.asked.currency} · {found.asked.digest}"
    axes = new_axes(readable(words, language), note)
    axes.plot(
        kept.points[: last + 1 : every] / divisor, beyond[: last + 1 : every], color=BLUE, lw=1.8
    )
    axes.axvline(kept.mean / divisor, color=ORANGE, linewidth=1.2)
    mean = readable({"zh": " 均值", "en": " mean"}, language)
    axes.text(kept.mean / divisor, 1.15, mean, color=ORANGE, fontsize=8)
    for chance in MARKED:
        at = kept.var(chance) / divisor
        axes.plot([at], [1.0 - chance], "o", color=GREY, markersize=4)
        axes.annotate(f" VaR {chance:.1%}", (at, 1.0 - chance), fontsize=8, color=GREY, va="bottom")
    axes.set_yscale("log")
    axes.set_ylim(LEAST, 2.0)
    axes.set_xlim(left=0.0)
    axes.set_xlabel(readable({"zh": f"一年赔付（{name}）", "en": f"payments ({name})"}, language))
    axes.set_ylabel(readable({"zh": "超过的概率", "en": "chance of more"}, language))
    return png(axes)
