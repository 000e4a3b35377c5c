"""The pictures of a fit of severities: survival, quantiles, mean excess, Hill, stability."""

import numpy as np
import numpy.typing as npt

from rating.likelihood.fit import Severities
from rating.likelihood.goodness import kaplan_meier
from rating.likelihood.losses import Losses
from rating.likelihood.tail import Z95, hill, mean_excess
from rating.severities import Size
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
LINE = 200
DASHES = ("--", "-.", ":")
"""Of the severities that are not chosen."""
_WORDS = {
    "survival": {"zh": "生存函数", "en": "Survival"},
    "quantiles": {"zh": "分位数图", "en": "Quantiles"},
    "mean_excess": {"zh": "平均超额图", "en": "Mean excess"},
    "hill": {"zh": "Hill 图", "en": "Hill plot"},
    "stability": {"zh": "形状参数的稳定性", "en": "Shape above each threshold"},
    "loss": {"zh": "损失", "en": "loss"},
    "observed": {"zh": "实际", "en": "observed"},
    "fitted": {"zh": "拟合", "en": "fitted"},
    "beyond": {"zh": "超过的概率", "en": "chance of more"},
    "threshold": {"zh": "阈值", "en": "threshold"},
    "excess": {"zh": "超出阈值部分的均值", "en": "mean of what exceeds it"},
    "largest": {"zh": "最大的损失个数", "en": "largest losses used"},
    "shape": {"zh": "形状参数与 95% 区间", "en": "shape, 95% interval"},
    "chosen": {"zh": "所选阈值", "en": "threshold taken"},
}


def _word(key: str, language: Language) -> str:
    return readable(_WORDS[key], language)


def _observed(losses: Losses) -> tuple[Floats, Floats]:
    return kaplan_meier(losses.amounts, losses.censored, losses.above)


def _fitted(model: Size, least: float, places: Floats) -> Floats:
    alive = model.survival(least)
    return np.array([model.survival(x) / alive for x in places.tolist()])


def survival_png(result: Severities, language: Language) -> bytes:
    """Draw the chance of more on logarithmic axes: observed, and under each severity."""
    axes = new_axes(_word("survival", language), result.spec.source)
    places, observed = _observed(result.losses)
    shown = observed > 0.0
    axes.loglog(places[shown], observed[shown], ".", color=GREY, label=_word("observed", language))
    least = float(result.losses.above.min())
    line = np.geomspace(float(places[0]), 1.5 * float(places[-1]), LINE)
    dashes = iter(DASHES)
    shown_too = [one for one in result.candidates if one is not result.chosen][: len(DASHES)]
    for one in (result.chosen, *shown_too):
        chosen = one is result.chosen
        axes.plot(
            line,
            np.maximum(_fitted(one.best.model, least, line), 1e-12),
            linestyle="-" if chosen else next(dashes),
            color=BLUE if chosen else GREEN,
            linewidth=2.0 if chosen else 1.0,
            label=one.name,
        )
    if result.tail is not None:
        axes.axvline(result.tail[0].threshold, color=ORANGE, linestyle=":")
    axes.set_ylim(0.3 / result.losses.size, 1.3)
    axes.set_xlabel(_word("loss", language))
    axes.set_ylabel(_word("beyond", language))
    axes.legend(frameon=False, fontsize=8)
    return png(axes)


def quantile_png(result: Severities, language: Language) -> bytes:
    """Draw observed losses against the fitted quantiles of their chances (QQ)."""
    axes = new_axes(f"{_word('quantiles', language)}: {result.chosen.name}", result.spec.source)
    places, after = _observed(result.losses)
    before = np.concatenate([[1.0], after[:-1]])
    model = result.chosen.best.model
    alive = model.survival(float(result.losses.above.min()))
    middle = (0.5 * (before + after) * alive).tolist()
    fitted = np.array([model.quantile_above(min(max(c, 1e-15), 1.0 - 1e-15)) for c in middle])
    axes.loglog(fitted, places, ".", color=BLUE)
    ends = [float(min(fitted.min(), places[0])), float(max(fitted.max(), places[-1]))]
    axes.plot(ends, ends, color=GREY, linewidth=0.8)
    axes.set_xlabel(_word("fitted", language))
    axes.set_ylabel(_word("observed", language))
    return png(axes)


def mean_excess_png(result: Severities, language: Language) -> bytes:
    """Draw the mean of what exceeds a threshold; a generalised Pareto makes it a line."""
    axes = new_axes(_word("mean_excess", language), result.spec.source)
    places, means = mean_excess(result.losses.amounts)
    axes.plot(places, means, ".", color=GREY, markersize=4)
    if result.tail is not None:
        tail = result.tail[0]
        axes.axvline(tail.threshold, color=ORANGE, linestyle=":", label=_word("chosen", language))
        if tail.shape < 1.0 and places.size and places[-1] > tail.threshold:
            line = np.array([tail.threshold, places[-1]])
            local = tail.scale + tail.shape * (line - tail.threshold)
            axes.plot(line, local / (1.0 - tail.shape), color=BLUE, label=_word("fitted", language))
        axes.legend(frameon=False, fontsize=8)
    axes.set_xlabel(_word("threshold", language))
    axes.set_ylabel(_word("excess", language))
    return png(axes)


def hill_png(result: Severities, language: Language) -> bytes:
    """Draw Hill's estimate of the shape by how many of the largest losses it takes."""
    axes = new_axes(_word("hill", language), result.spec.source)
    k, shape = hill(result.losses.amounts, result.losses.censored)
    kept = k <= max(10.0, 0.5 * result.losses.size)
    k, shape = k[kept], shape[kept]
    axes.plot(k, shape, color=BLUE)
    error = Z95 * shape / np.sqrt(k)
    axes.fill_between(k, shape - error, shape + error, color=BLUE, alpha=0.15, linewidth=0)
    if result.tail is not None:
        axes.axhline(result.tail[0].shape, color=GREEN, linestyle="--")
        axes.axvline(result.tail[0].count, color=ORANGE, linestyle=":")
    axes.set_xlabel(_word("largest", language))
    axes.set_ylabel(_word("shape", language))
    return png(axes)


def stability_png(result: Severities, language: Language) -> bytes:
    """Draw the shape above each threshold with its interval."""
    axes = new_axes(_word("stability", language), result.spec.source)
    place = np.array([one.threshold for one in result.stability])
    shape = np.array([one.shape for one in result.stability])
    error = Z95 * np.array([one.shape_error for one in result.stability])
    axes.errorbar(place, shape, yerr=error, fmt="o", color=BLUE, markersize=4)
    axes.set_xscale("log")
    if result.tail is not None:
        axes.axvline(result.tail[0].threshold, color=ORANGE, linestyle=":")
        axes.axhline(result.tail[0].shape, color=GREEN, linestyle="--")
    axes.set_xlabel(_word("threshold", language))
    axes.set_ylabel(_word("shape", language))
    return png(axes)
