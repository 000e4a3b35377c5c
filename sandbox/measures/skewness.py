"""The skewness of a figure."""

import math
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from sandbox.measures.exact import exact_sum
from sandbox.measures.measured import Measured
from sandbox.measures.sample import Sample
from sandbox.measures.spread import distrust


class Skewness(BaseModel):
    """Third central moment over the standard deviation cubed, m3 / m2**1.5 (moments over n).

    Standard error sd(h) / sqrt(n), h the influence of a row.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    UNIT: ClassVar[Literal["ratio"]] = "ratio"
    kind: Literal["skewness"] = "skewness"

    def measure(self, sample: Sample) -> Measured:
        """Give the skewness with its standard error and normal interval."""
        n = len(sample.values)
        method = "third moment over the deviation cubed; influence error, normal interval"
        deviations = sample.values - exact_sum(sample.values) / n
        second = exact_sum(deviations * deviations) / n
        if second == 0.0:
            return Measured.normal(0.0, 0.0, method, n, distrust(deviations))
        z = deviations / math.sqrt(second)
        value = exact_sum(z * z * z) / n
        influence = self.influence(sample, value)
        error = math.sqrt(exact_sum(influence * influence) / (n - 1) / n)
        why = distrust(influence) if error > 0.0 else ""
        return Measured.normal(value, error, method, n, why)

    def influence(self, sample: Sample, value: float) -> NDArray[np.float64]:
        """Give z**3 - 3 z - g - 1.5 g (z**2 - 1), z the standardised row, g the skewness, [row]."""
        n = len(sample.values)
        deviations = sample.values - exact_sum(sample.values) / n
        second = exact_sum(deviations * deviations) / n
        if second == 0.0:
            return np.zeros(n)
        z: NDArray[np.float64] = deviations / math.sqrt(second)
        return z * z * z - 3.0 * z - value - 1.5 * value * (z * z - 1.0)
