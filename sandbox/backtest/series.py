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
DRAWS, LEAST_DRAWS = 20_000, 1_000
MOST_CELLS = 4_000_000
"""Draws times years that are held at once."""
STEPS = 60
ENOUGH = 1e-12


@dataclass(frozen=True)
class Series:
    """A figure of each year with its expectation.

    years   ascending;  seen, mean, variance: [year]
    drawn   [draw, year] what the assumptions make of the same years
    power   of the level that the variance grows with: 1 for counts, 2 for money
    """

    years: Sequence[int]
    seen: Floats
    mean: Floats
    variance: Floats
    drawn: Floats
    power: int


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
    seen, drawn = _figures(series, series.seen[None, :]), _figures(series, series.drawn)
    strength = -float(ndtri(level / 2.0)) + float(ndtri(POWER))
    if size >= LEAST_TREND:
        slope, error = _slope(series)
        p = two_sided(np.abs(drawn.trend), abs(float(seen.trend[0])), upper=True)
        low, high = (math.expm1(slope + sign * Z * error) for sign in (-1.0, 1.0))
        finds = math.expm1(strength * error)
        found.append(Finding(subject, line, "trend", math.expm1(slope), low, high, p, finds))
    ratio, middle = float(seen.spread[0]), float(drawn.spread.mean())
    few, many, top, weak = np.quantile(
        drawn.spread, [TAIL, 1.0 - TAIL, 1.0 - level / 2.0, 1.0 - POWER]
    ).tolist()
    low, high = (ratio / bound if bound > 0.0 else math.inf for bound in (many, few))
    p = two_sided(drawn.spread, ratio)
    finds = top / weak if weak > 0.0 else math.nan
    found.append(Finding(subject, line, "spread", ratio / middle, low, high, p, finds))
    if size >= LEAST_MEMORY and _pairs(series.years).any():
        ties = float(seen.memory[0]) - float(drawn.memory.mean())
        reach = float(drawn.memory.std())
        p = two_sided(drawn.memory, float(seen.memory[0]))
        low, high = max(-1.0, ties - Z * reach), min(1.0, ties + Z * reach)
        found.append(
            Finding(subject, line, "memory", ties, low, high, p, min(1.0, strength * reach))
        )
    return found


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


def _figures(series: Series, values: Floats) -> _Figures:
    """Give the figures of rows of years; of a row in which nothing happened they are 0."""
    time, mean = _middle(series), series.mean
    factor = values.sum(axis=1, keepdims=True) / mean.sum()
    some = np.where(factor > 0.0, factor, 1.0)
    off = values - factor * mean
    variance = some**series.power * series.variance
    drift = (off * time).sum(axis=1, keepdims=True)
    trend = drift / np.sqrt((variance * time * time).sum(axis=1, keepdims=True))
    left = off - drift / (mean * time * time).sum() * mean * time
    scores = left / np.sqrt(variance)
    squares = (scores * scores).sum(axis=1)
    next_ = (scores[:, 1:] * scores[:, :-1])[:, _pairs(series.years)].sum(axis=1)
    memory = np.divide(next_, squares, out=np.zeros_like(next_), where=squares > 0.0)
    return _Figures(trend[:, 0], squares, memory)


def _slope(series: Series) -> tuple[float, float]:
    """Return the log-linear drift of a year and its error, with the assumed spread.

    Quasi-likelihood of McCullagh and Nelder, Generalized Linear Models (2nd ed. 1989), chapter 9,
    by Newton's method; the level is free.
    """
    time, mean, seen = _middle(series), series.mean, series.seen
    slope = 0.0
    for _ in range(STEPS):
        fitted = mean * np.exp(slope * time)
        fitted *= seen.sum() / fitted.sum()
        around = time - (fitted * time).sum() / fitted.sum()
        curve = float((fitted * around * around).sum())
        step = float(((seen - fitted) * time).sum()) / curve
        slope += max(-1.0, min(1.0, step))
        if abs(step) < ENOUGH:
            break
    factor = float(seen.sum() / mean.sum())
    spread = factor ** (series.power - 1) * float(series.variance.sum() / mean.sum())
    return slope, math.sqrt(spread / curve)
