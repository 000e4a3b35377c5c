"""`{kind: t, freedom: 4, matrix: [[1, 0.5], [0.5, 1]]}`: both tails come together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, stdtr, stdtrit

from product_factory.errors import BadInput
from product_factory.strict import Plain
from sandbox.dependence.copulas.elliptical import Elliptical, EllipticalLine, of_pair
from sandbox.kernels import copulas as kernels
from sandbox.kernels.strata import ALONE, Drivers

Floats = npt.NDArray[np.float64]
LEAST, MOST = 1.0, 1000.0
"""Degrees of freedom."""


@dataclass(frozen=True, eq=False)
class T(Elliptical):
    """The copula of Student's t: a normal vector over the root of one chi-squared over freedom.

    Tail dependence of a pair, in both tails: 2 T(-sqrt((freedom + 1) (1 - rho) / (1 + rho))), T of
    freedom + 1 (McNeil, Frey and Embrechts, (7.38) and table 7.1).
    """

    KIND: ClassVar[str] = "t"

    freedom: float = 4.0

    def sample(self, key: np.uint64, first: int, years: int, drivers: Drivers = ALONE) -> Floats:
        """Draw years: [year, line]."""
        u = np.empty((years, self.size))
        kernels.student(drivers, key, first, self.correlation.root, self.freedom, u)
        return u

    def log_density(self, u: Floats) -> Floats:
        """Give ln density: that of the vector less those of its coordinates."""
        nu, d = self.freedom, self.size
        x = stdtrit(nu, u)
        root = self.correlation.root
        y = np.linalg.solve(root, x.T).T
        scale = gammaln(0.5 * (nu + d)) + (d - 1) * gammaln(0.5 * nu)
        scale -= d * gammaln(0.5 * (nu + 1.0)) + np.log(np.diag(root)).sum()
        joint = 0.5 * (nu + d) * np.log1p((y * y).sum(axis=1) / nu)
        each = 0.5 * (nu + 1.0) * np.log1p(x * x / nu).sum(axis=1)
        return np.asarray(scale - joint + each, dtype=np.float64)

    def conditional(self, u: Floats, v: Floats) -> Floats:
        """Give P(V <= v | U = u) of the first two lines: a t of one more degree of freedom."""
        nu, rho = self.freedom, self.rho
        x, y = stdtrit(nu, u), stdtrit(nu, v)
        spread = np.sqrt((nu + x * x) * (1.0 - rho) * (1.0 + rho) / (nu + 1.0))
        return np.asarray(stdtr(nu + 1.0, (y - rho * x) / spread), dtype=np.float64)

    def pair(self, i: int, j: int) -> "T":
        """Give the copula of two of the lines."""
        return T(of_pair(float(self.correlation.values[i, j])), self.freedom)

    def lower(self) -> Floats:
        """Give the tail dependence below, which is that above."""
        rho = self.correlation.values
        far = np.sqrt((self.freedom + 1.0) * np.maximum(1.0 - rho, 0.0) / (1.0 + rho))
        return np.asarray(2.0 * stdtr(self.freedom + 1.0, -far), dtype=np.float64)

    def yaml(self) -> str:
        """Give the copula as it stands after `copula:`."""
        return f"{{kind: t, freedom: {round(self.freedom, 3):g}, {self.rows()}}}"


class TLine(EllipticalLine):
    """What stands after `copula:`; freedom: degrees of freedom, the fewer the heavier the tails."""

    kind: Literal["t"]
    freedom: Plain

    def bound(self, lines: Sequence[str]) -> T:
        """Give the copula of these lines. Raises BadInput for what does not fit them."""
        if not LEAST <= self.freedom <= MOST:
            text = f"expected {LEAST:g} to {MOST:g} degrees of freedom, got {self.freedom:g}"
            raise BadInput.one(self.place("freedom"), "freedom", text)
        return T(self.bound_matrix(lines), self.freedom)
