"""Listed claims against the severities of a basis, by their normal scores.

Under the right severity scores are independent and standard normal, so that what an analysis of
variance takes apart is exact: level and drift are normal, what is between years and within them is
chi-square (Scheffé, The Analysis of Variance, 1959, chapters 1 and 2), and independent of the rest.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri
from scipy.stats import beta, chi2

from sandbox.backtest.history import Claim
from sandbox.backtest.outcome import (
    POWER,
    Aspect,
    Calibration,
    Finding,
    calibration,
)
from sandbox.backtest.series import TAIL, Z
from sandbox.backtest.sizes import Sizes, scores

Floats = npt.NDArray[np.float64]
LEAST_CLAIMS = 10
LEAST_YEARS = 3
GRID = 600
FURTHEST = 4.0
"""Of the logarithm of a factor."""
MOST_FOUND = 2.0
"""The logarithm of the largest factor that is told as found."""
POINTS = 1e-9
TAILED = 0.05
TINY = 1e-300
LARGEST = 150.0
"""A statistic beyond this is taken for it: the published curve turns up again there."""
CHANCES = (
    (0.6, 1, (1.2937, -5.709, 0.0186)),
    (0.34, 1, (0.9177, -4.279, -1.38)),
    (0.2, -1, (-8.318, 42.796, -59.938)),
    (-math.inf, -1, (-13.436, 101.14, -223.73)),
)
"""From this statistic on, the chance or what is left of it is exp of these terms."""


def severity(
    line: str, claims: Sequence[Claim], sizes: Sizes, random: np.random.Generator, level: float
) -> tuple[list[Finding], Calibration | None]:
    """Test a size; level: the chance at which power is told. Too few claims test nothing."""
    if len(claims) < LEAST_CLAIMS:
        return [], None
    amounts, above = [one.amount for one in claims], [one.above for one in claims]
    z = scores(sizes, amounts, above, random.random(len(claims)))
    years = np.array([one.year for one in claims], dtype=np.float64)
    strength = -float(ndtri(level / 2.0)) + float(ndtri(POWER))
    points = any(sizes.reaches(x) - sizes.survival(x) > POINTS for x in set(amounts))
    moved = None if points else _moved(sizes, np.array(amounts), np.array(above))
    found = [_level(line, z, moved, strength)]
    kinds = sorted(set(years.tolist()))
    many = len(kinds)
    within = float(((z - z.mean()) ** 2).sum())
    if many >= LEAST_YEARS:
        time = years - years.mean()
        found.append(_trend(line, z, time, moved, strength))
        means = [z[years == year] for year in kinds]
        between = sum(part.size * float(part.mean() - z.mean()) ** 2 for part in means)
        drift = float((time * z).sum()) ** 2 / float((time * time).sum())
        within -= between
        found.append(_squares("years", line, max(0.0, between - drift), many - 2, level))
    freedom = z.size - (many if many >= LEAST_YEARS else 1)
    if freedom > 0:
        found.append(_squares("spread", line, within, freedom, level))
    found.append(_shape(line, z))
    pit = np.asarray(ndtr(z), dtype=np.float64)
    at = tuple(int(year) for year in kinds)
    return found, calibration("severity", line, at, float(z.size), math.nan, pit)


Moved = Callable[[Floats], Floats]
"""Gives the scores of claims whose severity is multiplied by exp of [claim]."""


def _moved(sizes: Sizes, amounts: Floats, above: Floats) -> Moved:
    """Read scores of moved severities from a table, in the logarithm of the amount."""
    least = min([*amounts.tolist(), *above[above > 0.0].tolist()])
    ends = math.log(least) - FURTHEST - 1.0, math.log(float(amounts.max())) + FURTHEST + 1.0
    at = np.linspace(*ends, GRID)
    chances = np.array([sizes.survival(math.exp(x)) for x in at.tolist()])
    table = -ndtri(np.clip(chances, 1e-300, 1.0 - 1e-16))
    logs, cut = np.log(amounts), above > 0.0
    floor = np.log(np.where(cut, above, 1.0))

    def scores_at(shift: Floats) -> Floats:
        more = ndtr(-np.interp(logs - shift, at, table))
        alive = np.where(cut, ndtr(-np.interp(floor - shift, at, table)), 1.0)
        return np.asarray(-ndtri(np.clip(more / np.maximum(alive, 1e-300), 1e-300, 1.0 - 1e-16)))

    return scores_at


def _solved(statistic: Callable[[float], float], wanted: float, most: float) -> float:
    """Return the logarithm at which a falling statistic has a value; infinite where beyond all."""

    def off(at: float) -> float:
        return statistic(at) - wanted

    if off(-most) <= 0.0:
        return -math.inf
    if off(most) >= 0.0:
        return math.inf
    return float(brentq(off, -most, most, xtol=1e-9))


def _found(
    exact: float, statistic: Callable[[float], float] | None, shown: float
) -> tuple[float, float, float]:
    """Give estimate and interval where the statistic is 0, and so far from it as chance goes."""
    if statistic is None:
        return math.nan, math.nan, math.nan
    # the table is a little off: what it gives at no change is moved to what is exact
    shift = statistic(0.0) - exact
    values = [_solved(statistic, wanted + shift, shown) for wanted in (0.0, Z, -Z)]
    return values[0], values[1], values[2]


def _level(line: str, z: Floats, moved: Moved | None, strength: float) -> Finding:
    root = math.sqrt(z.size)
    exact = root * float(z.mean())
    statistic = None
    finds = math.nan
    if moved is not None:
        statistic = lambda shift: root * float(moved(np.full(z.size, shift)).mean())  # noqa: E731
        finds = _found_at(strength, _fall(statistic, 0.01))
    middle, low, high = _found(exact, statistic, FURTHEST)
    p = 2.0 * float(ndtr(-abs(exact)))
    return Finding(
        "severity", line, "level", math.exp(middle), math.exp(low), math.exp(high), p, finds
    )


def _trend(line: str, z: Floats, time: Floats, moved: Moved | None, strength: float) -> Finding:
    root = math.sqrt(float((time * time).sum()))
    exact = float((time * z).sum()) / root
    statistic = None
    finds = math.nan
    most = FURTHEST / float(np.abs(time).max())
    if moved is not None:
        statistic = lambda rate: float((time * moved(rate * time)).sum()) / root  # noqa: E731
        fall = _fall(statistic, 0.01 * most)
        finds = _found_at(strength, fall)
        # claims beyond what is possible stay so under any small drift, which says nothing of it
        statistic = statistic if fall > 0.0 else None
    middle, low, high = _found(exact, statistic, most)
    p = 2.0 * float(ndtr(-abs(exact)))
    return Finding(
        "severity", line, "trend", math.expm1(middle), math.expm1(low), math.expm1(high), p, finds
    )


def _fall(statistic: Callable[[float], float], step: float) -> float:
    """Return by how much a statistic falls for each unit, at no change."""
    return (statistic(-step) - statistic(step)) / (2.0 * step)


def _found_at(strength: float, fall: float) -> float:
    """Return the change; NaN where it is so far that the slope at no change tells nothing of it."""
    logarithm = strength / fall if fall > 0.0 else math.nan
    return math.expm1(logarithm) if 0.0 < logarithm < MOST_FOUND else math.nan


def _squares(aspect: Aspect, line: str, squares: float, freedom: int, level: float) -> Finding:
    law = chi2(freedom)
    p = 2.0 * float(min(law.cdf(squares), law.sf(squares)))
    low, high = (squares / float(law.ppf(chance)) for chance in (1.0 - TAIL, TAIL))
    finds = float(law.ppf(1.0 - level / 2.0) / law.ppf(1.0 - POWER))
    return Finding("severity", line, aspect, squares / freedom, low, high, min(1.0, p), finds)


def _shape(line: str, z: Floats) -> Finding:
    """Test what is left when level and spread are taken off: whether scores are normal at all.

    The estimate is the number of scores in the upper 5% over what is expected there: a heavier
    tail has more. Its interval is Clopper and Pearson's. Claims that are all alike have none.
    """
    if z.min() == z.max():
        nothing = math.nan, math.nan, math.nan
        return Finding("severity", line, "shape", *nothing, normal_chance(math.inf))
    size = z.size
    own = (z - z.mean()) / z.std(ddof=1)
    beyond = int((own > -ndtri(TAILED)).sum())
    low = float(beta.ppf(TAIL, beyond, size - beyond + 1)) if beyond else 0.0
    high = float(beta.ppf(1.0 - TAIL, beyond + 1, size - beyond)) if beyond < size else 1.0
    ratio, p = beyond / size / TAILED, normal_chance(anderson_darling(own))
    return Finding("severity", line, "shape", ratio, low / TAILED, high / TAILED, p)


def anderson_darling(own: Floats) -> float:
    """Return the statistic of standardised scores, modified for their number.

    D'Agostino and Stephens, Goodness-of-Fit Techniques (1986), table 4.7, case 3.
    """
    size, own = own.size, np.sort(own)
    below = np.log(np.maximum(ndtr(own), TINY))
    above = np.log(np.maximum(ndtr(-own[::-1]), TINY))
    odd = 2.0 * np.arange(1, size + 1) - 1.0
    found = -size - float((odd * (below + above)).sum()) / size
    return found * (1.0 + 0.75 / size + 2.25 / size**2)


def normal_chance(a: float) -> float:
    """Return the chance of a statistic as large where scores are normal (table 4.9, case 3)."""
    a = min(a, LARGEST)
    for least, sign, terms in CHANCES:
        if a >= least:
            value = math.exp(terms[0] + terms[1] * a + terms[2] * a * a)
            return value if sign > 0 else 1.0 - value
    return 1.0
