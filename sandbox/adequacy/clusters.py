"""Measures of rows that come in draws, and how much of their spread is of which origin.

Rows of one draw share its assumptions, so that they are no independent rows: the error of a measure
is that of the mean of its influences by draw.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import t

from sandbox.measures import Measure, Measured, Sample
from sandbox.measures.exact import exact_sum
from sandbox.measures.jackknife import jackknife
from sandbox.measures.measured import Z95
from sandbox.measures.spread import distrust
from sandbox.measures.wilson import wilson

Floats = npt.NDArray[np.float64]
ENOUGH_SEEN = 10
"""Fewer rows than these of the rarer kind do not show whether they come draw by draw."""


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


def share_of(good: npt.NDArray[np.bool_], draws: int) -> Measured:
    """Give the share of rows that are good with Wilson's interval; draws: 0 for independent rows.

    Rows of draws are worth as many independent ones as have the error that the draws show, p (1 -
    p) / error², times the square of a normal quantile over Student's, since few draws show their
    error badly (E. L. Korn and B. I. Graubard, "Confidence intervals for proportions with small
    expected number of positive counts", Survey Methodology 24 (1998), 193-201), and no more than
    there are draws where too few rows are of the rarer kind to show it.
    """
    rows, share = len(good), float(good.mean())
    worth, method = float(rows), "share of rows; Wilson's interval"
    if draws:
        worth = _worth(good.reshape(draws, -1), share)
        method = f"share of rows, worth {worth:.0f} of {rows} as draws show; Wilson's interval"
    low, high = wilson(share, worth)
    return Measured(share, (high - low) / (2.0 * Z95), low, high, method, rows)


def _worth(by_draw: npt.NDArray[np.bool_], share: float) -> float:
    """Give how many independent rows those of draws are worth, [draw, row]."""
    draws, rows = len(by_draw), by_draw.size
    seen = int(by_draw.sum())
    if min(seen, rows - seen) < ENOUGH_SEEN:
        return float(draws)
    square = float(by_draw.mean(axis=1).var(ddof=1)) / draws
    if square <= 0.0:
        return float(rows)
    sure = (Z95 / float(t.ppf(0.975, draws - 1))) ** 2
    return min(float(rows), sure * share * (1.0 - share) / square)


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
    size = by_draw.shape[1]
    means, variances = by_draw.mean(axis=1), by_draw.var(axis=1, ddof=1)
    away = means - means.mean()
    square, within = (away * away).sum(), variances.sum()
    # without a draw the sum of squares around the mean of the others is less by n / (n - 1) of its
    process = np.concatenate([[within / draws], (within - variances) / (draws - 1)])
    left_out = (square - away * away * draws / (draws - 1)) / (draws - 2)
    parameter = np.concatenate([[square / (draws - 1)], left_out]) - process / size
    errors = jackknife(np.column_stack([process[1:], parameter[1:]]))
    found = float(process[0]), max(0.0, float(parameter[0]))
    return Origins(found[0], float(errors[0]), found[1], float(errors[1]))
