"""NAME.png: the exposure curves of damage ratios: observed, fitted, published."""

import numpy as np

from rating.exposure.curves import CURVES
from rating.exposure.fit import ExposureFit
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
    "share": {"zh": "占保险金额的比例", "en": "share of the sum insured"},
    "cost": {"zh": "以下部分占成本的比例", "en": "share of the cost below it"},
    "observed": {"zh": "实际", "en": "observed"},
    "published": {"zh": "已发表的曲线，按 c", "en": "published, by c"},
}
DASHES = ("--", ":")
"""Of the fitted curves that are not filed."""


def exposure_png(found: ExposureFit, language: Language) -> bytes:
    """Draw the curves, the published ones thinly."""
    axes = new_axes(readable(found.spec.title.both, language), found.spec.source)
    shares = np.array(found.shares)
    dashes = iter(DASHES)
    middle = shares.size // 2  # where published curves lie well apart
    for name in found.curves:
        curve = np.array([found.at(name, share) for share in shares.tolist()])
        if name in CURVES:
            label = None if name != next(iter(CURVES)) else readable(_WORDS["published"], language)
            axes.plot(shares, curve, color=GREY, linewidth=0.6, label=label, zorder=1)
            axes.text(
                shares[middle], curve[middle], f"{CURVES[name]:g}", fontsize=7, color=GREY,
                ha="center", va="center", bbox={"facecolor": "white", "linewidth": 0, "pad": 0.5},
            )  # fmt: skip
        elif name == "observed":
            word = readable(_WORDS["observed"], language)
            axes.plot(shares, curve, color=ORANGE, linewidth=1.8, label=word)
        elif name == found.chosen:
            axes.plot(shares, curve, color=BLUE, linewidth=1.8, label=name)
        else:
            axes.plot(shares, curve, next(dashes), color=GREEN, linewidth=1.2, label=name)
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.0)
    axes.set_xlabel(readable(_WORDS["share"], language))
    axes.set_ylabel(readable(_WORDS["cost"], language))
    axes.legend(frameon=False, fontsize=8, loc="lower right")
    return png(axes)
