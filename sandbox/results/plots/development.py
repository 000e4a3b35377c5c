"""NAME.png: claims of each year by age, as known and as projected."""

import numpy as np
from matplotlib.ticker import FuncFormatter

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

APART = 0.035
"""By how much of the ages the ends of two years stand apart."""
MOST_TICKS = 15
_WORDS = {
    "age": {"zh": "进展年", "en": "age in years"},
    "claims": {"zh": "累计赔款", "en": "cumulative claims"},
    "known": {"zh": "已知", "en": "known"},
    "projected": {"zh": "预测", "en": "projected by the factors"},
    "ultimate": {"zh": "最终赔款及一倍标准误", "en": "in the end, one standard error"},
}


def development_png(found: Development, language: Language) -> bytes:
    """Draw every year: what is known, how the factors go on, what it comes to."""
    axes = new_axes(readable(found.spec.title.both, language), found.spec.source)
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
        place, error = ages + APART * ages * (row + 1), float(np.nan_to_num(errors[row]))
        axes.errorbar(
            [place], [found.ultimate[row]], yerr=[error],
            fmt="s", color=ORANGE, markersize=3, linewidth=0.8,
            label=words["ultimate"] if first else None,
        )  # fmt: skip
        axes.annotate(
            str(year), (place, found.ultimate[row] + error), (0, 3), textcoords="offset points",
            fontsize=6, color=GREY, ha="center", va="bottom", rotation=90,
        )  # fmt: skip
    axes.set_xticks(range(1, ages + 1, 1 + ages // MOST_TICKS))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    axes.margins(y=0.12)
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel(words["age"])
    axes.set_ylabel(words["claims"])
    axes.legend(frameon=False, fontsize=8)
    return png(axes)
