"""`{kind: lognormal, cv: 20%}`: as a gamma, with a heavier tail."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from sandbox.dependence.multipliers.multiplier import Spreading
from sandbox.kernels.multipliers import lognormal_multipliers

Floats = npt.NDArray[np.float64]


class Lognormal(Spreading):
    """A lognormal of mean 1: sigma**2 = ln(1 + cv**2), mu = -sigma**2 / 2."""

    kind: Literal["lognormal"]

    def values(self, line: int, u: Floats) -> Floats:
        """Give the u-quantiles for a line, [row]."""
        values = np.empty(u.size)
        lognormal_multipliers(self.of_line(line), u, values)
        return values
