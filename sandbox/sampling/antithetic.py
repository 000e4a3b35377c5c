"""`antithetic`: years in pairs, one with u where the other has 1 - u."""

from typing import ClassVar

from sandbox.kernels.strata import ANTITHETIC, Drivers, together
from sandbox.sampling.sampling import REPLICATES, Sampling, multiples

PAIR = 2


class Antithetic(Sampling):
    """Years 2 k and 2 k + 1 have mirrored counts, marks, storms and shared factors.

    What grows with all of them varies less in a pair than in two independent years (Hammersley and
    Morton 1956). Dates, and who claims, are drawn by themselves.
    """

    KIND: ClassVar[str] = "antithetic"

    def drivers(self, years: int) -> Drivers:
        """Give what kernels read."""
        del years
        return together(ANTITHETIC, PAIR)

    def replicate(self, years: int) -> int:
        """Give 2: pairs are independent of one another."""
        del years
        return PAIR

    def around(self, years: int) -> tuple[int, int]:
        """Give the next numbers that hold whole pairs in each part of an allocation."""
        return multiples(years, PAIR * REPLICATES)

    @property
    def expected(self) -> str:
        """Say what numbers of years it can draw."""
        return f"a multiple of {PAIR * REPLICATES} years"
