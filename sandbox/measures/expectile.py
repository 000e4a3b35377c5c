"""Expectiles: the amount at which gains and losses balance in a stated ratio."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from sandbox.measures.exact import exact_sum
from sandbox.measures.measured import Measured
from sandbox.measures.sample import Sample
from sandbox.measures.spread import ENOUGH_IN_TAIL, distrust


class Expectile(BaseModel):
    """The e with level x E(X - e)+ = (1 - level) x E(e - X)+; at 50% it is the mean.

    From 50% on it is coherent and elicitable (Bellini and Di Bernardino 2017, European Journal
    of Finance 23(6), 487-506). Standard error sd(h) / sqrt(n), h the influence of a row.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["expectile"] = "expectile"
    level: float = Field(ge=0.5, lt=1.0)

    def measure(self, sample: Sample) -> Measured:
        """Give the expectile with its asymptotic error and normal interval."""
        ascending = np.sort(sample.values)
        n = len(ascending)
        up, down = self.level, 1.0 - self.level
        # Moments about the largest row, in which sums of many rows lose least.
        top = float(ascending[-1])
        short = top - ascending
        below = np.cumsum(short)
        rows = np.arange(1, n + 1, dtype=np.float64)
        # The balance at each row, were it the expectile; it falls from row to row.
        above_sum = (below[-1] - below) - (n - rows) * short
        below_sum = below - rows * short
        balance = up * -above_sum - down * below_sum
        k = int(np.searchsorted(-balance, 0.0, side="left"))
        k = min(max(k, 1), n - 1)
        total = down * exact_sum(short[:k]) + up * exact_sum(short[k:])
        value = top - total / (down * k + up * (n - k))
        pull = self.influence(sample, value)
        error = math.sqrt(exact_sum(pull * pull) / (n - 1) / n)
        method = "balance of gains and losses; M-estimator error, normal interval"
        return Measured.normal(value, error, method, n, distrust(pull, ENOUGH_IN_TAIL))

    def influence(self, sample: Sample, value: float) -> NDArray[np.float64]:
        """Give (l (x - e)+ - (1 - l)(e - x)+) / (l S(e) + (1 - l) F(e)), l the level, [row]."""
        up, down, n = self.level, 1.0 - self.level, len(sample.values)
        excess = np.maximum(sample.values - value, 0.0)
        pull = up * excess - down * np.maximum(value - sample.values, 0.0)
        beyond = float(np.count_nonzero(sample.values > value))
        slope = (up * beyond + down * (n - beyond)) / n
        return np.asarray(pull / slope, dtype=np.float64)
