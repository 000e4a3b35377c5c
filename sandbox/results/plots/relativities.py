"""The pictures of a fit of relativities: each factor, lift, double lift, concentration curve."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from rating.relativities.fitted import response
from rating.relativities.lift import Lift
from rating.relativities.result import Modelled, Result
from sandbox.measures.measured import Z95
from sandbox.results.plots.canvas import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    Language,
    new_axes,
    png,
    readable,
)

Floats = npt.NDArray[np.float64]
MOST_TICKS = 24
_WORDS = {
    "relativity": {"zh": "相对数与 95% 区间", "en": "relativity, 95% interval"},
    "observed": {"zh": "实际（只看本因子）", "en": "observed, by this factor alone"},
    "exposure": {"zh": "风险暴露", "en": "exposure"},
    "part": {"zh": "按预测从低到高的十等份", "en": "tenths of exposure, by rising prediction"},
    "ratio": {"zh": "按新旧之比从低到高的十等份", "en": "tenths of exposure, by fitted / present"},
    "actual": {"zh": "实际", "en": "observed"},
    "predicted": {"zh": "预测", "en": "fitted"},
    "present": {"zh": "现行费率", "en": "present tariff"},
}


def factor_png(result: Result, entry: Modelled, number: int, language: Language) -> bytes:
    """Draw a factor of one key: relativities with their errors, what was observed, exposure."""
    term, own = entry.fitted.terms[number], result.policies
    filed, errors = entry.filed.relativities[number], entry.fitted.errors(number)
    told = response(entry.model, own)
    seen, weight = np.zeros(own.size), np.zeros(own.size)
    seen[told.rows], weight[told.rows] = told.y * told.weight, told.weight
    weights = term.total(weight)
    alone = term.total(seen) / np.where(weights > 0.0, weights, np.nan)
    observed = alone / alone[term.base]
    axes = new_axes(f"{entry.name}: {term.name}", result.spec.source)
    lined = term.how == ("log_linear",)
    place = np.array([float(x) for x in term.labels[0]]) if lined else np.arange(float(filed.size))
    _exposure(axes, place, term.total(own.exposure), language)
    low, high = filed * np.exp(-Z95 * errors), filed * np.exp(Z95 * errors)
    word = readable(_WORDS["relativity"], language)
    if lined:
        axes.fill_between(place, low, high, color=BLUE, alpha=0.2, linewidth=0)
        axes.plot(place, filed, color=BLUE, marker="o", markersize=3, label=word)
    else:
        bars = np.stack([filed - low, high - filed])
        axes.errorbar(place, filed, yerr=bars, fmt="o", color=BLUE, markersize=4, label=word)
        shown = place[:: max(1, -(-place.size // MOST_TICKS))]
        axes.set_xticks(shown, [term.labels[0][int(one)] for one in shown], rotation=45)
    word = readable(_WORDS["observed"], language)
    axes.plot(place, observed, "x", color=ORANGE, markersize=5, label=word)
    # the last, thinly filled point may have an interval that would flatten all others
    axes.set_ylim(0.0, 1.3 * float(np.nanmax(np.concatenate([filed, observed]))))
    axes.legend(frameon=False, fontsize=8)
    return png(axes)


def _exposure(axes: Axes, place: Floats, exposure: Floats, language: Language) -> None:
    other = axes.twinx()
    width = 0.8 * float(np.min(np.diff(place))) if place.size > 1 else 0.8
    other.bar(
        place, exposure, width=max(width, (place[-1] - place[0]) / 100), color=GREY, alpha=0.2
    )
    other.set_ylabel(readable(_WORDS["exposure"], language), color=GREY, fontsize=8)
    other.set_ylim(0.0, 3.0 * float(exposure.max()))
    other.spines[["top", "right"]].set_visible(False)
    other.tick_params(colors=GREY, labelsize=7)
    axes.set_zorder(other.get_zorder() + 1)
    axes.patch.set_visible(False)


def lift_png(title: str, source: str, parts: Lift, language: Language) -> bytes:
    """Draw observed and fitted means by tenths; with a present tariff, the double lift."""
    axes = new_axes(title, source)
    place = np.arange(1, parts.exposure.size + 1)
    axes.plot(place, parts.observed, "o-", color=ORANGE, label=readable(_WORDS["actual"], language))
    word = readable(_WORDS["predicted"], language)
    axes.plot(place, parts.predicted, "s-", color=BLUE, markersize=4, label=word)
    if parts.present is not None:
        word = readable(_WORDS["present"], language)
        axes.plot(place, parts.present, "--", color=GREEN, label=word)
    axes.set_xticks(place)
    axes.set_ylim(bottom=0.0)
    key = "part" if parts.present is None else "ratio"
    axes.set_xlabel(readable(_WORDS[key], language))
    axes.legend(frameon=False, fontsize=8)
    return png(axes)
