"""The probability of ruin within a number of years."""

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from product_factory.errors import BadValue
from sandbox.measures.measured import Z95, Measured
from sandbox.measures.sample import Sample
from sandbox.measures.wilson import wilson

ENOUGH_SEEN = 10
"""Fewer ruins (or survivals) than these, and the interval is not to be trusted."""


class Ruin(BaseModel):
    """Probability that capital and the results so far fall below zero at the end of some year.

    The figure must be a yearly result (premium less claims and expenses). Rows 1 to `years` are
    the first path, the next `years` rows the second; rows that fill no path are left out. Paths
    are independent where rows are. The interval is Wilson's; the error is its width over
    2 x 1.96.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    UNIT: ClassVar[Literal["ratio"]] = "ratio"
    kind: Literal["ruin"] = "ruin"
    capital: float = Field(ge=0.0, allow_inf_nan=False)
    years: int = Field(ge=1, le=1000)

    def measure(self, sample: Sample) -> Measured:
        """Give the share of ruined paths with Wilson's interval."""
        ruined = int(np.count_nonzero(self.first_years(sample)))
        paths = len(sample.values) // self.years
        share = ruined / paths
        low, high = wilson(share, paths)
        seen = min(ruined, paths - ruined)
        why = "" if seen >= ENOUGH_SEEN else f"{ruined} of {paths} paths are ruined; too few to say"
        error = (high - low) / (2.0 * Z95)
        method = "share of ruined paths; Wilson's interval"
        return Measured(share, error, low, high, method, paths, not why, why)

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

    def influence(self, sample: Sample, value: float) -> NDArray[np.float64]:
        """Give (1{path is ruined} - p) x years at the first row of each path, else 0, [row]."""
        found = np.zeros(len(sample.values))
        ruined = self.first_years(sample) > 0
        found[: len(ruined) * self.years : self.years] = (ruined - value) * self.years
        return found
