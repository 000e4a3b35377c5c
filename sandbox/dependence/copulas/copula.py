"""What every copula gives, and what its line in a file says."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from product_factory.strict import Strict
from sandbox.kernels.strata import ALONE, Drivers

Floats = npt.NDArray[np.float64]
NODES, WEIGHTS = np.polynomial.legendre.leggauss(64)


class Copula(ABC):
    """A distribution on the unit cube with uniform margins, one coordinate for each line.

    KIND  the word that stands after `kind:`
    """

    KIND: ClassVar[str]
    size: int

    @abstractmethod
    def sample(self, key: np.uint64, first: int, years: int, drivers: Drivers = ALONE) -> Floats:
        """Draw the years first, first + 1, …: [year, line], each named by the key and its year.

        drivers  how the numbers of years are drawn
        """

    @abstractmethod
    def log_density(self, u: Floats) -> Floats:
        """Give ln density at u [row, line], all strictly between 0 and 1: [row]."""

    @abstractmethod
    def conditional(self, u: Floats, v: Floats) -> Floats:
        """Give P(V <= v | U = u) of two lines (the first two, where there are more)."""

    def distribution(self, u: Floats, v: Floats) -> Floats:
        """Give P(U <= u, V <= v) of two lines: the integral of `conditional`.

        Gauss-Legendre in w, s = u w**3, which resolves what happens near 0; to about 1e-6.
        """
        w = 0.5 * (NODES + 1.0)
        at = np.asarray(u)[:, None] * w**3
        rise = self.conditional(at, np.broadcast_to(np.asarray(v)[:, None], at.shape)) * 3.0 * w**2
        return np.asarray(u * (rise @ (0.5 * WEIGHTS)), dtype=np.float64)

    @abstractmethod
    def pair(self, i: int, j: int) -> "Copula":
        """Give the copula of two of the lines."""

    @abstractmethod
    def tau(self) -> Floats:
        """Give Kendall's tau of each pair, [line, line]."""

    @abstractmethod
    def lower(self) -> Floats:
        """Give the tail dependence below, lim P(V <= q | U <= q) as q falls to 0, of each pair."""

    @abstractmethod
    def upper(self) -> Floats:
        """Give the tail dependence above, lim P(V > q | U > q) as q rises to 1, of each pair."""

    @abstractmethod
    def yaml(self) -> str:
        """Give the copula as it stands after `copula:` in a file, parameters in filed decimals."""

    @property
    def change(self) -> float:
        """By how much a repair moved the entry that it moved most; 0 for none."""
        return 0.0


class CopulaLine(Strict, ABC):
    """What stands after `copula:`."""

    @abstractmethod
    def bound(self, lines: Sequence[str]) -> Copula:
        """Give the copula of these lines. Raises BadInput for what does not fit them."""


def pairs(value: float, size: int, own: float = 1.0) -> Floats:
    """Give the matrix with one value for all pairs, and another on the diagonal."""
    matrix = np.full((size, size), value)
    np.fill_diagonal(matrix, own)
    return matrix
