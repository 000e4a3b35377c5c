"""The probability of ruin within a number of years."""

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from sandbox.measures.measured import Measured
from sandbox.measures.paths import Paths, share_ruined
from sandbox.measures.sample import Sample


class Ruin(Paths):
    """Probability that capital and the results so far fall below zero at the end of some year.

    The interval is Wilson's; the error is its width over 2 x 1.96. What a path is: see `Paths`.
    """

    RESULT: ClassVar[bool] = True
    UNIT: ClassVar[Literal["ratio"]] = "ratio"
    kind: Literal["ruin"] = "ruin"

    def measure(self, sample: Sample) -> Measured:
        """Give the share of ruined paths with Wilson's interval."""
        first = self.first_years(sample)
        return share_ruined(int(np.count_nonzero(first)), len(first))

    def influence(self, sample: Sample, value: float) -> NDArray[np.float64]:
        """Give (1{path is ruined} - p) x years at the first row of each path, else 0, [row]."""
        found = np.zeros(len(sample.values))
        ruined = self.first_years(sample) > 0
        found[: len(ruined) * self.years : self.years] = (ruined - value) * self.years
        return found
