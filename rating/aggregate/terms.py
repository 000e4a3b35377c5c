"""What is kept of one claim."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rating.aggregate.kept import Kept
from rating.aggregate.layers import layers
from rating.severities import Size

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ClaimTerms(Kept):
    """Y = share × min(max(X - deductible, 0), limit) of a claim X."""

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
