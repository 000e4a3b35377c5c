"""Tail value at risk: the mean of the worst rows."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from sandbox.measures.exact import exact_sum
from sandbox.measures.measured import Measured
from sandbox.measures.ranks import decimal, ranks
from sandbox.measures.sample import Sample
from sandbox.measures.spread import ENOUGH_IN_TAIL, distrust
from sandbox.measures.value_at_risk import ENOUGH_BEYOND


class TailValueAtRisk(BaseModel):
    """Mean of the quantiles above a level: the integral of VaR_u over u from level to 1, divided
    by 1 - level, for the empirical distribution (Acerbi and Tasche 2002), so that the row in
    which the level falls counts in part and the measure stays coherent with ties.

    Standard error: sqrt((Var(X | X > q) + level (TVaR - q)**2) / (n (1 - level))), q the value
    at risk (Manistre and Hancock 2005, North American Actuarial Journal 9(2), 129-156).
    """  # noqa: D205 - the definition is one sentence

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["tail_value_at_risk"] = "tail_value_at_risk"
    level: float = Field(gt=0.0, lt=1.0)

    def measure(self, sample: Sample) -> Measured:
        """Give the tail mean with its asymptotic error and normal interval."""
        method = "mean beyond the quantile; Manistre-Hancock error, normal interval"
        ascending = np.sort(sample.values)
        n = len(ascending)
        level = decimal(self.level)
        at = ranks(n, level).at
        quantile = float(ascending[at - 1])
        beyond = ascending[at:]
        rows = n - n * level
        in_part = float(at - n * level)
        value = (exact_sum(beyond) + in_part * quantile) / float(rows)
        if len(beyond) < 2:  # noqa: PLR2004 - a variance needs two
            why = f"{len(beyond)} rows lie beyond the quantile; {ENOUGH_BEYOND} are wanted"
            return Measured(value, math.inf, -math.inf, math.inf, method, n, trusted=False, why=why)
        within = beyond - exact_sum(beyond) / len(beyond)
        spread = exact_sum(within * within) / (len(beyond) - 1)
        gap = value - quantile
        error = math.sqrt((spread + float(level) * gap * gap) / float(rows))
        if len(beyond) < ENOUGH_BEYOND:
            why = f"{len(beyond)} rows lie beyond the quantile; {ENOUGH_BEYOND} are wanted"
        else:
            excess = np.maximum(ascending - quantile, 0.0)
            why = distrust(excess - exact_sum(excess) / n, ENOUGH_IN_TAIL)
        return Measured.normal(value, error, method, n, why)

    def influence(self, sample: Sample, value: float) -> NDArray[np.float64]:
        """Give q + max(x - q, 0) / (1 - level) - TVaR, [row]."""
        ascending = np.sort(sample.values)
        quantile = float(ascending[ranks(len(ascending), decimal(self.level)).at - 1])
        beyond = np.asarray(np.maximum(sample.values - quantile, 0.0), dtype=np.float64)
        return beyond / (1.0 - self.level) + (quantile - value)

    def weights(self, rows: int) -> NDArray[np.float64]:
        """Give the weight of each rank, ascending; together 1."""
        level = decimal(self.level)
        at = ranks(rows, level).at
        beyond = rows - rows * level
        found = np.zeros(rows)
        found[at:] = float(1 / beyond)
        found[at - 1] = float((at - rows * level) / beyond)
        return found
