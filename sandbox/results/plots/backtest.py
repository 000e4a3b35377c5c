"""The places of what happened in its predictive distribution, as a histogram."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from matplotlib.ticker import PercentFormatter
from scipy.stats import binom

from sandbox.backtest.judge import Backtest
from sandbox.backtest.words import SUBJECTS
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

COLOURS = {"frequency": BLUE, "severity": GREEN, "total": ORANGE}
BINS = 10
CHANCE = 0.95


def pit_png(
    done: Backtest, manifest: Manifest, language: Language, title: Mapping[str, str]
) -> bytes:
    """Draw the places of each subject's lines together; even ones would fill every bin alike."""
    small = note(replace(manifest, basis=done.wanted.run.basis), language)
    words = {
        "zh": f"{title['zh']}：实际结果在预测分布中的位置（PIT）",
        "en": f"{title['en']}: where what happened lies in its prediction (PIT)",
    }
    axes = new_axes(readable(words, language), small)
    subjects = [one for one in COLOURS if any(c.subject == one for c in done.calibrations)]
    wide = 1.0 / BINS / (len(subjects) + 1)
    edges = np.linspace(0.0, 1.0, BINS + 1)
    for place, subject in enumerate(subjects):
        pit = np.concatenate([one.pit for one in done.calibrations if one.subject == subject])
        share = np.histogram(pit, edges)[0] / pit.size
        left = edges[:-1] + wide * (place + 0.5)
        label = f"{readable(SUBJECTS[subject], language)} ({pit.size:,})"
        colour = COLOURS[subject]
        axes.bar(left, share, wide, align="edge", color=colour, alpha=0.75, label=label)
        low, high = binom.interval(CHANCE, pit.size, 1.0 / BINS)
        middle = left + wide / 2.0
        axes.vlines(middle, low / pit.size, high / pit.size, color=GREY, linewidth=1.0)
    even = {"zh": "假设正确时（线段：95%）", "en": "under the assumptions (bars: 95%)"}
    axes.axhline(1.0 / BINS, color=GREY, linewidth=1.4, label=readable(even, language))
    axes.set_xlim(0.0, 1.0)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    across = {"zh": "在预测分布中的位置", "en": "place in the predictive distribution"}
    axes.set_xlabel(readable(across, language))
    up = {"zh": "比例", "en": "share"}
    axes.set_ylabel(readable(up, language))
    axes.legend(fontsize=9, loc="best")
    return png(axes)
