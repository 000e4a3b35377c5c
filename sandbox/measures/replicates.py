"""Errors of rows that were drawn together: from replicates, which are independent of one another.

A measure is, to first order, a mean of influences (Hampel 1974, see `sandbox.figures.paired`), so
that the mean influences of replicates spread as the measure of one replicate does. The variance
that independent rows would have is that of the influences over the number of rows; over the
variance by replicates it is the reduction that the sampling brings.
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
from sandbox.measures.measured import Measured
from sandbox.measures.sample import Sample

DIGITS = 6
"""Of a quantile of Student's t, whose last bits hang on the library that computes it."""
HIGH = 0.975
ALIKE = "replicates are all the same: they show no spread to take an error from"
UNBOUNDED = "the rows cannot bound the measure"
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
    return _replicated(one, measure.influence(sample, one.value), sample.replicate)


def curve(sample: Sample, return_periods: Sequence[float] = RETURN_PERIODS) -> Curve:
    """Give the exceedance curve of a sample, errors as in `estimated`."""
    found = of_independent(sample, return_periods)
    if sample.replicate == 1:
        return found
    points = []
    for period, one in zip(found.return_periods, found.points, strict=True):
        moves = Exceedance(return_period=period).influence(sample, one.value)
        points.append(_replicated(one, moves, sample.replicate))
    return Curve(found.return_periods, tuple(points))


def by_replicates(value: float, moves: Floats, replicate: int, method: str, why: str) -> Measured:
    """Give an estimate with the error of the mean of its influences, [row], by replicates.

    why  withdraws the trust, as do replicates that are all the same and rows without a bound
    """
    n = len(moves)
    if not np.isfinite(moves).all():
        why = why or UNBOUNDED
        return Measured(value, math.inf, -math.inf, math.inf, method, n, False, why)  # noqa: FBT003 - as its fields stand
    error = error_of(moves, replicate)
    reach = reach_of(n, replicate) * error
    if error == 0.0 and moves.any():
        why = why or ALIKE
    return Measured(value, error, value - reach, value + reach, method, n, not why, why)


def error_of(moves: Floats, replicate: int) -> float:
    """Give the standard error of the mean of influences, [row], by replicates of so many rows."""
    means = _means(moves, replicate)
    return math.sqrt(_variance(means) / len(means))


def reach_of(rows: int, replicate: int) -> float:
    """Give how many standard errors a 95% interval reaches: Student's t of the replicates."""
    return round(float(stdtrit(rows // replicate - 1, HIGH)), DIGITS)


def _replicated(one: Measured, moves: Floats, replicate: int) -> Replicated:
    """Give a measure of independent rows with the error by replicates in the place of its own."""
    method = f"{one.method.partition(';')[0]}; replicates of {replicate:,} rows, Student interval"
    found = vars(by_replicates(one.value, moves, replicate, method, one.why))
    if not math.isfinite(found["error"]):
        return Replicated(**found)
    low, value, high = _reduction(moves, replicate)
    return Replicated(**found, reduction=value, reduction_low=low, reduction_high=high)


def _reduction(moves: Floats, replicate: int) -> tuple[float, float, float]:
    """Give the low end of the reduction of variance, itself and its high end.

    A 95% interval by the delta method on its logarithm, at least as wide as for replicates that are
    normal, of which a few cannot tell their kurtosis.
    """
    n = len(moves)
    plain = _variance(moves) / n
    means = _means(moves, replicate)
    count = len(means)
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
