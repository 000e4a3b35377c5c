"""What all plots share: canvas, fonts that have the glyphs, words, units, colours.

Only matplotlib's object interface is used: no pyplot, no rcParams, so that plots drawn in
threads, or inside somebody's notebook, cannot disturb one another.
"""

import io
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Literal, TypeAlias

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findSystemFonts, fontManager
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

Language: TypeAlias = Literal["zh", "en"]

BLUE, ORANGE, GREEN, GREY = "#1f5a96", "#d1661b", "#2e7d4f", "#666666"

_LATIN = "DejaVu Sans"  # ships with matplotlib
_CHINESE = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "SimHei",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Noto Sans CJK JP",
)
_SIZE = (8.0, 4.8)
_DPI = 150


def chinese_font() -> str | None:
    """Give the family name of an installed font with Chinese glyphs, or nothing.

    matplotlib keeps a list of fonts from its first run; for those installed since one looks once.
    """
    return _known() or _installed_since()


def _known() -> str | None:
    installed = {entry.name for entry in fontManager.ttflist}
    return next((name for name in _CHINESE if name in installed), None)


@cache
def _installed_since() -> str | None:
    known = {entry.fname for entry in fontManager.ttflist}
    for path in sorted({*findSystemFonts()} - known):
        try:
            fontManager.addfont(path)
        except (OSError, RuntimeError):  # a file that is no font, or of a kind that is not read
            continue
    return _known()


def missing_font(language: Language) -> list[str]:
    """Say what to do where Chinese was asked for and no font can show it, else nothing."""
    if language != "zh" or chinese_font():
        return []
    return [
        "no Chinese font was found, so the picture is in English; install one, such as",
        f"{_CHINESE[0]} (Debian, Ubuntu: apt install fonts-noto-cjk), and draw it again",
    ]


def readable(texts: Mapping[str, str], language: Language) -> str:
    """Give the text in this language, or in English where no font could show the Chinese."""
    shown = "zh" if language == "zh" and chinese_font() else "en"
    return texts[shown]


def new_axes(title: str, note: str) -> Axes:
    """Give the axes of an empty figure with a title, and a note in small print below it."""
    figure = Figure(figsize=_SIZE, dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=12, fontweight="bold", pad=10)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(visible=True, color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    figure.supxlabel(note, x=0.01, ha="left", fontsize=7.5, color=GREY)
    return axes


def small_title(axes: Axes) -> None:
    """Make the title smaller, where it says much."""
    axes.set_title(axes.get_title(loc="left"), loc="left", fontsize=9.5, fontweight="bold", pad=10)


def count_along(axes: Axes, first: float, last: float) -> None:
    """Make x a log axis from first to last, in counts of 1, 2, 5 times a power of ten."""
    axes.set_xscale("log")
    axes.set_xlim(first, last)
    ticks = [digit * 10.0**power for power in range(9) for digit in (1, 2, 5)]
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in ticks if first <= tick <= last]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{count:,.0f}"))
    axes.xaxis.set_minor_locator(NullLocator())


def png(axes: Axes) -> bytes:
    """Give the figure as PNG; see `picture`."""
    return picture(axes, "png")


def picture(axes: Axes, form: str) -> bytes:
    """Give the figure as png or svg, without a time or a version in it.

    Texts take the Latin font and, glyph by glyph, the Chinese one; ticks, made only when drawn,
    are figures and need no other font than the default.
    """
    figure = axes.get_figure(root=True)
    if figure is None:
        msg = "axes without a figure cannot be drawn"
        raise ValueError(msg)
    chinese = chinese_font()
    families = [_LATIN, chinese] if chinese else [_LATIN]
    for text in figure.findobj(Text):
        if isinstance(text, Text):
            text.set_fontfamily(families)
    out = io.BytesIO()
    if form == "png":
        figure.savefig(out, format="png", metadata={"Software": None})
    else:
        # without a salt the names of shapes in the file are drawn at random
        with rc_context({"svg.hashsalt": "covercast"}):
            figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


_UNITS: Mapping[str, tuple[tuple[float, str], ...]] = MappingProxyType(
    {
        "zh": ((1e8, "亿"), (1e4, "万"), (1.0, "")),
        "en": ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"), (1.0, "")),
    }
)


def unit(largest: float, currency: str, language: Language) -> tuple[float, str]:
    """Give the divisor and the name of the unit in which an amount of this size reads well."""
    shown: Language = "zh" if language == "zh" and chinese_font() else "en"
    divisor, word = next(
        (pair for pair in _UNITS[shown] if abs(largest) >= pair[0]), _UNITS[shown][-1]
    )
    name = "元" if shown == "zh" and currency == "CNY" else currency
    return divisor, f"{word}{name}" if shown == "zh" else f"{currency} {word}".strip()
