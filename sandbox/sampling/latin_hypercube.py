"""`latin_hypercube`: each number of a process in a year falls once in each equal part of 0 … 1."""

from typing import ClassVar

from sandbox.kernels.strata import LATIN_HYPERCUBE, Drivers, together
from sandbox.sampling.sampling import REPLICATES, Sampling, multiples


class LatinHypercube(Sampling):
    """The counts of every process and cell, storms and shared factors, each spread by itself.

    What is a sum of parts, each of one number, loses nearly all its variance (McKay, Beckman and
    Conover 1979; Stein 1987, Technometrics 29). What a claim is, and when, is drawn by itself.
    """

    KIND: ClassVar[str] = "latin_hypercube"

    def drivers(self, years: int) -> Drivers:
        """Give what kernels read."""
        rows = years // REPLICATES
        return together(LATIN_HYPERCUBE, rows, (rows - 1).bit_length())

    def replicate(self, years: int) -> int:
        """Give the years of one of REPLICATES."""
        return years // REPLICATES

    def around(self, years: int) -> tuple[int, int]:
        """Give the multiples of REPLICATES around."""
        below, above = multiples(years, REPLICATES)
        return below if below > REPLICATES else 0, max(above, 2 * REPLICATES)

    @property
    def expected(self) -> str:
        """Say what numbers of years it can draw."""
        return f"a multiple of {REPLICATES} years, {2 * REPLICATES} or more"
