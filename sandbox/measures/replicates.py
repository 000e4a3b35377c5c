"""Errors of rows that were drawn together: from replicates, which are independent of one another.

A measure is, to first order, a mean of influences (Hampel 1974, see `sandbox.figures.paired`), so
that the mean influences of replicates spread as the measure of one replicate does. The variance
that independent rows would have is that of the influences over the number of rows; over the
variance by replicates it is the reduction that the sampling brings.

Trust is asked of the replicates: that there are enough, and that their spread does not rest on a
few of them. Rows are asked only what no replicate tells: whether enough of them lie beyond a
quantile, and, where no reduction is shown, whether a few hold the spread, as of independent rows.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from product_factory.numbers.portable import exp
from sandbox.measures.exact import exact_sum
from sandbox.measures.exceedance import RETURN_PERIODS, Curve, Exceedance
from sandbox.measures.exceedance import curve as of_independent
from sandbox.measures.expectile import Expectile
from sandbox.measures.measured import Measured
from sandbox.measures.sample import Sample
from sandbox.measures.spread import ENOUGH, ENOUGH_IN_TAIL, RESTS, effective
from sandbox.measures.tail_value_at_risk import TailValueAtRisk
from sandbox.measures.value_at_risk import ValueAtRisk

DIGITS = 6
"""Of a quantile of Student's t, whose last bits hang on the library that computes it."""
HIGH = 0.975
ENOUGH_REPLICATES = 20
MOST_KURTOSIS = 5.0
"""Of few replicates: 20 normal ones show more once in a hundred times, and Student's interval
bears out no more."""
ALIKE = "replicates are all the same: they show no spread to take an error from"
UNBOUNDED = "the rows cannot bound the measure"
TAILS = (ValueAtRisk, TailValueAtRisk, Exceedance, Expectile)
Floats = NDArray[np.float64]


class Measuring(Protocol):
    """A measure of a figure."""

    def measure(self, sample: Sample) -> Measured:
        """Give the measure with the error of independent rows."""

    def influence(self, sample: Sample, value: float) -> Floats:
        """Give what each row adds to it, [row]."""


@dataclass(frozen=True)
class Replicated(Measured):
    """An estimate with its error by replicates.

    reduction       the variance of as many independent rows, over that by replicates; inf where
                    replicates are all the same, NaN where the rows cannot bound the measure
    reduction_low, reduction_high   its 95% interval
    """

    reduction: float = math.nan
    reduction_low: float = math.nan
    reduction_high: float = math.nan


def estimated(measure: Measuring, sample: Sample) -> Measured:
    """Measure a sample with the error that its rows bear out, together or alone."""
    one = measure.measure(sample)
    if sample.replicate == 1:
        return one
    enough = ENOUGH_IN_TAIL if isinstance(measure, TAILS) else ENOUGH
    return _replicated(one, measure.influence(sample, one.value), sample.replicate, enough)


def curve(sample: Sample, return_periods: Sequence[float] = RETURN_PERIODS) -> Curve:
    """Give the exceedance curve of a sample, errors as in `estimated`."""
    found = of_independent(sample, return_periods)
    if sample.replicate == 1:
        return found
    points = []
    for period, one in zip(found.return_periods, found.points, strict=True):
        moves = Exceedance(return_period=period).influence(sample, one.value)
        points.append(_replicated(one, moves, sample.replicate, ENOUGH_IN_TAIL))
    return Curve(found.return_periods, tuple(points))


def by_replicates(
    value: float, moves: Floats, replicate: int, method: str, why: str, enough: float = ENOUGH
) -> Replicated:
    """Give an estimate with the error of the mean of its influences, [row], by replicates.

    why     why independent rows would not be trusted
    enough  on how many replicates the spread must rest, where there are many
    """
    n = len(moves)
    if not np.isfinite(moves).all():
        why = why or UNBOUNDED
        return Replicated(value, math.inf, -math.inf, math.inf, method, n, False, why)  # noqa: FBT003 - as its fields stand
    means = _means(moves, replicate)
    error = math.sqrt(_variance(means) / len(means))
    reach = reach_of(n, replicate) * error
    low, found, high = _reduction(moves, means, replicate)
    if low > 1.0 and why.startswith(RESTS):
        why = ""  # what the sampling leaves of the spread is not what rows show of it
    if moves.any():
        why = why or _doubt(means, enough)
    ends = value - reach, value + reach
    return Replicated(value, error, *ends, method, n, not why, why, found, low, high)


def reach_of(rows: int, replicate: int) -> float:
    """Give how many standard errors a 95% interval reaches: Student's t of the replicates."""
    return round(float(stdtrit(rows // replicate - 1, HIGH)), DIGITS)


def _replicated(one: Measured, moves: Floats, replicate: int, enough: float) -> Replicated:
    """Give a measure of independent rows with the error by replicates in the place of its own."""
    method = f"{one.method.partition(';')[0]}; replicates of {replicate:,} rows, Student interval"
    return by_replicates(one.value, moves, replicate, method, one.why, enough)


def _doubt(means: Floats, enough: float) -> str:
    """Give the reason to distrust an interval that rests on these replicates, or "".

    enough  as of independent rows, of many replicates; fewer have a wider interval for it
    """
    count = len(means)
    if count < ENOUGH_REPLICATES:
        return f"{count} replicates; {ENOUGH_REPLICATES} are wanted"
    found = effective(means - exact_sum(means) / count)
    wanted = min(enough, count / MOST_KURTOSIS)
    if found == 0.0:
        return ALIKE
    if found < wanted:
        return f"{RESTS} {found:.1f} of {count:,} replicates; {wanted:.0f} are wanted"
    return ""


def _reduction(moves: Floats, means: Floats, replicate: int) -> tuple[float, float, float]:
    """Give the low end of the reduction of variance, itself and its high end.

    means  of the replicates

    A 95% interval by the delta method on its logarithm, at least as wide as for replicates that are
    normal, of which a few cannot tell their kurtosis.
    """
    n, count = len(moves), len(means)
    plain = _variance(moves) / n
    variance = _variance(means) / count
    if variance == 0.0:
        return (math.inf,) * 3 if plain > 0.0 else (math.nan,) * 3
    away = moves - exact_sum(moves) / n
    above = _means(away * away, replicate)
    apart = means - exact_sum(means) / count
    below = apart * apart
    moved = above / (exact_sum(above) / count) - below / (exact_sum(below) / count)
    spread = max(math.sqrt(_variance(moved) / count), math.sqrt(2.0 / (count - 1)))
    factor = exp(reach_of(n, replicate) * spread)
    found = plain / variance
    return found / factor, found, found * factor


def _means(values: Floats, replicate: int) -> Floats:
    """Give the mean of each replicate, [replicate], sums that hang on no vector width."""
    if replicate == 2:  # noqa: PLR2004 - pairs, of which there may be millions
        return 0.5 * (values[0::2] + values[1::2])
    starts = range(0, len(values), replicate)
    return np.array([exact_sum(values[at : at + replicate]) / replicate for at in starts])


def _variance(values: Floats) -> float:
    """Give the variance over n - 1."""
    away = values - exact_sum(values) / len(values)
    return exact_sum(away * away) / (len(values) - 1)
