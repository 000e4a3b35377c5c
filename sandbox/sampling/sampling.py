"""What every sampling gives."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from product_factory.errors import BadValue
from sandbox.kernels.strata import Drivers

REPLICATES = 20
"""Parts of a run that are drawn independently of one another, whose spread gives the errors.

As many as the batches that an allocation is measured in.
"""


@dataclass(frozen=True)
class Sampling(ABC):
    """How the numbers that drive a year are drawn; each is uniform by itself.

    KIND  its name
    """

    KIND: ClassVar[str]

    @abstractmethod
    def drivers(self, years: int) -> Drivers:
        """Give what kernels read, of a run of so many years."""

    @abstractmethod
    def replicate(self, years: int) -> int:
        """Give how many years, one after the other, are drawn together; replicates are apart."""

    @abstractmethod
    def around(self, years: int) -> tuple[int, int]:
        """Give the numbers of years next to this one, below and above, that it can draw."""

    @property
    def expected(self) -> str:
        """Say what numbers of years it can draw."""
        return ""

    def near(self, years: int) -> int:
        """Give the number of years nearest to this one that it can draw."""
        below, above = self.around(years)
        return below if below and years - below < above - years else above

    def fits(self, years: int) -> None:
        """Raise BadValue for a number of years that it cannot draw, with the nearest ones."""
        below, above = self.around(years)
        if years not in {below, above}:
            near = f"{below:,} or {above:,}" if below else f"{above:,}"
            raise BadValue(
                f"--sampling {self.KIND}: expected {self.expected}, got {years:,}; "
                f"the nearest: {near}"
            )


def multiples(years: int, step: int) -> tuple[int, int]:
    """Give the multiples of a step around a number of years; 0 for none below."""
    return years // step * step, -(-years // step) * step
