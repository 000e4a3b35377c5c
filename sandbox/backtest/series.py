"""Years side by side: whether they drift, vary as assumed, remember one another.

Every statistic is freed of the level, and spread and memory of the trend as well, so that one wrong
assumption is not told three times. Their distributions under the assumptions are drawn, not taken
from a table: chances are exact for any number of years (Barnard 1963; Dufour, "Monte Carlo tests
with nuisance parameters", Journal of Econometrics 133, 2006).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtri

from sandbox.backtest.outcome import (
    CONFIDENCE,
    LEAST_MEMORY,
    LEAST_SPREAD,
    LEAST_TREND,
    POWER,
    Finding,
    Subject,
)

Floats = npt.NDArray[np.float64]
Z = float(ndtri(0.5 + CONFIDENCE / 2.0))
TAIL = (1.0 - CONFIDENCE) / 2.0
DRAWS = 20_000
"""Histories that are drawn; of a hundred years, the most that are read, they take 16 MB."""
DECIMALS = 9
"""Of standardised figures: what is alike, or none at all, is so on any machine."""
PRECISE = 1e-13
TINY = 1e-300
LARGEST = 700.0
"""The logarithm of the largest factor that is a number."""


@dataclass(frozen=True)
class Series:
    """A figure of each year with its expectation.

    years   ascending;  seen, mean, variance: [year]
    drawn   [draw, year] what the assumptions make of the same years
    powers  of the level that the variance may grow with: 1 where it is of more events, 2 of larger
            ones. Where both may be, an accusation has to hold under both: the larger p is told
    """

    years: Sequence[int]
    seen: Floats
    mean: Floats
    variance: Floats
    drawn: Floats
    powers: Sequence[int]


@dataclass(frozen=True)
class _Figures:
    """Of what was seen, or of each draw."""

    trend: Floats
    spread: Floats
    memory: Floats


def over_years(series: Series, subject: Subject, line: str, level: float) -> list[Finding]:
    """Test drift, spread and memory; level: the chance at which power is told.

    Nothing is tested of years too few, nor where nothing happened.
    """
    size = len(series.years)
    found: list[Finding] = []
    if size < LEAST_SPREAD or not series.seen.sum() > 0.0 or not (series.mean > 0.0).all():
        return found
    figures = [
        (
            power,
            _figures(series, series.seen[None, :], power),
            _figures(series, series.drawn, power),
        )
        for power in series.powers
    ]
    strength = -float(ndtri(level / 2.0)) + float(ndtri(POWER))
    if size >= LEAST_TREND:
        trends = [
            Finding(subject, line, "trend", *_trend(series, power, seen, drawn, strength))
            for power, seen, drawn in figures
        ]
        found.append(max(trends, key=lambda one: one.p))
    spreads = [
        Finding(subject, line, "spread", *_spread(seen, drawn, level)) for _, seen, drawn in figures
    ]
    found.append(max(spreads, key=lambda one: one.p))
    _, seen, drawn = figures[0]
    if size >= LEAST_MEMORY and _pairs(series.years).any():
        ties = float(seen.memory[0]) - float(drawn.memory.mean())
        reach = float(drawn.memory.std())
        p = two_sided(drawn.memory, float(seen.memory[0]))
        low, high = max(-1.0, ties - Z * reach), min(1.0, ties + Z * reach)
        found.append(
            Finding(subject, line, "memory", ties, low, high, p, min(1.0, strength * reach))
        )
    return found


Told = tuple[float, float, float, float, float]
"""Estimate, low, high, p and what would be found."""


def _trend(series: Series, power: int, seen: _Figures, drawn: _Figures, strength: float) -> Told:
    """Test the drift; where all lies in the first or the last year it has no bound nor error."""
    p = two_sided(np.abs(drawn.trend), abs(float(seen.trend[0])), upper=True)
    slope, error = _slope(series, power)
    low, high = (_change(slope + sign * Z * error) for sign in (-1.0, 1.0))
    return _change(slope), low, high, p, _change(strength * error)


def _change(logarithm: float) -> float:
    """Return what a factor adds to 1: infinite where it is beyond any number."""
    return math.inf if logarithm > LARGEST else math.expm1(logarithm)


def _spread(seen: _Figures, drawn: _Figures, level: float) -> Told:
    ratio, middle = float(seen.spread[0]), float(drawn.spread.mean())
    few, many, top, weak = np.quantile(
        drawn.spread, [TAIL, 1.0 - TAIL, 1.0 - level / 2.0, 1.0 - POWER]
    ).tolist()
    low, high = (ratio / bound if bound > 0.0 else math.inf for bound in (many, few))
    finds = top / weak if weak > 0.0 else math.nan
    nothing = math.inf if ratio > 0.0 else math.nan
    estimate = ratio / middle if middle > 0.0 else nothing
    return estimate, low, high, two_sided(drawn.spread, ratio), finds


def two_sided(drawn: Floats, seen: float, *, upper: bool = False) -> float:
    """Return the chance of as much as was seen, what was seen being one draw more.

    upper  whether only what is as large counts
    """
    many = (1 + int((drawn >= seen).sum())) / (1 + drawn.size)
    few = (1 + int((drawn <= seen).sum())) / (1 + drawn.size)
    return many if upper else min(1.0, 2.0 * min(many, few))


def _pairs(years: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Tell which years follow one another."""
    return np.asarray(np.diff(np.asarray(years)) == 1, dtype=np.bool_)


