"""Measures of rows that come in draws, and how much of their spread is of which origin.

Rows of one draw share its assumptions, so that they are no independent rows: the error of a measure
is that of the mean of its influences by draw.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sandbox.measures import Measure, Measured, Sample
from sandbox.measures.exact import exact_sum
from sandbox.measures.spread import distrust

Floats = npt.NDArray[np.float64]


def clustered(measure: Measure, sample: Sample, draws: int) -> Measured:
    """Measure rows of `draws` draws of equal size, which follow one another."""
    value = measure.measure(sample)
    of_rows = measure.influence(sample, value.value)
    means = of_rows.reshape(draws, -1).mean(axis=1)
    means = means - exact_sum(means) / draws
    error = math.sqrt(exact_sum(means * means) / (draws - 1) / draws)
    method = f"{value.method.partition(';')[0]}; error of {draws} draws, normal interval"
    if math.isnan(error):
        unbounded = (value.value, math.inf, -math.inf, math.inf, method, value.n)
        return Measured(*unbounded, trusted=False, why=value.why)
    return Measured.normal(value.value, error, method, value.n, value.why or distrust(means))


@dataclass(frozen=True)
class Origins:
    """The variance of a row's figure, of the process alone and of the assumptions, with errors.

    process     mean over draws of the variance within a draw
    parameter   variance over draws of the mean, less what the process adds to it
    """

    process: float
    process_error: float
    parameter: float
    parameter_error: float

    @property
    def share(self) -> float:
        """The part of the variance that better-known assumptions would take away."""
        total = self.process + self.parameter
        return self.parameter / total if total > 0.0 else 0.0


def origins(values: Floats, draws: int) -> Origins:
    """Split the variance of rows of `draws` draws of equal size; errors by leaving out each draw.

    One-way analysis of variance with random effects (Searle, Casella and McCulloch, Variance
    Components, 1992, 3.2): parameter = (mean square between − within) / size, not below 0.
    """
    by_draw = values.reshape(draws, -1)
    whole = _components(by_draw)
    left = np.array([_components(np.delete(by_draw, draw, axis=0)) for draw in range(draws)])
    spread = left - left.mean(axis=0)
    errors = np.sqrt((draws - 1) / draws * (spread * spread).sum(axis=0))
    return Origins(whole[0], float(errors[0]), max(0.0, whole[1]), float(errors[1]))


def _components(by_draw: Floats) -> tuple[float, float]:
    size = by_draw.shape[1]
    within = float(by_draw.var(axis=1, ddof=1).mean())
    between = float(by_draw.mean(axis=1).var(ddof=1))
    return within, between - within / size
