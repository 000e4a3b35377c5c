"""tornado.png and sobol.png: what moves a simulated measure most."""

from collections.abc import Mapping, Sequence

import numpy as np

from sandbox.measures.measured import Z95
from sandbox.results.manifest import Manifest
from sandbox.results.plots.canvas import (
    BLUE,
    GREY,
    ORANGE,
    Language,
    new_axes,
    png,
    readable,
    small_title,
)
from sandbox.results.plots.note import note
from sandbox.sensitivity.sobol import Indices
from sandbox.sensitivity.told import value_said
from sandbox.sensitivity.tornado import Tornado
from sandbox.sensitivity.watched import Watched


def tornado_png(
    done: Tornado,
    watched: Watched,
    manifest: Manifest,
    language: Language,
    title: Mapping[str, str],
) -> bytes:
    """Draw how far each assumption moves the measure, the widest on top, with 95% intervals."""
    what = f"{watched.figure} {watched.measure.kind}"
    words = {"zh": f"{title['zh']}：{what} 的敏感性", "en": f"{title['en']}: what moves {what}"}
    axes = new_axes(readable(words, language), note(manifest, language))
    small_title(axes)
    base = done.base.value
    for place, one in enumerate(reversed(done.moved)):
        for value, moved, colour in ((one.low, one.down, BLUE), (one.high, one.up, ORANGE)):
            axes.barh(place, moved.value, left=base, color=colour, height=0.6, alpha=0.85)
            if np.isfinite(moved.error):
                axes.plot(
                    [base + moved.low, base + moved.high], [place] * 2, color=GREY, linewidth=1.2
                )
            up = moved.value >= 0.0
            end = moved.high if up else moved.low
            end = base + (end if np.isfinite(end) else moved.value)
            said = f" {value_said(one.assumption, value)} "
            side = "left" if up else "right"
            axes.annotate(said, (end, place), ha=side, va="center", fontsize=8)
    axes.axvline(base, color=GREY, linewidth=1.2)
    names = [one.assumption.name for one in reversed(done.moved)]
    axes.set_yticks(range(len(names)), names)
    axes.margins(x=0.12)
    axes.set_xlabel(what)
    return png(axes)


def sobol_png(
    done: Indices,
    names: Sequence[str],
    watched: Watched,
    manifest: Manifest,
    language: Language,
    title: Mapping[str, str],
) -> bytes:
    """Draw first-order and total indices side by side, with 95% intervals."""
    what = f"{watched.figure} {watched.measure.kind}"
    words = {
        "zh": f"{title['zh']}：{what} 方差的来源（Sobol 指数）",
        "en": f"{title['en']}: whose the variance of {what} is",
    }
    axes = new_axes(readable(words, language), note(manifest, language))
    small_title(axes)
    place = np.arange(len(names))
    first = {"zh": "单独", "en": "alone"}
    total = {"zh": "含交互", "en": "with the others"}
    for shift, values, errors, colour, label in (
        (-0.2, done.first, done.first_error, BLUE, readable(first, language)),
        (0.2, done.total, done.total_error, ORANGE, readable(total, language)),
    ):
        axes.bar(
            place + shift, values, 0.38, yerr=Z95 * errors, color=colour, label=label, capsize=3
        )
    axes.set_xticks(place, names)
    axes.set_ylabel(readable({"zh": "占方差的比例", "en": "share of the variance"}, language))
    axes.legend(fontsize=9, loc="best")
    return png(axes)
