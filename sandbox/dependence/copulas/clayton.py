"""`{kind: clayton, theta: 2}`: lines that are low together."""

from typing import ClassVar, Literal, Self

import numpy as np
import numpy.typing as npt

from sandbox.dependence.copulas.archimedean import Archimedean, ArchimedeanLine
from sandbox.dependence.copulas.copula import pairs
from sandbox.kernels import copulas as kernels
from sandbox.kernels.strata import ALONE, Drivers

Floats = npt.NDArray[np.float64]


class Clayton(Archimedean):
    """C(u) = (sum u**-theta - d + 1)**(-1 / theta), theta > 0.

    tau = theta / (theta + 2), lower tail dependence 2**(-1 / theta), none above (McNeil, Frey and
    Embrechts, Quantitative Risk Management, table 7.5).
    """

    KIND: ClassVar[str] = "clayton"
    LEAST: ClassVar[float] = 0.0
    MOST: ClassVar[float] = 30.0

    @classmethod
    def of_tau(cls, tau: float, size: int = 2) -> Self:
        """Give the copula with a tau, as near to it as its bounds allow."""
        theta = 2.0 * tau / (1.0 - tau) if tau < 1.0 else cls.MOST
        return cls(float(np.clip(theta, 1e-4, cls.MOST)), size)

    def sample(self, key: np.uint64, first: int, years: int, drivers: Drivers = ALONE) -> Floats:
        """Draw years: [year, line]."""
        u = np.empty((years, self.size))
        kernels.clayton(drivers, key, first, self.theta, u)
        return u

    def log_density(self, u: Floats) -> Floats:
        """Give ln density: prod (1 + k theta) prod u**(-theta - 1) s**(-1/theta - d)."""
        theta, d = self.theta, self.size
        total = np.expm1(-theta * np.log(u)).sum(axis=1)  # s - 1, kept near 0
        scale = np.log1p(theta * np.arange(d)).sum()
        logs = np.log(u).sum(axis=1)
        found = scale - (theta + 1.0) * logs - (1.0 / theta + d) * np.log1p(total)
        return np.asarray(found, dtype=np.float64)

    def conditional(self, u: Floats, v: Floats) -> Floats:
        """Give P(V <= v | U = u) = (1 + u**theta (v**-theta - 1))**(-1/theta - 1)."""
        theta = self.theta
        rest = np.exp(theta * np.log(u)) * np.expm1(-theta * np.log(v))
        return np.asarray(np.exp(-(1.0 / theta + 1.0) * np.log1p(rest)), dtype=np.float64)

    def distribution(self, u: Floats, v: Floats) -> Floats:
        """Give P(U <= u, V <= v)."""
        total = np.expm1(-self.theta * np.log(u)) + np.expm1(-self.theta * np.log(v))
        return np.asarray(np.exp(-np.log1p(total) / self.theta), dtype=np.float64)

    def tau_of_pair(self) -> float:
        """Give Kendall's tau of any two lines."""
        return self.theta / (self.theta + 2.0)

    def lower(self) -> Floats:
        """Give the tail dependence below."""
        return pairs(2.0 ** (-1.0 / self.theta), self.size)


class ClaytonLine(ArchimedeanLine):
    """What stands after `copula:`."""

    kind: Literal["clayton"]

    def model(self) -> type[Clayton]:
        """Give the copula that this is a line of."""
        return Clayton
