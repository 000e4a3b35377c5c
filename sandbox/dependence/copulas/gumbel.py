"""`{kind: gumbel, theta: 1.5}`: lines that are high together."""

import math
from functools import cache
from typing import ClassVar, Literal, Self

import numpy as np
import numpy.typing as npt

from sandbox.dependence.copulas.archimedean import Archimedean, ArchimedeanLine
from sandbox.dependence.copulas.copula import pairs
from sandbox.kernels import copulas as kernels
from sandbox.kernels.strata import ALONE, Drivers

Floats = npt.NDArray[np.float64]


class Gumbel(Archimedean):
    """C(u) = exp(-(sum (-ln u)**theta)**(1 / theta)), theta >= 1; 1 is independence.

    tau = 1 - 1/theta, upper tail dependence 2 - 2**(1/theta), none below (McNeil, Frey and
    Embrechts, table 7.5). Density in d dimensions: M. Hofert, M. Mächler and A. J. McNeil,
    "Likelihood inference for Archimedean copulas in high dimensions", JMVA 110 (2012).
    """

    KIND: ClassVar[str] = "gumbel"
    LEAST: ClassVar[float] = 1.0
    MOST: ClassVar[float] = 30.0

    @classmethod
    def fits(cls, theta: float, size: int) -> str:
        """Say what is expected of theta where it does not fit, or nothing."""
        del size
        good = cls.LEAST <= theta <= cls.MOST
        return "" if good else f"a theta of {cls.LEAST:g} to {cls.MOST:g}"

    @classmethod
    def of_tau(cls, tau: float, size: int = 2) -> Self:
        """Give the copula with a tau, as near to it as its bounds allow."""
        theta = 1.0 / (1.0 - tau) if tau < 1.0 else cls.MOST
        return cls(float(np.clip(theta, 1.0, cls.MOST)), size)

    def sample(self, key: np.uint64, first: int, years: int, drivers: Drivers = ALONE) -> Floats:
        """Draw years: [year, line]."""
        u = np.empty((years, self.size))
        if self.theta == 1.0:
            kernels.independent(drivers, key, first, u)
        else:
            kernels.gumbel(drivers, key, first, self.theta, u)
        return u

    def log_density(self, u: Floats) -> Floats:
        """Give ln density, with s = sum (-ln u)**theta and x = s**(1/theta)."""
        theta, d = self.theta, self.size
        less = -np.log(u)
        logs = np.log(less)
        top = logs.max(axis=1, keepdims=True)
        log_s = theta * top[:, 0] + np.log(np.exp(theta * (logs - top)).sum(axis=1))
        x = np.exp(log_s / theta)
        series = np.polynomial.polynomial.polyval(x, np.array(_coefficients(d, 1.0 / theta)))
        found = d * math.log(theta) - x + (theta - 1.0) * logs.sum(axis=1) + less.sum(axis=1)
        return np.asarray(found - d * log_s + np.log(series), dtype=np.float64)

    def conditional(self, u: Floats, v: Floats) -> Floats:
        """Give P(V <= v | U = u)."""
        a, b = np.log(-np.log(u)), np.log(-np.log(v))
        log_s = np.logaddexp(self.theta * a, self.theta * b) / self.theta
        found = np.exp(-np.exp(log_s) - np.log(u) + (self.theta - 1.0) * (a - log_s))
        return np.asarray(found, dtype=np.float64)

    def distribution(self, u: Floats, v: Floats) -> Floats:
        """Give P(U <= u, V <= v)."""
        a, b = np.log(-np.log(u)), np.log(-np.log(v))
        log_s = np.logaddexp(self.theta * a, self.theta * b) / self.theta
        return np.asarray(np.exp(-np.exp(log_s)), dtype=np.float64)

    def tau_of_pair(self) -> float:
        """Give Kendall's tau of any two lines."""
        return 1.0 - 1.0 / self.theta

    def upper(self) -> Floats:
        """Give the tail dependence above."""
        return pairs(2.0 - 2.0 ** (1.0 / self.theta), self.size)


@cache
def stirling(d: int) -> tuple[list[list[int]], list[list[int]]]:
    """Give Stirling numbers of the first kind (signed) and of the second, up to d."""
    first = [[0] * (d + 1) for _ in range(d + 1)]
    second = [[0] * (d + 1) for _ in range(d + 1)]
    first[0][0] = second[0][0] = 1
    for n in range(1, d + 1):
        for k in range(1, n + 1):
            first[n][k] = first[n - 1][k - 1] - (n - 1) * first[n - 1][k]
            second[n][k] = second[n - 1][k - 1] + k * second[n - 1][k]
    return first, second


def _coefficients(d: int, alpha: float) -> list[float]:
    """Give a_0 … a_d of the polynomial in s**alpha of the density, all 0 or more."""
    first, second = stirling(d)
    found = [0.0] * (d + 1)
    for k in range(1, d + 1):
        terms = (alpha**j * first[d][j] * second[j][k] for j in range(k, d + 1))
        found[k] = (-1) ** (d - k) * math.fsum(terms)
    return found


class GumbelLine(ArchimedeanLine):
    """What stands after `copula:`."""

    kind: Literal["gumbel"]

    def model(self) -> type[Gumbel]:
        """Give the copula that this is a line of."""
        return Gumbel
