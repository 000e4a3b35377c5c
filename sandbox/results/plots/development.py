"""NAME.png: claims of each year by age, as known and as projected."""

import numpy as np

from rating.development import Development
from sandbox.results.plots.canvas import (
    BLUE,
    GREY,
    ORANGE,
    Language,
    new_axes,
    png,
    readable,
)

_WORDS = {
    "age": {"zh": "进展年", "en": "age in years"},
    "claims": {"zh": "累计赔款", "en": "cumulative claims"},
    "known": {"zh": "已知", "en": "known"},
    "projected": {"zh": "预测", "en": "projected by the factors"},
    "ultimate": {"zh": "最终赔款及一倍标准误", "en": "in the end, one standard error"},
}


def development_png(found: Development, language: Language) -> bytes:
    """Draw every year: what is known, how the factors go on, what it comes to."""
    title = {"zh": found.spec.title.zh, "en": found.spec.title.en}
    axes = new_axes(readable(title, language), found.spec.source)
    triangle, factors = found.triangle, found.factors
    ages = triangle.cumulative.shape[1]
    by_ladder = found.expected is None
    errors = found.chain_ladder.errors if by_ladder else np.zeros(triangle.origins.size)
    words = {key: readable(texts, language) for key, texts in _WORDS.items()}
    for row, year in enumerate(triangle.origins.tolist()):
        upto = int(triangle.known[row])
        own = triangle.cumulative[row, :upto]
        first = row == 0
        axes.plot(
            np.arange(1, upto + 1), own, "-o", color=BLUE, markersize=3, linewidth=1.0,
            label=words["known"] if first else None,
        )  # fmt: skip
        ahead = own[-1] * np.cumprod(np.concatenate([[1.0], factors.factor[upto - 1 : ages - 1]]))
        axes.plot(
            np.arange(upto, ages + 1), ahead, ":", color=GREY, linewidth=1.0,
            label=words["projected"] if first else None,
        )  # fmt: skip
        axes.errorbar(
            [ages + 0.5], [found.ultimate[row]], yerr=[np.nan_to_num(errors[row])],
            fmt="s", color=ORANGE, markersize=3, linewidth=0.8,
            label=words["ultimate"] if first else None,
        )  # fmt: skip
        axes.text(ages + 0.62, found.ultimate[row], str(year), fontsize=6, color=GREY, va="center")
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel(words["age"])
    axes.set_ylabel(words["claims"])
    axes.legend(frameon=False, fontsize=8)
    return png(axes)
