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
    """Y = share × min(C(max(X - deductible, 0)), limit) of a claim X that reaches the franchise.

    C as in `Kept`.
    """

    def layer(self, severity: Size, low: float, high: float) -> float:
        """Return E[min(max(Y - low, 0), high - low)] for 0 <= low <= high."""
        return float(self.layers(severity, np.array([low, high]))[0])

    def layers(self, severity: Size, bounds: Floats) -> Floats:
        """Return `layer` between each bound and the next; bounds: rising from 0 or more.

        Every claim that reaches the franchise is paid what is kept of one that just does.
        """
        if self.franchise <= 0.0:
            return self._rising(severity, bounds)
        least = float(self.reaching(np.array([self.franchise]))[0])
        at_once = np.diff(np.minimum(bounds, least)) * severity.survival(self.begins)
        return at_once + self._rising(severity, np.maximum(bounds, least))

    def _rising(self, severity: Size, bounds: Floats) -> Floats:
        """Return the layers of what is kept without a franchise."""
        if self.corridor == 0.0:
            return self._of(severity, bounds, self.deductible)
        edge = self.share * self.above
        below = self._of(severity, np.minimum(bounds, edge), self.deductible)
        beyond = np.maximum(bounds, edge)
        return below + self._of(severity, beyond, self.deductible + self.corridor)

    def _of(self, severity: Size, bounds: Floats, start: float) -> Floats:
        """Return the layers of a part of Y that rises with X above a start."""
        lows, tops = bounds[:-1], np.minimum(bounds[1:], self.most)
        found = np.zeros(lows.size)
        paid = lows < tops
        starts = start + lows[paid] / self.share
        found[paid] = self.share * layers(severity, starts, (tops - lows)[paid] / self.share)
        return found
