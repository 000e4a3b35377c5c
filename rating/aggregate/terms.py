"""What is kept of one claim."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from product_factory.numbers.domains import require
from rating.aggregate.layers import layers
from rating.severities import Size

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ClaimTerms:
    """Y = share × min(max(X - deductible, 0), limit) of a claim X.

    deductible: >= 0;  limit: > 0, may be infinite, both in currency;  share: above 0, at most 1.
    """

    deductible: float = 0.0
    limit: float = math.inf
    share: float = 1.0

    def __post_init__(self) -> None:
        require("deductible", self.deductible, "0 or more", holds=self.deductible >= 0.0)
        require("share", self.share, "above 0 and at most 1", holds=0.0 < self.share <= 1.0)
        if not self.limit > 0.0:
            raise BadValue(f"limit: expected above 0, got {self.limit:g}")

    @property
    def most(self) -> float:
        """The most that is kept of a claim."""
        return self.share * self.limit

    def layer(self, severity: Size, low: float, high: float) -> float:
        """Return E[min(max(Y - low, 0), high - low)] for 0 <= low <= high."""
        top = min(high, self.most)
        if low >= top:
            return 0.0
        start = self.deductible + low / self.share
        return self.share * severity.expected_layer(start, (top - low) / self.share)

    def layers(self, severity: Size, bounds: Floats) -> Floats:
        """Return `layer` between each bound and the next; bounds: rising from 0 or more."""
        lows, tops = bounds[:-1], np.minimum(bounds[1:], self.most)
        found = np.zeros(lows.size)
        paid = lows < tops
        starts = self.deductible + lows[paid] / self.share
        found[paid] = self.share * layers(severity, starts, (tops - lows)[paid] / self.share)
        return found
