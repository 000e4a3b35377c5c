"""The far tail: an exceedance curve with its interval, and that of as many plain years."""

from collections.abc import Mapping

import numpy as np

from sandbox.results.manifest import Manifest
from sandbox.results.plots.canvas import (
    BLUE,
    GREY,
    ORANGE,
    Language,
    new_axes,
    png,
    readable,
    unit,
)
from sandbox.results.plots.exceedance import label_exceedance
from sandbox.results.plots.note import note
from sandbox.tail.find import Found
from sandbox.tail.told import curve
from sandbox.tail.words import word

COLOURS = (BLUE, ORANGE)


def tail_png(
    done: Found, manifest: Manifest, language: Language, title: Mapping[str, str]
) -> bytes:
    """Draw what is exceeded once in so many years (log axis), before and after reinsurance.

    The grey edges are the interval that plain years would leave; where they end none bounds it.
    """
    last = done.asked.periods[-1]
    curves = {view.name: np.array(curve(view, last)) for view in done.views}
    largest = max(float(points[:, 1].max()) for points in curves.values())
    divisor, name = unit(largest, manifest.currency, language)
    words = {
        "zh": f"{title['zh']}：{last:,.12g} 年一遇之内的超越概率曲线",
        "en": f"{title['en']}: exceedance to 1 in {last:,.12g} years",
    }
    axes = new_axes(readable(words, language), note(manifest, language))
    plain = {"zh": "同样多普通年的 95% 区间", "en": "95% interval of as many plain years"}
    edge = readable(plain, language)
    for colour, (view, points) in zip(COLOURS, curves.items(), strict=False):
        period, (value, low, high) = points[:, 0], _bounded(points[:, 1:4] / divisor)
        said = readable({"zh": word(view, "zh"), "en": word(view, "en")}, language)
        axes.plot(period, value, color=colour, linewidth=1.8, label=said)
        axes.fill_between(period, low, high, color=colour, alpha=0.25, linewidth=0)
        for bound in _bounded(points[:, 4:6] / divisor):
            axes.plot(period, bound, color=GREY, linewidth=0.9, linestyle="--", label=edge)
            edge = ""
    label_exceedance(axes, (2.0, last), name, language)
    return png(axes)


def _bounded(columns: np.ndarray) -> np.ndarray:
    """Give columns as rows; an end that no year bounds leaves a gap."""
    return np.where(np.isfinite(columns), columns, np.nan).T
