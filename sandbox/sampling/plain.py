"""`plain`: every year is drawn by itself."""

from typing import ClassVar

from sandbox.kernels.strata import ALONE, Drivers
from sandbox.sampling.sampling import Sampling


class Plain(Sampling):
    """Independent years."""

    KIND: ClassVar[str] = "plain"

    def drivers(self, years: int) -> Drivers:
        """Give what kernels read."""
        del years
        return ALONE

    def replicate(self, years: int) -> int:
        """Give 1: a year is drawn alone."""
        del years
        return 1

    def around(self, years: int) -> tuple[int, int]:
        """Give the number itself: any will do."""
        return years, years
