"""Reverse stress: the measure against the size of a shock, or the frontier of two shocks."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from sandbox.results.manifest import Manifest
from sandbox.results.plots.canvas import (
    BLUE,
    GREY,
    ORANGE,
    Language,
    new_axes,
    png,
    readable,
    small_title,
)
from sandbox.results.plots.note import note
from sandbox.reverse.asked import Shock
from sandbox.reverse.find import Broken, Resolved, Reversed
from sandbox.reverse.told import is_share, limit_said, said, sized


def reverse_png(
    done: Reversed, manifest: Manifest, language: Language, title: Mapping[str, str]
) -> bytes:
    """Draw one place where the measure breaks, or many held against a second shock."""
    one = done.resolved
    until = limit_said(one)
    words = {
        "zh": f"{title['zh']}：冲击多大时 {until}",
        "en": f"{title['en']}: how far until {until}",
    }
    small = note(replace(manifest, basis=one.basis, scenario=one.asked.name), language)
    axes = new_axes(readable(words, language), small)
    small_title(axes)
    if one.asked.against is None:
        _curve(axes, one, done.places[0], language)
    else:
        _frontier(axes, done, one.asked.against.shock, language)
    axes.legend(fontsize=9, loc="best")
    return png(axes)


def _curve(axes: Axes, one: Resolved, place: Broken, language: Language) -> None:
    shock, found = one.asked.shock, place.found
    sizes = np.array([size for size, _ in found.measured])
    values = np.array([measured.value for _, measured in found.measured])
    low = _within([measured.low for _, measured in found.measured], values)
    high = _within([measured.high for _, measured in found.measured], values)
    band = {"zh": "95% 区间", "en": "95% interval"}
    axes.fill_between(sizes, low, high, color=BLUE, alpha=0.2, label=readable(band, language))
    axes.plot(sizes, values, color=BLUE, linewidth=1.6, marker="o", markersize=3)
    limit = {"zh": "界限", "en": "limit"}
    axes.axhline(one.limit.value, color=GREY, linewidth=1.2, label=readable(limit, language))
    if found.size is not None:
        ends = [end if end is not None else shock.ends[1] for end in found.interval]
        axes.axvspan(min(ends), max(ends), color=ORANGE, alpha=0.18, linewidth=0)
        breaks = {"zh": "突破于", "en": "breaks at"}
        label = f"{readable(breaks, language)} {sized(shock, found.size)}"
        axes.axvline(found.size, color=ORANGE, linewidth=1.6, label=label)
    axes.set_xlabel(said(shock))
    axes.set_ylabel(f"{one.figure}, {one.measure.kind}")
    _percent(axes, shock, "x")
    if is_share(one):
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))


def _within(bounds: list[float], values: np.ndarray) -> np.ndarray:
    """Give bounds, and where the rows give none the value itself."""
    return np.where(np.isfinite(bounds), bounds, values)


def _frontier(axes: Axes, done: Reversed, second: Shock, language: Language) -> None:
    shock = done.resolved.asked.shock
    first, last = shock.ends
    places = done.places
    across = np.array([place.other for place in places], dtype=np.float64)
    size = np.array([_drawn(place, first) for place in places])
    low = np.array([_end(place.found.interval[0], last) for place in places])
    high = np.array([_end(place.found.interval[1], last) for place in places])
    band = {"zh": "95% 区间", "en": "95% interval"}
    axes.fill_between(across, low, high, color=ORANGE, alpha=0.25, label=readable(band, language))
    edge = {"zh": "突破边界", "en": "breaks from here on"}
    label = readable(edge, language)
    axes.plot(across, size, color=ORANGE, linewidth=1.8, marker="o", markersize=4, label=label)
    axes.fill_between(across, np.where(np.isnan(size), last, size), last, color=GREY, alpha=0.12)
    axes.set_ylim(min(first, last), max(first, last))
    if last < first:
        axes.invert_yaxis()
    axes.set_xlabel(said(second))
    axes.set_ylabel(said(shock))
    _percent(axes, second, "x")
    _percent(axes, shock, "y")


def _drawn(place: Broken, first: float) -> float:
    """Give where it breaks: at the start where it is broken already, nowhere where it is not."""
    if place.found.status == "broken_already":
        return first
    return np.nan if place.found.size is None else place.found.size


def _end(bound: float | None, last: float) -> float:
    return last if bound is None else bound


def _percent(axes: Axes, shock: Shock, along: str) -> None:
    if shock.key != "by":
        axis = axes.xaxis if along == "x" else axes.yaxis
        axis.set_major_formatter(PercentFormatter(1.0))
