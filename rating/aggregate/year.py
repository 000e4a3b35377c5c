"""What is kept of a year's claims together."""

import math
from dataclasses import dataclass

import numpy as np

from rating.aggregate.kept import Kept
from rating.aggregate.lattice import Lattice
from rating.kernels.aggregate import spread


@dataclass(frozen=True)
class YearTerms(Kept):
    """Z = share × min(C(max(S - deductible, 0)), limit) of a year's claims S, as `Kept` says."""

    @property
    def whole(self) -> bool:
        """Whether everything is kept."""
        return self == YearTerms()

    def of(self, year: Lattice) -> Lattice:
        """Return the distribution of what is kept, on the same step.

        An amount between two points is shared by them so that its mean is kept. A point stands for
        the interval of width h around it: the part of it below a franchise keeps nothing.
        """
        if self.whole:
            return year
        kept, chances = self.reaching(year.points), year.chances
        if self.franchise > 0.0:
            reach = np.clip((year.points - self.franchise) / year.step + 0.5, 0.0, 1.0)
            reach[0] = 0.0  # a year without claims
            kept = np.concatenate([kept, [0.0]])
            chances = np.concatenate([reach * chances, [float((1.0 - reach) @ chances)]])
        size = max(1, math.ceil(float(kept.max()) / year.step))
        chances = spread(kept, chances, year.step, size)
        return Lattice(year.step, chances)
