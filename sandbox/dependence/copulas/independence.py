"""`{kind: independence}`: lines that know nothing of one another."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from sandbox.dependence.copulas.copula import Copula, CopulaLine, pairs
from sandbox.kernels import copulas as kernels
from sandbox.kernels.strata import ALONE, Drivers

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Independence(Copula):
    """C(u) = prod u."""

    KIND: ClassVar[str] = "independence"

    size: int = 2

    def sample(self, key: np.uint64, first: int, years: int, drivers: Drivers = ALONE) -> Floats:
        """Draw years: [year, line]."""
        u = np.empty((years, self.size))
        kernels.independent(drivers, key, first, u)
        return u

    def log_density(self, u: Floats) -> Floats:
        """Give ln density, which is 0."""
        return np.zeros(len(u))

    def conditional(self, u: Floats, v: Floats) -> Floats:
        """Give P(V <= v | U = u) = v."""
        del u
        return v

    def pair(self, i: int, j: int) -> "Independence":
        """Give the copula of two of the lines."""
        del i, j
        return Independence(2)

    def tau(self) -> Floats:
        """Give Kendall's tau of each pair, 0."""
        return pairs(0.0, self.size)

    def lower(self) -> Floats:
        """Give the tail dependence below, 0."""
        return pairs(0.0, self.size)

    def upper(self) -> Floats:
        """Give the tail dependence above, 0."""
        return pairs(0.0, self.size)

    def yaml(self) -> str:
        """Give the copula as it stands after `copula:`."""
        return "{kind: independence}"


class IndependenceLine(CopulaLine):
    """What stands after `copula:`."""

    kind: Literal["independence"]

    def bound(self, lines: Sequence[str]) -> Independence:
        """Give the copula of these lines."""
        return Independence(len(lines))
