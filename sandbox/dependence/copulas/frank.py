"""`{kind: frank, theta: 4}`: lines that depend in the middle more than in either tail."""

import math
from typing import ClassVar, Literal, Self

import numpy as np
import numpy.typing as npt
from scipy.integrate import quad
from scipy.optimize import brentq

from sandbox.dependence.copulas.archimedean import Archimedean, ArchimedeanLine
from sandbox.dependence.copulas.gumbel import stirling
from sandbox.kernels import copulas as kernels
from sandbox.kernels.strata import ALONE, Drivers

Floats = npt.NDArray[np.float64]
SMALL = 1e-4
"""Below it tau is theta / 9 to every digit that counts."""
PAIR = 2


class Frank(Archimedean):
    """C(u) = -ln(1 + prod (e**(-theta u) - 1) / (e**-theta - 1)**(d - 1)) / theta, theta not 0.

    tau = 1 - 4 (1 - D(theta)) / theta with Debye's D(x) = (1/x) times the integral of
    t / (e**t - 1) from 0 to x; no tail dependence (McNeil, Frey and Embrechts, table 7.5). A theta
    below 0 is for two lines. Density in d dimensions: Hofert, Mächler and McNeil (2012).
    """

    KIND: ClassVar[str] = "frank"
    LEAST: ClassVar[float] = -35.0
    MOST: ClassVar[float] = 35.0

    @classmethod
    def fits(cls, theta: float, size: int) -> str:
        """Say what is expected of theta where it does not fit, or nothing."""
        low = cls.LEAST if size == PAIR else 0.0
        if low <= theta <= cls.MOST and theta != 0.0:
            return ""
        lines = "" if size == PAIR else f" for {size} lines"
        return f"a theta of {low:g} to {cls.MOST:g}, not 0{lines}"

    @classmethod
    def of_tau(cls, tau: float, size: int = 2) -> Self:
        """Give the copula with a tau, as near to it as its bounds allow."""
        most = cls(cls.MOST).tau_of_pair()
        least = SMALL / 9.0 if size > PAIR else -most
        wanted = min(max(tau, least), most)
        if abs(wanted) <= SMALL / 9.0:
            return cls(math.copysign(SMALL, wanted), size)
        found = brentq(lambda x: cls(x).tau_of_pair() - abs(wanted), SMALL / 2.0, cls.MOST + 1e-9)
        return cls(math.copysign(min(float(found), cls.MOST), wanted), size)

    def sample(self, key: np.uint64, first: int, years: int, drivers: Drivers = ALONE) -> Floats:
        """Draw years: [year, line]."""
        u = np.empty((years, self.size))
        kernels.frank(drivers, key, first, self.theta, u)
        return u

    def log_density(self, u: Floats) -> Floats:
        """Give ln density by the polylogarithm of order 1 - d, a sum of powers of h / (1 - h)."""
        theta, d = self.theta, self.size
        whole = -math.expm1(-theta)
        h = np.prod(-np.expm1(-theta * u), axis=1) / whole ** (d - 1)
        odds = h / (1.0 - h)
        _, second = stirling(d)
        series = sum(math.factorial(k) * second[d][k + 1] * odds**k for k in range(d))
        found = (d - 1) * math.log(theta / whole) - theta * u.sum(axis=1) + np.log(series)
        return np.asarray(found - np.log1p(-h), dtype=np.float64)

    def conditional(self, u: Floats, v: Floats) -> Floats:
        """Give P(V <= v | U = u)."""
        a, b = np.expm1(-self.theta * u), np.expm1(-self.theta * v)
        return np.asarray((a + 1.0) * b / (math.expm1(-self.theta) + a * b), dtype=np.float64)

    def distribution(self, u: Floats, v: Floats) -> Floats:
        """Give P(U <= u, V <= v)."""
        a, b = np.expm1(-self.theta * u), np.expm1(-self.theta * v)
        return np.asarray(-np.log1p(a * b / math.expm1(-self.theta)) / self.theta)

    def tau_of_pair(self) -> float:
        """Give Kendall's tau of any two lines."""
        size = abs(self.theta)
        if size < SMALL:
            return self.theta / 9.0
        area, _ = quad(lambda t: t / math.expm1(t) if t > 0.0 else 1.0, 0.0, size)
        return math.copysign(1.0 - 4.0 * (1.0 - area / size) / size, self.theta)


class FrankLine(ArchimedeanLine):
    """What stands after `copula:`."""

    kind: Literal["frank"]

    def model(self) -> type[Frank]:
        """Give the copula that this is a line of."""
        return Frank
