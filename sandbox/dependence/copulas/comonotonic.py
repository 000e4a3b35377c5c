"""`{kind: comonotonic}`: one number for all lines, such as a shock that all of them share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from sandbox.dependence.copulas.copula import Copula, CopulaLine, pairs
from sandbox.kernels import copulas as kernels
from sandbox.kernels.strata import ALONE, Drivers

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Comonotonic(Copula):
    """C(u) = min u: the upper bound of Fréchet and Hoeffding, without a density."""

    KIND: ClassVar[str] = "comonotonic"

    size: int = 2

    def sample(self, key: np.uint64, first: int, years: int, drivers: Drivers = ALONE) -> Floats:
        """Draw years: [year, line]."""
        u = np.empty((years, self.size))
        kernels.comonotonic(drivers, key, first, u)
        return u

    def log_density(self, u: Floats) -> Floats:
        """Raise BadValue: all of it lies on the diagonal."""
        del u
        raise BadValue("the comonotonic copula has no density")

    def conditional(self, u: Floats, v: Floats) -> Floats:
        """Give P(V <= v | U = u): 1 from u on."""
        return np.asarray(np.greater_equal(v, u), dtype=np.float64)

    def distribution(self, u: Floats, v: Floats) -> Floats:
        """Give P(U <= u, V <= v)."""
        return np.asarray(np.minimum(u, v), dtype=np.float64)

    def pair(self, i: int, j: int) -> "Comonotonic":
        """Give the copula of two of the lines."""
        del i, j
        return Comonotonic(2)

    def tau(self) -> Floats:
        """Give Kendall's tau of each pair, 1."""
        return pairs(1.0, self.size)

    def lower(self) -> Floats:
        """Give the tail dependence below, 1."""
        return pairs(1.0, self.size)

    def upper(self) -> Floats:
        """Give the tail dependence above, 1."""
        return pairs(1.0, self.size)

    def yaml(self) -> str:
        """Give the copula as it stands after `copula:`."""
        return "{kind: comonotonic}"


class ComonotonicLine(CopulaLine):
    """What stands after `copula:`."""

    kind: Literal["comonotonic"]

    def bound(self, lines: Sequence[str]) -> Comonotonic:
        """Give the copula of these lines."""
        return Comonotonic(len(lines))
