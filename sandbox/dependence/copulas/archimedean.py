"""Copulas of one parameter: psi(psi⁻¹(u) + psi⁻¹(v) + …)."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from product_factory.strict import Plain
from sandbox.dependence.copulas.copula import Copula, CopulaLine, pairs

Floats = npt.NDArray[np.float64]
DECIMALS = 4


@dataclass(frozen=True)
class Archimedean(Copula):
    """An exchangeable copula: every pair of lines depends alike.

    LEAST, MOST  bounds of theta, the first excluded
    """

    LEAST: ClassVar[float]
    MOST: ClassVar[float]

    theta: float
    size: int = 2

    @classmethod
    @abstractmethod
    def of_tau(cls, tau: float, size: int = 2) -> Self:
        """Give the copula with a tau, as near to it as its bounds allow."""

    @classmethod
    def fits(cls, theta: float, size: int) -> str:
        """Say what is expected of theta where it does not fit, or nothing."""
        del size
        good = cls.LEAST < theta <= cls.MOST
        return "" if good else f"a theta above {cls.LEAST:g}, at most {cls.MOST:g}"

    @abstractmethod
    def tau_of_pair(self) -> float:
        """Give Kendall's tau of any two lines."""

    def pair(self, i: int, j: int) -> Self:
        """Give the copula of two of the lines: any two are alike."""
        del i, j
        return type(self)(self.theta, 2)

    def tau(self) -> Floats:
        """Give Kendall's tau of each pair, [line, line]."""
        return pairs(self.tau_of_pair(), self.size)

    def lower(self) -> Floats:
        """Give the tail dependence below, 0 unless a family says otherwise."""
        return pairs(0.0, self.size)

    def upper(self) -> Floats:
        """Give the tail dependence above, 0 unless a family says otherwise."""
        return pairs(0.0, self.size)

    def yaml(self) -> str:
        """Give the copula as it stands after `copula:`."""
        return f"{{kind: {self.KIND}, theta: {round(self.theta, DECIMALS)}}}"


class ArchimedeanLine(CopulaLine):
    """What stands after `copula:` of a copula with one parameter."""

    theta: Plain

    @abstractmethod
    def model(self) -> type[Archimedean]:
        """Give the copula that this is a line of."""

    def bound(self, lines: Sequence[str]) -> Archimedean:
        """Give the copula of these lines. Raises BadInput for a theta out of bounds."""
        expected = self.model().fits(self.theta, len(lines))
        if expected:
            text = f"expected {expected}, got {self.theta:g}"
            raise BadInput.one(self.place("theta"), "theta", text)
        return self.model()(self.theta, len(lines))
