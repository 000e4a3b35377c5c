"""`{kind: gaussian, matrix: [[1, 0.5], [0.5, 1]]}`: the dependence of normal variables."""

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from sandbox.dependence.copulas.copula import pairs
from sandbox.dependence.copulas.elliptical import Elliptical, EllipticalLine, of_pair
from sandbox.kernels import copulas as kernels
from sandbox.kernels.strata import ALONE, Drivers

Floats = npt.NDArray[np.float64]


class Gaussian(Elliptical):
    """The copula of a normal vector: no tail dependence while a correlation is below 1."""

    KIND: ClassVar[str] = "gaussian"

    def sample(self, key: np.uint64, first: int, years: int, drivers: Drivers = ALONE) -> Floats:
        """Draw years: [year, line]."""
        u = np.empty((years, self.size))
        kernels.gaussian(drivers, key, first, self.correlation.root, u)
        return u

    def log_density(self, u: Floats) -> Floats:
        """Give ln density: -ln det / 2 - z' (R⁻¹ - 1) z / 2."""
        z = ndtri(u)
        root = self.correlation.root
        y = np.linalg.solve(root, z.T).T
        logs = np.log(np.diag(root)).sum()
        return np.asarray(-logs - 0.5 * ((y * y).sum(axis=1) - (z * z).sum(axis=1)))

    def conditional(self, u: Floats, v: Floats) -> Floats:
        """Give P(V <= v | U = u) of the first two lines."""
        rho = self.rho
        spread = np.sqrt((1.0 - rho) * (1.0 + rho))
        return np.asarray(ndtr((ndtri(v) - rho * ndtri(u)) / spread), dtype=np.float64)

    def pair(self, i: int, j: int) -> "Gaussian":
        """Give the copula of two of the lines."""
        return Gaussian(of_pair(float(self.correlation.values[i, j])))

    def lower(self) -> Floats:
        """Give the tail dependence below, 0."""
        return pairs(0.0, self.size)

    def yaml(self) -> str:
        """Give the copula as it stands after `copula:`."""
        return f"{{kind: gaussian, {self.rows()}}}"


class GaussianLine(EllipticalLine):
    """What stands after `copula:`."""

    kind: Literal["gaussian"]

    def bound(self, lines: Sequence[str]) -> Gaussian:
        """Give the copula of these lines. Raises BadInput for a matrix that does not fit them."""
        return Gaussian(self.bound_matrix(lines))
