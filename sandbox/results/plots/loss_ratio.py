"""loss_ratio.png: the distribution of claims over premium, with its mean and its tail."""

from collections.abc import Mapping

import numpy as np
from matplotlib.ticker import PercentFormatter

from sandbox.measures import (
    Mean,
    Measured,
    Sample,
    TailValueAtRisk,
    ValueAtRisk,
    estimated,
)
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

_BINS = 60
_SHOWN = 0.999


def loss_ratio_png(
    sample: Sample, manifest: Manifest, language: Language, title: Mapping[str, str]
) -> bytes:
    """Give the histogram of a loss ratio: share of rows by ratio.

    Marked are the mean, VaR 99.5% and TVaR 99%, with 95% intervals as bands where trusted. The axis
    ends at the largest of the marks and the 99.9% quantile; how many rows lie beyond is said.
    """
    marks = (
        (GREEN, readable({"zh": "均值", "en": "Mean"}, language), estimated(Mean(), sample)),
        (ORANGE, "VaR 99.5%", estimated(ValueAtRisk(level=0.995), sample)),
        (GREY, "TVaR 99%", estimated(TailValueAtRisk(level=0.99), sample)),
    )
    ascending = np.sort(sample.values)
    reach = float(ascending[min(len(ascending) - 1, int(_SHOWN * len(ascending)))])
    right = 1.05 * max(reach, *(_right(measured) for _, _, measured in marks))
    least = float(ascending[0])
    # from 0, unless that would squeeze all rows into a corner
    left = min(0.0, least) if least < right / 2 else least - 0.8 * (right - least)
    counts, edges = np.histogram(ascending, bins=_BINS, range=(left, right or 1.0))
    beyond = len(ascending) - int(counts.sum())
    words = {
        "zh": f"{title['zh']}：赔付率分布",
        "en": f"{title['en']}: distribution of claims over premium",
    }
    axes = new_axes(readable(words, language), note(manifest, language))
    axes.stairs(counts / len(ascending), edges, fill=True, color=BLUE, alpha=0.75)
    for colour, name, measured in marks:
        label = f"{name}  {measured.value:.1%} {_error(measured, language)}"
        axes.axvline(measured.value, color=colour, linewidth=1.8, label=label)
        if measured.trusted:
            axes.axvspan(measured.low, measured.high, color=colour, alpha=0.18, linewidth=0)
    axes.set_xlim(left, right or 1.0)
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    rows = {"annual": ("年", "years"), "cohort": ("次全期模拟", "run-offs")}[manifest.kind]
    present = manifest.kind == "cohort"
    across = {
        "zh": ("赔付现值 / 保费现值" if present else "赔付 / 保费")
        + (f"（另有 {beyond} {rows[0]}在图外）" if beyond else ""),
        "en": ("PV claims / PV premium" if present else "claims / premium")
        + (f" ({beyond} {rows[1]} beyond the axis)" if beyond else ""),
    }
    axes.set_xlabel(readable(across, language))
    up = {"zh": "占全部模拟的比例", "en": f"share of simulated {rows[1]}"}
    axes.set_ylabel(readable(up, language))
    legend = {"zh": "± 标准误；色带为 95% 区间", "en": "± standard error; bands: 95% interval"}
    axes.legend(title=readable(legend, language), fontsize=9, title_fontsize=8, loc="best")
    return png(axes)


def _right(measured: Measured) -> float:
    """Give the right end of what is drawn of a mark: a band only where it is trusted."""
    return measured.high if measured.trusted else measured.value


def _error(measured: Measured, language: Language) -> str:
    """Give the standard error, or that the rows support none."""
    doubt = {"zh": "（误差不可信）", "en": "(error not to be trusted)"}
    return f"± {measured.error:.2%}" if measured.trusted else readable(doubt, language)
