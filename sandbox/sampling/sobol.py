"""`sobol`: the numbers of storms, and of factors, are points of a scrambled Sobol sequence."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from sandbox.kernels.strata import DIMENSIONS, SOBOL, Drivers, together
from sandbox.sampling.sampling import REPLICATES, Sampling


class Sobol(Sampling):
    """A net for the storms of the portfolio and one for the lines of each shared factor.

    Of each process of a cell the counts are spread, as points of a net of one number. Every net is
    scrambled by itself, and its points are taken in an order of its own, so that nets know nothing
    of one another (Owen 1995 and 1998). What a claim is, and when, is drawn by itself.
    """

    KIND: ClassVar[str] = "sobol"

    def drivers(self, years: int) -> Drivers:
        """Give what kernels read."""
        rows = years // REPLICATES
        bits = rows.bit_length() - 1
        return together(SOBOL, rows, bits, directions(bits))

    def replicate(self, years: int) -> int:
        """Give the years of one of REPLICATES."""
        return years // REPLICATES

    def around(self, years: int) -> tuple[int, int]:
        """Give REPLICATES times the powers of two around."""
        rows = -(-years // REPLICATES)
        above = 1 << max((rows - 1).bit_length(), 1)
        below = above if above * REPLICATES == years else above // 2
        return below * REPLICATES if below > 1 else 0, above * REPLICATES

    @property
    def expected(self) -> str:
        """Say what numbers of years it can draw."""
        return f"{REPLICATES} times a power of two years"


def directions(bits: int) -> npt.NDArray[np.uint64]:
    """Give what each bit of a point's number adds to its leading digits: [dimension, bit].

    Read off scipy's sequence (direction numbers of S. Joe and F. Y. Kuo, "Constructing Sobol
    sequences with better two-dimensional projections", SIAM Journal on Scientific Computing 30,
    2008), whose points come in the order of a Gray code: the one before each power of two holds
    one bit alone.
    """
    from scipy.stats import qmc  # noqa: PLC0415 - takes half a second, and only this kind needs it

    found = np.zeros((DIMENSIONS, bits), dtype=np.uint64)
    engine, seen = qmc.Sobol(DIMENSIONS, scramble=False), 0
    for bit in range(bits):
        at = (2 << bit) - 1
        engine.fast_forward(at - seen)
        point, seen = engine.random(1)[0], at + 1
        found[:, bit] = np.floor(point * (1 << bits)).astype(np.uint64)
    return found
