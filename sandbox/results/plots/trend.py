"""NAME.png: frequency, severity and pure premium by year with their log-linear lines."""

from matplotlib.ticker import FuncFormatter

from rating.trend import Trends
from sandbox.results.plots.canvas import (
    BLUE,
    GREEN,
    ORANGE,
    Language,
    new_axes,
    png,
    readable,
)

_WORDS = {
    "year": {"zh": "年度", "en": "year"},
    "index": {"zh": "首年趋势线 = 100", "en": "first year on the line = 100"},
    "frequency": {"zh": "频率", "en": "frequency"},
    "severity": {"zh": "案均赔款", "en": "severity"},
    "pure_premium": {"zh": "纯保费", "en": "pure premium"},
}
COLOURS = {"frequency": BLUE, "severity": ORANGE, "pure_premium": GREEN}


def trend_png(found: Trends, language: Language) -> bytes:
    """Draw every measure as an index on a logarithmic axis, where a trend is a straight line."""
    axes = new_axes(readable(found.spec.title.both, language), found.spec.source)
    years = found.history.years
    for line in found.lines:
        unit, colour = 100.0 / line.fitted[0], COLOURS[line.name]
        label = f"{readable(_WORDS[line.name], language)} {line.trend:+.1%}"
        axes.semilogy(years, line.observed * unit, "o", color=colour, markersize=4)
        axes.semilogy(years, line.fitted * unit, "-", color=colour, label=label)
    plain = FuncFormatter(lambda value, _: f"{value:g}")
    axes.yaxis.set_major_formatter(plain)
    axes.yaxis.set_minor_formatter(plain)
    axes.set_xticks(years)
    axes.set_xlabel(readable(_WORDS["year"], language))
    axes.set_ylabel(readable(_WORDS["index"], language))
    axes.legend(frameon=False, fontsize=8)
    return png(axes)
