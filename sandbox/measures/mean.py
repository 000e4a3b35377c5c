"""The mean of a figure."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from sandbox.measures.exact import exact_sum
from sandbox.measures.measured import Measured
from sandbox.measures.sample import Sample
from sandbox.measures.spread import distrust


class Mean(BaseModel):
    """Expected value.

    Plain figure: sum x / n, standard error sd / sqrt(n) with sd over n - 1.
    Ratio: R = sum top / sum bottom, standard error by the delta method, that of the mean of
    (top - R bottom) / (mean bottom) (Cochran 1977, Sampling Techniques, 2.11 and 6.4).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["mean"] = "mean"

    def measure(self, sample: Sample) -> Measured:
        """Give the mean with its standard error and normal interval."""
        n = len(sample.values)
        if sample.top is None or sample.bottom is None:
            value = exact_sum(sample.values) / n
            method = "mean; normal interval"
        else:
            value = exact_sum(sample.top) / exact_sum(sample.bottom)
            method = "sum over sum; delta method, normal interval"
        deviations = self.influence(sample, value)
        error = math.sqrt(exact_sum(deviations * deviations) / (n - 1) / n)
        return Measured.normal(value, error, method, n, distrust(deviations))

    def influence(self, sample: Sample, value: float) -> NDArray[np.float64]:
        """Give x - mean, or of a ratio (top - R bottom) / mean bottom, [row]."""
        if sample.top is None or sample.bottom is None:
            return sample.values - value
        below = exact_sum(sample.bottom) / len(sample.values)
        return (sample.top - value * sample.bottom) / below
