"""convergence.png: how the mean loss ratio settles as rows are added."""

from collections.abc import Mapping

import numpy as np
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray

from sandbox.measures import Mean, Sample, estimated
from sandbox.measures.measured import Z95
from sandbox.results.manifest import Manifest
from sandbox.results.plots.canvas import (
    BLUE,
    ORANGE,
    Language,
    count_along,
    new_axes,
    png,
    readable,
)
from sandbox.results.plots.note import note

_POINTS = 200
_FIRST = 20


def convergence_png(
    sample: Sample, manifest: Manifest, language: Language, title: Mapping[str, str]
) -> bytes:
    """Give the mean of the first k rows over k (log axis) with its 95% band.

    The mean of a ratio is sum over sum, its error by the delta method, as in `Mean`. Rows that were
    drawn together are added by whole replicates, whose error falls with the root of their number.
    """
    n = len(sample.values)
    rows = np.unique(np.geomspace(min(_FIRST, n), n, _POINTS).astype(np.int64))
    alike = sample.replicate
    if alike > 1:
        rows = np.unique(-(-rows // alike) * alike)
    running, error = _running(sample, rows)
    final = estimated(Mean(), sample)
    if alike > 1:
        error = final.error * np.sqrt(n / rows)
    words = {
        "zh": f"{title['zh']}：平均赔付率的收敛",
        "en": f"{title['en']}: convergence of the mean",
    }
    axes = new_axes(readable(words, language), note(manifest, language))
    band = {"zh": "95% 区间", "en": "95% interval"}
    mean = {"zh": "前 k 行的均值", "en": "mean of the first k rows"}
    low, high = running - Z95 * error, running + Z95 * error
    axes.fill_between(
        rows, low, high, color=BLUE, alpha=0.2, linewidth=0, label=readable(band, language)
    )
    axes.plot(rows, running, color=BLUE, linewidth=1.6, label=readable(mean, language))
    relative = f"{final.error / final.value:.2%}" if final.value else "—"
    doubt = {"zh": "", "en": ""} if final.trusted else {"zh": "，不可信", "en": ", not trusted"}
    label = {
        "zh": f"全部：{final.value:.2%} ± {final.error:.3%}（相对误差 {relative}{doubt['zh']}）",
        "en": f"all: {final.value:.2%} ± {final.error:.3%} "
        f"(relative error {relative}{doubt['en']})",
    }
    axes.axhline(final.value, color=ORANGE, linewidth=1.2, label=readable(label, language))
    count_along(axes, float(rows[0]), float(max(rows[-1], rows[0] + 1)))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    across = {"zh": "模拟行数 k（对数轴）", "en": "simulated rows k (log axis)"}
    axes.set_xlabel(readable(across, language))
    axes.set_ylabel(readable({"zh": "赔付 / 保费", "en": "claims / premium"}, language))
    axes.legend(fontsize=9, loc="upper right")
    return png(axes)


def _running(
    sample: Sample, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give mean and standard error of the first rows[i] rows, from running sums of moments."""
    top = sample.values if sample.top is None else sample.top
    bottom = np.ones(len(top)) if sample.bottom is None else sample.bottom
    scale = float(np.max(np.abs(top))) or 1.0
    top, bottom = top / scale, bottom / scale
    sums = [
        np.cumsum(product)[rows - 1]
        for product in (top, bottom, top * top, top * bottom, bottom * bottom)
    ]
    mean = sums[0] / sums[1]
    squares = sums[2] - 2.0 * mean * sums[3] + mean * mean * sums[4]
    error = np.sqrt(np.maximum(squares, 0.0) * rows / np.maximum(rows - 1, 1)) / sums[1]
    return mean, error
