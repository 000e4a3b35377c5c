"""How much a measure moves between two runs on common random numbers, with the error of the move.

A measure is, to first order, a mean of influences: what each row adds to it beyond its value. Two
runs on the same random numbers pair their rows, so that the error of the difference is that of the
mean of paired differences of influences, which is far below what two separate errors would say.
"""

import math

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from sandbox.measures import (
    Exceedance,
    Mean,
    Measure,
    Measured,
    Sample,
    StandardDeviation,
    TailValueAtRisk,
    ValueAtRisk,
)
from sandbox.measures.exact import exact_sum
from sandbox.measures.spread import distrust

Floats = npt.NDArray[np.float64]


def difference(measure: Measure, base: Sample, shocked: Sample) -> Measured:
    """Give the measure of `shocked` less that of `base`, row by row on the same random numbers.

    Two runs that are equal to the bit differ by exactly 0 with an error of 0.
    """
    n = len(base.values)
    if len(shocked.values) != n:
        message = f"a difference: expected {n} rows in both runs, got {len(shocked.values)}"
        raise BadValue(message)
    method = "difference on common random numbers; paired influences, normal interval"
    before, after = measure.measure(base), measure.measure(shocked)
    moved = influence(measure, shocked, after) - influence(measure, base, before)
    spread = moved - exact_sum(moved) / n
    error = math.sqrt(exact_sum(spread * spread) / (n - 1) / n)
    if not moved.any():
        return Measured(after.value - before.value, 0.0, 0.0, 0.0, method, n)
    # rows that all move by the same amount leave no error at all
    why = distrust(spread) if spread.any() else ""
    why = before.why or after.why or why
    return Measured.normal(after.value - before.value, error, method, n, why)


def influence(measure: Measure, sample: Sample, measured: Measured) -> Floats:
    """Give what each row adds to a measure: values whose mean is about 0 (Hampel 1974).

    Mean: x - mean, or of a ratio (top - R bottom) / mean bottom. Standard deviation:
    ((x - mean)² - sd²) / (2 sd). Quantile q of level p: (1{x > q} - (1 - p)) / f(q), the
    density taken from the width of the order-statistic interval. Tail mean:
    q + max(x - q, 0) / (1 - p) - TVaR.
    """
    match measure:
        case Mean():
            return _of_mean(sample, measured)
        case StandardDeviation():
            deviations = sample.values - exact_sum(sample.values) / len(sample.values)
            if measured.value == 0.0:
                return np.zeros_like(deviations)
            squares: Floats = deviations * deviations
            return (squares - measured.value * measured.value) / (2.0 * measured.value)
        case ValueAtRisk():
            return _of_quantile(sample, measured, measure.level)
        case Exceedance():
            return _of_quantile(sample, measured, 1.0 - 1.0 / measure.return_period)
        case TailValueAtRisk():
            quantile = ValueAtRisk(level=measure.level).measure(sample).value
            beyond = np.asarray(np.maximum(sample.values - quantile, 0.0), dtype=np.float64)
            return beyond / (1.0 - measure.level) + (quantile - measured.value)


def _of_mean(sample: Sample, measured: Measured) -> Floats:
    if sample.top is None or sample.bottom is None:
        return sample.values - measured.value
    below = exact_sum(sample.bottom) / len(sample.values)
    return (sample.top - measured.value * sample.bottom) / below


def _of_quantile(sample: Sample, measured: Measured, level: float) -> Floats:
    n = len(sample.values)
    if not math.isfinite(measured.error):
        return np.full(n, np.nan)
    scale = measured.error * math.sqrt(n) / math.sqrt(level * (1.0 - level))
    beyond = (sample.values > measured.value).astype(np.float64)
    return (beyond - (1.0 - level)) * scale
