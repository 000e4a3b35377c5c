"""NAME.png: the mean of losses up to a limit, as seen and with the load above the threshold."""

import numpy as np

from rating.large_losses import Load
from rating.large_losses.load import mean_excess
from sandbox.results.plots.canvas import (
    BLUE,
    GREY,
    ORANGE,
    Language,
    new_axes,
    png,
    readable,
)

LINE = 200
_WORDS = {
    "limit": {"zh": "限额", "en": "limit"},
    "mean": {"zh": "限额内的平均损失", "en": "mean loss up to the limit"},
    "seen": {"zh": "实际", "en": "observed"},
    "load": {"zh": "加大额赔案附加", "en": "with the load"},
    "threshold": {"zh": "阈值", "en": "threshold"},
}


def large_losses_png(found: Load, language: Language) -> bytes:
    """Draw the limited mean: that of the data, and beyond the threshold that of the tail."""
    axes = new_axes(readable(found.spec.title.both, language), found.spec.source)
    amounts, threshold = found.losses.amounts, found.spec.threshold
    places = np.geomspace(float(amounts.min()), 2.0 * float(amounts.max()), LINE)
    seen = np.array([np.minimum(amounts, place).mean() for place in places.tolist()])
    axes.semilogx(places, seen, color=GREY, label=readable(_WORDS["seen"], language))
    if found.tail is not None:
        beyond = places[places > threshold]
        chance = found.above / amounts.size
        mean = [
            found.capped + chance * mean_excess(found.tail.shape, found.tail.scale, x - threshold)
            for x in np.minimum(beyond, found.most).tolist()
        ]
        axes.plot(beyond, mean, color=BLUE, label=readable(_WORDS["load"], language))
    else:
        axes.axhline(found.mean, color=BLUE, label=readable(_WORDS["load"], language))
    axes.axvline(
        threshold, color=ORANGE, linestyle=":", label=readable(_WORDS["threshold"], language)
    )
    axes.set_xlabel(readable(_WORDS["limit"], language))
    axes.set_ylabel(readable(_WORDS["mean"], language))
    axes.legend(frameon=False, fontsize=8)
    return png(axes)
