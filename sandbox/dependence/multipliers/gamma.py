"""`{kind: gamma, cv: 20%}`: with a Poisson count, a negative binomial one."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from sandbox.dependence.multipliers.multiplier import Spreading
from sandbox.kernels.multipliers import gamma_multipliers

Floats = npt.NDArray[np.float64]


class Gamma(Spreading):
    """A gamma of mean 1: shape and rate 1 / cv**2."""

    kind: Literal["gamma"]

    def values(self, line: int, u: Floats) -> Floats:
        """Give the u-quantiles for a line, [row]."""
        values = np.empty(u.size)
        gamma_multipliers(self.of_line(line), u, values)
        return values
