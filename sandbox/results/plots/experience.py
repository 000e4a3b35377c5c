"""NAME.png: crude rates with exact intervals, the graduated curve, the standard, what is filed."""

import numpy as np
from matplotlib.ticker import MaxNLocator, PercentFormatter
from scipy.stats import chi2

from rating.experience.result import LEVEL, Result
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

_WORDS = {
    "crude": {"zh": "粗率与 95% 精确区间", "en": "crude rate, exact 95% interval"},
    "own": {"zh": "修匀率", "en": "graduated rate"},
    "band": {"zh": "修匀的 95% 区间", "en": "95% interval of the graduation"},
    "rate": {"zh": "采用率", "en": "filed rate"},
    "standard": {"zh": "标准表", "en": "standard table"},
    "policy_year": {"zh": "保单年度", "en": "policy year"},
    "attained_age": {"zh": "到达年龄", "en": "attained age"},
}


def experience_png(result: Result, number: int, language: Language) -> bytes:
    """Give the picture of one group of a study."""
    group = result.groups[number]
    title = result.study.title.both
    named = ", ".join(f"{n} {w}" for n, w in zip(result.study.by, group.words, strict=True))
    heading = readable(title, language) + (f": {named}" if named else "")
    note = f"{result.study.source}; {group.events.sum():,.0f} / {group.exposure.sum():,.1f}"
    axes = new_axes(heading, note)
    place = np.array(list(result.places), dtype=np.float64)
    lived = group.exposure > 0.0
    exposure, events = group.exposure[lived], group.events[lived]
    low = np.where(events > 0, chi2.ppf(0.5 - LEVEL / 2, 2 * np.maximum(events, 1)), 0.0)
    high = chi2.ppf(0.5 + LEVEL / 2, 2 * events + 2)
    crude = group.crude[lived]
    bars = np.stack(
        [crude + np.expm1(-0.5 * low / exposure), -np.expm1(-0.5 * high / exposure) - crude]
    )
    axes.errorbar(
        place[lived],
        crude,
        yerr=np.maximum(bars, 0.0),
        fmt="o",
        markersize=3.5,
        color=GREY,
        elinewidth=0.8,
        label=readable(_WORDS["crude"], language),
    )
    if group.graduated is not None:
        axes.fill_between(
            place,
            group.low,
            group.high,
            color=BLUE,
            alpha=0.2,
            linewidth=0,
            label=readable(_WORDS["band"], language),
        )
        axes.plot(
            place, group.own, color=BLUE, linewidth=1.6, label=readable(_WORDS["own"], language)
        )
    if group.standard is not None:
        axes.plot(
            place,
            group.standard,
            color=ORANGE,
            linewidth=1.2,
            linestyle="--",
            label=readable(_WORDS["standard"], language),
        )
        axes.plot(
            place, group.rate, color=GREEN, linewidth=1.6, label=readable(_WORDS["rate"], language)
        )
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel(readable(_WORDS[result.study.axis.name], language))
    axes.legend(frameon=False, fontsize=8)
    return png(axes)
