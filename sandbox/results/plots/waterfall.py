"""waterfall.png: from gross claims, contract by contract, to what is kept and what that costs."""

from collections.abc import Mapping

from sandbox.measures.exact import exact_sum
from sandbox.reinsurance import Settlement
from sandbox.results.manifest import Manifest
from sandbox.results.plots.canvas import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    Language,
    new_axes,
    png,
    readable,
    unit,
)
from sandbox.results.plots.note import note

_WORDS: Mapping[str, Mapping[str, str]] = {
    "gross": {"zh": "再保前", "en": "gross"},
    "net": {"zh": "再保后", "en": "net"},
    "premium": {"zh": "再保费用", "en": "cost of cover"},
    "after": {"zh": "再保后及费用", "en": "net and cost"},
}
_MEANS: Mapping[str, Mapping[str, str]] = {
    "annual": {"zh": "年均", "en": "mean of a year"},
    "cohort": {"zh": "每次全期现值的均值", "en": "mean present value of a run-off"},
}
_LONG = 14
"""Letters of a contract's name that stand below its bar."""


def waterfall_png(
    settlement: Settlement,
    currency: str,
    manifest: Manifest,
    language: Language,
    title: Mapping[str, str],
) -> bytes:
    """Draw means of a year of the protected covers: gross, each recovery, net, and its cost.

    Of run-offs, means of their present values.
    """
    steps = _steps(settlement)
    divisor, name = unit(max(top for _, _, top, _ in steps), currency, language)
    of = _MEANS[manifest.kind]
    words = {
        "zh": f"{title['zh']}：受保责任从再保前到再保后（{of['zh']}）",
        "en": f"{title['en']}: protected covers, gross to net, {of['en']}",
    }
    axes = new_axes(readable(words, language), note(manifest, language))
    for place, (_, low, high, colour) in enumerate(steps):
        height = (high - low) / divisor
        axes.bar(place, height, bottom=low / divisor, color=colour, width=0.65)
        said = f"{(-height if colour == GREEN else height) + 0.0:,.3g}"  # never -0
        top = place, max(low, high) / divisor
        axes.annotate(
            said, top, ha="center", va="bottom", fontsize=8, xytext=(0, 2),
            textcoords="offset points",
        )  # fmt: skip
    labels = [readable(_WORDS.get(key, {"zh": key, "en": key}), language) for key, *_ in steps]
    short = [one if len(one) <= _LONG else f"{one[: _LONG - 1]}…" for one in labels]
    axes.set_xticks(range(len(steps)), short, fontsize=8, rotation=0 if len(steps) < 8 else 45)  # noqa: PLR2004 - side by side
    axes.set_ylabel(name)
    return png(axes)


def _steps(settlement: Settlement) -> list[tuple[str, float, float, str]]:
    """Give name, from, to and colour of each bar; no cost where the programme states none."""
    years = len(settlement.gross)
    gross, net = exact_sum(settlement.gross) / years, exact_sum(settlement.net) / years
    found = [("gross", 0.0, gross, BLUE)]
    left, cost = gross, 0.0
    for name, means in settlement.means().items():
        found.append((name, left - means["recovered"], left, GREEN))
        left -= means["recovered"]
        cost += means["premium"] + means["reinstatements"] - means["commission"]
    found.append(("net", 0.0, net, GREY))
    if cost:
        found += [("premium", net, net + cost, ORANGE), ("after", 0.0, net + cost, GREY)]
    return found
