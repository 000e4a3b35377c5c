"""Paths of capital: rows of yearly results put one after another."""

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from product_factory.errors import BadValue
from sandbox.measures.measured import Z95, Measured
from sandbox.measures.sample import Sample
from sandbox.measures.wilson import wilson

ENOUGH_SEEN = 10
"""Fewer ruins (or survivals) than these, and the interval is not to be trusted."""


class Paths(BaseModel):
    """Capital and the results so far, which are ruined where they fall below zero at a year's end.

    The figure must be a yearly result (premium less claims and expenses). Rows 1 to `years` are
    the first path, the next `years` rows the second; rows that fill no path are left out. Paths
    are independent where rows are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    capital: float = Field(ge=0.0, allow_inf_nan=False)
    years: int = Field(ge=1, le=1000)

    def first_years(self, sample: Sample) -> NDArray[np.int64]:
        """Give the year in which each path is ruined, 1 for its first, 0 for never, [path].

        BadValue where the rows fill no path.
        """
        paths = len(sample.values) // self.years
        if paths < 1:
            msg = f"ruin within {self.years} years: expected at least as many rows, got fewer"
            raise BadValue(msg)
        results = sample.values[: paths * self.years].reshape(paths, self.years)
        below = self.capital + np.cumsum(results, axis=1) < 0.0
        return np.where(below.any(axis=1), below.argmax(axis=1) + 1, 0)

    def by_year(self, sample: Sample) -> tuple[Measured, ...]:
        """Give the probability of ruin up to the end of year 1, 2, … `years`."""
        first = self.first_years(sample)
        ruined = np.cumsum(np.bincount(first, minlength=self.years + 1)[1:])
        return tuple(share_ruined(int(count), len(first)) for count in ruined.tolist())


def share_ruined(ruined: int, paths: int) -> Measured:
    """Give the share of ruined paths with Wilson's interval; the error is its width / 2 x 1.96."""
    share = ruined / paths
    low, high = wilson(share, paths)
    seen = min(ruined, paths - ruined)
    why = "" if seen >= ENOUGH_SEEN else f"{ruined} of {paths} paths are ruined; too few to say"
    error = (high - low) / (2.0 * Z95)
    method = "share of ruined paths; Wilson's interval"
    return Measured(share, error, low, high, method, paths, not why, why)
