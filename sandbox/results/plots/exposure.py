"""NAME.png: the exposure curves of damage ratios: observed, fitted, published."""

import numpy as np

from rating.exposure.curves import CURVES
from rating.exposure.fit import ExposureFit
from sandbox.results.plots.canvas import BLUE, GREY, ORANGE, Language, new_axes, png, readable

_WORDS = {
    "share": {"zh": "占保险金额的比例", "en": "share of the sum insured"},
    "cost": {"zh": "以下部分占成本的比例", "en": "share of the cost below it"},
    "observed": {"zh": "实际", "en": "observed"},
}


def exposure_png(found: ExposureFit, language: Language) -> bytes:
    """Draw the curves, the published ones thinly."""
    title = {"zh": found.spec.title.zh, "en": found.spec.title.en}
    axes = new_axes(readable(title, language), found.spec.source)
    shares = np.array(found.shares)
    for name in found.curves:
        curve = np.array([found.at(name, share) for share in shares.tolist()])
        if name in CURVES:
            axes.plot(shares, curve, color=GREY, linewidth=0.6)
            axes.annotate(f"{CURVES[name]:g}", (shares[1], curve[1]), fontsize=7, color=GREY)
        else:
            observed = name == "observed"
            axes.plot(
                shares,
                curve,
                color=ORANGE if observed else (BLUE if name == found.chosen else None),
                linewidth=1.8 if observed or name == found.chosen else 1.0,
                label=readable(_WORDS["observed"], language) if observed else name,
            )
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.0)
    axes.set_xlabel(readable(_WORDS["share"], language))
    axes.set_ylabel(readable(_WORDS["cost"], language))
    axes.legend(frameon=False, fontsize=8, loc="lower right")
    return png(axes)
