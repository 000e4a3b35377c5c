"""The standard deviation of a figure."""

import math
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from sandbox.measures.exact import exact_sum
from sandbox.measures.measured import Measured
from sandbox.measures.sample import Sample
from sandbox.measures.spread import distrust


class StandardDeviation(BaseModel):
    """Square root of the variance, sum (x - mean)**2 / (n - 1).

    Standard error by the delta method: sqrt((m4 - m2**2) / (4 m2 n)), m2 and m4 the second and
    fourth central moments (Stuart and Ord, Kendall's Advanced Theory of Statistics 1, 10.9).
    Trust is asked of the squares, since they are what is averaged here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["standard_deviation"] = "standard_deviation"

    def measure(self, sample: Sample) -> Measured:
        """Give the standard deviation with its standard error and normal interval."""
        n = len(sample.values)
        method = "root of the variance over n - 1; delta method, normal interval"
        deviations = sample.values - exact_sum(sample.values) / n
        squares = deviations * deviations
        total = exact_sum(squares)
        if total == 0.0:
            return Measured.normal(0.0, 0.0, method, n, distrust(deviations))
        second = total / n
        # Var of squares over their mean: scaled, so that fourth powers of currency stay small.
        relative = squares / second - 1.0
        variance = exact_sum(relative * relative) / n
        error = math.sqrt(second * variance / (4.0 * n))
        why = distrust(deviations) or (distrust(relative) if variance > 0.0 else "")
        measured = Measured.normal(math.sqrt(total / (n - 1)), error, method, n, why)
        return replace(measured, low=max(0.0, measured.low))

    def influence(self, sample: Sample, value: float) -> NDArray[np.float64]:
        """Give ((x - mean)**2 - sd**2) / (2 sd), [row]; zero where rows show no spread."""
        deviations = sample.values - exact_sum(sample.values) / len(sample.values)
        if value == 0.0:
            return np.zeros_like(deviations)
        squares: NDArray[np.float64] = deviations * deviations
        return (squares - value * value) / (2.0 * value)
