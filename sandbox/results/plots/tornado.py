"""tornado.png: what each assumption, moved down and up, does to the NPV of a policy sold."""

from collections.abc import Mapping

from sandbox.profit.sensitivity import ProfitTable
from sandbox.results.plots.canvas import (
    BLUE,
    GREY,
    ORANGE,
    Language,
    new_axes,
    png,
    readable,
)

NAMES: Mapping[str, Mapping[str, str]] = {
    "mortality": {"zh": "死亡率", "en": "mortality"},
    "incidence": {"zh": "发生率", "en": "incidence"},
    "recovery": {"zh": "康复率", "en": "recovery"},
    "lapse": {"zh": "退保率", "en": "lapse"},
    "expenses": {"zh": "费用", "en": "expenses"},
    "interest": {"zh": "利率", "en": "interest"},
}


def tornado_png(
    table: ProfitTable, language: Language, title: Mapping[str, str], currency: str
) -> bytes:
    """Draw the sensitivities, the widest on top, around the NPV of the best estimate."""
    npv = table.base.test.npv
    words = {
        "zh": f"{title['zh']}：每张保单净现值的敏感性",
        "en": f"{title['en']}: what moves the NPV of a policy sold",
    }
    note = f"NPV {npv:,.2f} {currency}, {table.risk_discount:.2%}"
    axes = new_axes(readable(words, language), note)
    rows = list(reversed(table.moved))
    for place, one in enumerate(rows):
        for value, colour, word in (
            (one.npv_low, BLUE, one.low),
            (one.npv_high, ORANGE, one.high),
        ):
            axes.barh(place, value - npv, left=npv, color=colour, height=0.6)
            side = "left" if value >= npv else "right"
            axes.annotate(
                word, (value, place), ha=side, va="center", fontsize=8, xytext=(0, 0),
                textcoords="offset points",
            )  # fmt: skip
    axes.axvline(npv, color=GREY, linewidth=1.2)
    axes.set_yticks(range(len(rows)), [readable(NAMES[one.name], language) for one in rows])
    axes.set_xlabel(f"NPV ({currency})")
    return png(axes)