def _middle(series: Series) -> Floats:
    years = np.asarray(series.years, dtype=np.float64)
    return years - float((series.mean * years).sum() / series.mean.sum())


def _figures(series: Series, values: Floats, power: int) -> _Figures:
    """Give the figures of rows of years; of a row in which nothing happened they are 0."""
    time, mean = _middle(series), series.mean
    factor = values.sum(axis=1, keepdims=True) / mean.sum()
    some = np.where(factor > 0.0, factor, 1.0)
    off = values - factor * mean
    variance = some**power * series.variance
    drift = (off * time).sum(axis=1, keepdims=True)
    trend = drift / np.sqrt((variance * time * time).sum(axis=1, keepdims=True))
    left = off - drift / (mean * time * time).sum() * mean * time
    scores = left / np.sqrt(variance)
    squares = (scores * scores).sum(axis=1)
    next_ = (scores[:, 1:] * scores[:, :-1])[:, _pairs(series.years)].sum(axis=1)
    memory = np.divide(next_, squares, out=np.zeros_like(next_), where=squares > 0.0)
    return _Figures(*(np.round(one, DECIMALS) for one in (trend[:, 0], squares, memory)))


def _slope(series: Series, power: int) -> tuple[float, float]:
    """Return the log-linear drift of a year and its error, with the assumed spread.

    Quasi-likelihood of McCullagh and Nelder, Generalized Linear Models (2nd ed. 1989), chapter 9:
    the drift with which the years lie as late as was seen; the level is free. Infinite, and its
    error NaN, where all lies in the first year or in the last.
    """
    seen, mean = series.seen, series.mean
    if seen[0] == seen.sum() or seen[-1] == seen.sum():
        return -math.inf if seen[0] > 0.0 else math.inf, math.nan
    # counted from the nearer end, so that years hardly above none are not lost beside the others
    years = np.asarray(series.years, dtype=np.float64)
    late = bool((seen * (years - years[0])).sum() > (seen * (years[-1] - years)).sum())
    time = years[-1] - years if late else years - years[0]
    wanted = float((seen * time).sum() / seen.sum())

    def fitted(slope: float) -> Floats:
        logs = np.log(mean) + slope * time
        shares = np.exp(logs - logs.max())
        return np.asarray(shares / shares.sum())

    def off(slope: float) -> float:
        return math.log(max(float((fitted(slope) * time).sum()), TINY) / wanted)

    reach = 1.0
    while off(-reach) > 0.0 or off(reach) < 0.0:
        reach *= 2.0
    slope = float(brentq(off, -reach, reach, xtol=PRECISE))
    shares = fitted(slope)
    around = time - (shares * time).sum()
    curve = float(seen.sum() * (shares * around * around).sum())
    factor = float(seen.sum() / mean.sum())
    spread = factor ** (power - 1) * float(series.variance.sum() / mean.sum())
    return -slope if late else slope, math.sqrt(spread / curve)
