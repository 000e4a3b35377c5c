"""exceedance.png: aggregate and occurrence exceedance curves with their intervals."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from sandbox.measures import Curve, Sample, curve
from sandbox.measures.value_at_risk import ENOUGH_BEYOND
from sandbox.results.manifest import Manifest
from sandbox.results.plots.canvas import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    Language,
    count_along,
    new_axes,
    png,
    readable,
    unit,
)
from sandbox.results.plots.note import note

_POINTS = 120
_COLOURS = (BLUE, ORANGE, GREEN, GREY)
_NAMES: Mapping[str, Mapping[str, str]] = {
    "aggregate": {"zh": "年度合计 (AEP)", "en": "Aggregate by year (AEP)"},
    "occurrence": {"zh": "单次最大事故 (OEP)", "en": "Largest event of the year (OEP)"},
    "net aggregate": {"zh": "再保后年度合计", "en": "Aggregate, net of reinsurance"},
    "net occurrence": {"zh": "再保后单次最大事故", "en": "Largest event, net of reinsurance"},
}


def exceedance_png(
    samples: Mapping[str, Sample],
    currency: str,
    manifest: Manifest,
    language: Language,
    title: Mapping[str, str],
) -> bytes:
    """Give exceedance curves over the return period (log axis, years) with 95% bands.

    samples: yearly amounts by name of curve. Curves end where fewer than ten rows lie beyond:
    further out their error is not to be trusted.
    """
    last = max(2.0, manifest.years / ENOUGH_BEYOND)
    periods = np.geomspace(1.05, last, _POINTS).tolist()
    curves = {name: curve(sample, periods) for name, sample in samples.items()}
    largest = max(point.value for one in curves.values() for point in one.points)
    divisor, name = unit(largest, currency, language)
    words = {"zh": f"{title['zh']}：超越概率曲线", "en": f"{title['en']}: exceedance curves"}
    axes = new_axes(readable(words, language), note(manifest, language))
    for colour, (key, one) in zip(_COLOURS, curves.items(), strict=False):
        label = readable(_NAMES.get(key, {"zh": key, "en": key}), language)
        values, low, high = _lines(one, divisor)
        axes.plot(one.return_periods, values, color=colour, linewidth=1.8, label=label)
        axes.fill_between(one.return_periods, low, high, color=colour, alpha=0.2, linewidth=0)
    label_exceedance(axes, (1.05, last), name, language)
    return png(axes)


def label_exceedance(
    axes: Axes, periods: tuple[float, float], name: str, language: Language
) -> None:
    """Say what the axes and the bands of exceedance curves are.

    periods  the first and the last return period, years;  name  of the unit of amounts
    """
    count_along(axes, *periods)
    axes.set_ylim(bottom=0.0)
    across = {"zh": "重现期（年，对数轴）", "en": "return period (years, log axis)"}
    axes.set_xlabel(readable(across, language))
    axes.set_ylabel(readable({"zh": f"赔付（{name}）", "en": f"claims ({name})"}, language))
    legend = {"zh": "色带为 95% 区间", "en": "bands: 95% interval"}
    axes.legend(title=readable(legend, language), fontsize=9, title_fontsize=8, loc="upper left")


def _lines(one: Curve, divisor: float) -> tuple[list[float], list[float], list[float]]:
    """Give value, low and high of each point; a side that is not bounded leaves a gap."""
    bounds = [(point.value, point.low, point.high) for point in one.points]
    finite = [[x / divisor if np.isfinite(x) else np.nan for x in row] for row in bounds]
    return [row[0] for row in finite], [row[1] for row in finite], [row[2] for row in finite]
