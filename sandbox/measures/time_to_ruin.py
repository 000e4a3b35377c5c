"""The mean time to ruin of the paths that are ruined."""

import math
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from sandbox.measures.exact import exact_sum
from sandbox.measures.measured import Measured
from sandbox.measures.paths import ENOUGH_SEEN, Paths
from sandbox.measures.sample import Sample
from sandbox.measures.spread import distrust


class TimeToRuin(Paths):
    """E(T | T <= years), T the year at whose end capital first lies below zero, 1 for the first.

    A ratio of two means over paths, years of the ruined over the ruined, with the error of the
    delta method: sd of T among them over the root of their number. `by_year` gives the
    probabilities of ruin up to each year. What a path is: see `Paths`.
    """

    RESULT: ClassVar[bool] = True
    UNIT: ClassVar[Literal["years"]] = "years"
    kind: Literal["time_to_ruin"] = "time_to_ruin"

    def measure(self, sample: Sample) -> Measured:
        """Give the mean year of ruin with its normal interval; NaN where no path is ruined."""
        first = self.first_years(sample)
        ruined = first[first > 0].astype(np.float64)
        method = "mean year of the ruined paths; delta method, normal interval"
        paths, count = len(first), len(ruined)
        why = f"{count} of {paths} paths are ruined; too few to say"
        if count < 2:  # noqa: PLR2004 - a spread needs two
            value = float(ruined[0]) if count else math.nan
            return Measured(value, math.inf, -math.inf, math.inf, method, paths, False, why)  # noqa: FBT003 - as its fields stand
        value = exact_sum(ruined) / count
        away = ruined - value
        error = math.sqrt(exact_sum(away * away) / (count - 1) / count)
        why = why if count < ENOUGH_SEEN else distrust(away)
        return Measured.normal(value, error, method, paths, why)

    def influence(self, sample: Sample, value: float) -> NDArray[np.float64]:
        """Give 1{ruined} (T - value) / P(ruined) x years at the first row of each path, [row]."""
        found = np.zeros(len(sample.values))
        first = self.first_years(sample)
        ruined = first > 0
        if not ruined.any():
            return np.full(len(sample.values), np.nan)
        share = np.count_nonzero(ruined) / len(first)
        pull = np.where(ruined, first - value, 0.0) * (self.years / share)
        found[: len(first) * self.years : self.years] = pull
        return found
