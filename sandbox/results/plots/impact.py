"""The pictures of a change of tariff: its sizes, what each change brings, and its segments."""

from collections.abc import Sequence

from matplotlib.ticker import FuncFormatter

from rating.impact.result import Band, Impact, Segment, Step
from rating.impact.told import rises
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

MOST_STEPS = 24
"""Changes that are drawn one by one, those that move most; the others stand together."""
MOST_LEVELS = 40
LONG = 44
_WORDS = {
    "count": {"zh": "按变动幅度的保单数", "en": "Policies by change of premium"},
    "money": {"zh": "按变动幅度的原保费", "en": "Premium before, by change of premium"},
    "policies": {"zh": "保单数", "en": "policies"},
    "premium": {"zh": "原保费（{unit}）", "en": "premium before ({unit})"},
    "no change": {"zh": "不变", "en": "no change"},
    "below": {"zh": "低于 {end}", "en": "below {end}"},
    "above": {"zh": "高于 {end}", "en": "above {end}"},
    "from 0": {"zh": "原为零", "en": "from 0"},
    "steps": {"zh": "各项改动依次的影响", "en": "What each change moves, one after another"},
    "moves": {"zh": "年保费变动（{unit}）", "en": "change of premium a year ({unit})"},
    "others": {"zh": "其余 {count} 项", "en": "{count} others"},
    "together": {"zh": "合计", "en": "together"},
    "segment": {"zh": "按 {name} 的保费变动", "en": "Change of premium by {name}"},
    "share": {"zh": "保费变动", "en": "change of premium"},
    "rated": {"zh": "份保单新旧均可计费", "en": "policies rated by both"},
}


def note(found: Impact, language: Language) -> str:
    """Give the small print: both sides, the book, and how many policies both rate."""
    sides = " → ".join(f"{one.product} {one.version}" for one in (found.old, found.new))
    count = f"{found.rows.both:,} {readable(_WORDS['rated'], language)}"
    return f"{sides} · {found.book} · {count}"


def band_label(band: Band, language: Language) -> str:
    """Name a band."""
    if band.label in ("no change", "from 0"):
        return readable(_WORDS[band.label], language)
    for word in ("below", "above"):
        if band.label.startswith(word):
            return readable(_WORDS[word], language).format(end=band.label.split(" ")[1])
    return band.label.replace(" to ", " … ")


def sizes_png(found: Impact, language: Language, *, money: bool) -> bytes:
    """Draw how premiums change, as a histogram of policies or of their premium before."""
    axes = new_axes(
        readable(_WORDS["money" if money else "count"], language), note(found, language)
    )
    largest = max((band.old for band in found.bands), default=0.0)
    divisor, name = unit(largest, found.currency, language)
    heights = [band.old / divisor if money else float(band.policies) for band in found.bands]
    colours = [_colour(band) for band in found.bands]
    places = range(len(found.bands))
    axes.bar(places, heights, color=colours, width=0.9)
    labels = [band_label(band, language) for band in found.bands]
    axes.set_xticks(places, labels, rotation=60, ha="right", fontsize=7.5)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    word = readable(_WORDS["premium" if money else "policies"], language)
    axes.set_ylabel(word.format(unit=name))
    axes.grid(visible=False, axis="x")
    return png(axes)


def _colour(band: Band) -> str:
    if (band.above, band.upto) == (0.0, 0.0):
        return GREY
    return ORANGE if rises(band) else GREEN


def steps_png(found: Impact, language: Language) -> bytes:
    """Draw the changes from top to bottom, each from where the one before it ended."""
    axes = new_axes(readable(_WORDS["steps"], language), note(found, language))
    rows = _drawn(found.steps, language)
    largest = max(abs(amount) for _, amount in [*rows, ("", found.premium.change)])
    divisor, name = unit(largest, found.currency, language)
    rows.append((readable(_WORDS["together"], language), found.premium.change))
    start = 0.0
    for place, (_, amount) in enumerate(rows):
        last = place == len(rows) - 1
        left = 0.0 if last else start
        colour = BLUE if last else ORANGE if amount > 0 else GREEN
        axes.barh(place, amount / divisor, left=left / divisor, color=colour, height=0.6)
        end = max(left, left + amount) / divisor
        axes.annotate(
            f"{amount:+,.2f}", (end, place), va="center", fontsize=7.5, xytext=(3, 0),
            textcoords="offset points",
        )  # fmt: skip
        start += amount
    axes.axvline(0.0, color=GREY, linewidth=1.0)
    axes.set_yticks(range(len(rows)), [_short(label) for label, _ in rows], fontsize=8)
    axes.invert_yaxis()
    axes.use_sticky_edges = False  # the figures beside the bars need room
    axes.margins(x=0.18, y=0.02)
    axes.set_xlabel(readable(_WORDS["moves"], language).format(unit=name))
    return png(axes)


def _drawn(steps: Sequence[Step], language: Language) -> list[tuple[str, float]]:
    """Give what is drawn: in order, those that move least in one row where they are many."""
    shown = sorted(range(len(steps)), key=lambda place: -abs(steps[place].amount))[:MOST_STEPS]
    rows = [(" + ".join(steps[place].parts), steps[place].amount) for place in sorted(shown)]
    others = [step.amount for place, step in enumerate(steps) if place not in shown]
    if others:
        label = readable(_WORDS["others"], language).format(count=len(others))
        rows.append((label, sum(others)))
    return rows


def segment_png(found: Impact, segment: Segment, language: Language) -> bytes:
    """Draw the change of each level of a variable, with the number of its policies."""
    title = readable(_WORDS["segment"], language).format(name=segment.variable)
    axes = new_axes(title, note(found, language))
    levels = segment.levels[:MOST_LEVELS]
    shares = [(level.ratio or 0.0) * 100 for level in levels]
    colours = [ORANGE if share > 0 else GREEN for share in shares]
    axes.barh(range(len(levels)), shares, color=colours, height=0.7)
    for place, (level, share) in enumerate(zip(levels, shares, strict=True)):
        axes.annotate(
            f"{level.policies:,}", (max(share, 0.0), place), va="center", fontsize=7, color=GREY,
            xytext=(3, 0), textcoords="offset points",
        )  # fmt: skip
    axes.axvline(0.0, color=GREY, linewidth=1.0)
    size = 8 if len(levels) <= MOST_STEPS else 6
    axes.set_yticks(range(len(levels)), [_short(level.level) for level in levels], fontsize=size)
    axes.invert_yaxis()
    axes.use_sticky_edges = False
    axes.margins(x=0.12, y=0.02)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+.3g}%"))
    axes.set_xlabel(readable(_WORDS["share"], language))
    return png(axes)


def _short(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"
