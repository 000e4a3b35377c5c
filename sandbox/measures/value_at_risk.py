"""Value at risk: a quantile."""

import math
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from sandbox.measures.measured import Z95, Measured
from sandbox.measures.ranks import decimal, ranks
from sandbox.measures.sample import Sample

ENOUGH_BEYOND = 10
"""Fewer rows than these beyond a quantile, and its error is not to be trusted."""


class ValueAtRisk(BaseModel):
    """The smallest simulated x with F_n(x) >= level, F_n the empirical distribution function.

    The interval is that of order statistics, valid for every distribution; the standard error
    is its width over 2 * 1.96, which is what a normal interval of that width would have.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["value_at_risk"] = "value_at_risk"
    level: float = Field(gt=0.0, lt=1.0)

    def measure(self, sample: Sample) -> Measured:
        """Give the quantile with its order-statistic interval."""
        return quantile(np.sort(sample.values), decimal(self.level))

    def influence(self, sample: Sample, value: float) -> NDArray[np.float64]:
        """Give what each row adds to the quantile, [row]; see `of_quantile`."""
        return of_quantile(sample, value, decimal(self.level))


def quantile(ascending: NDArray[np.float64], level: Fraction) -> Measured:
    """Give the quantile of values in ascending order, with its order-statistic interval."""
    n = len(ascending)
    at, first, last = ranks(n, level)
    low = float(ascending[first - 1]) if first >= 1 else -math.inf
    high = float(ascending[last - 1]) if last <= n else math.inf
    why = ""
    if n - at < ENOUGH_BEYOND:
        why = f"{n - at} rows lie beyond the quantile; {ENOUGH_BEYOND} are wanted"
    elif first < 1:
        why = f"{n} rows are too few to bound the quantile from below"
    method = "smallest x with F_n(x) >= level; binomial interval of order statistics"
    value = float(ascending[at - 1])
    return Measured(value, (high - low) / (2.0 * Z95), low, high, method, n, not why, why)


def of_quantile(sample: Sample, value: float, level: Fraction) -> NDArray[np.float64]:
    """Give (1{x > q} - (1 - p)) / f(q), the density from the width of the order-statistic interval.

    NaN where the rows cannot bound the quantile.
    """
    n, p = len(sample.values), float(level)
    error = quantile(np.sort(sample.values), level).error
    if not math.isfinite(error):
        return np.full(n, np.nan)
    scale = error * math.sqrt(n) / math.sqrt(p * (1.0 - p))
    beyond = (sample.values > value).astype(np.float64)
    return (beyond - (1.0 - p)) * scale
