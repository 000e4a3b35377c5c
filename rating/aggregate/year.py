"""What is kept of a year's claims together."""

import math
from dataclasses import dataclass

from rating.aggregate.kept import Kept
from rating.aggregate.lattice import Lattice
from rating.kernels.aggregate import spread


@dataclass(frozen=True)
class YearTerms(Kept):
    """Z = share × min(C(max(S - deductible, 0)), limit) of a year's claims S, C as in `Kept`."""

    @property
    def whole(self) -> bool:
        """Whether everything is kept."""
        return self == YearTerms()

    def of(self, year: Lattice) -> Lattice:
        """Return the distribution of what is kept, on the same step.

        An amount between two points is shared by them so that its mean is kept.
        """
        if self.whole:
            return year
        kept = self.of_amounts(year.points)
        size = max(1, math.ceil(float(kept.max()) / year.step))
        chances = spread(kept, year.chances, year.step, size)
        return Lattice(year.step, chances)
