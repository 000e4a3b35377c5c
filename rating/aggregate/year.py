"""What is kept of a year's claims together."""

import math
from dataclasses import dataclass

import numpy as np

from rating.aggregate.kept import Kept
from rating.aggregate.lattice import NEAR, Lattice, Single
from rating.kernels.aggregate import spread


@dataclass(frozen=True)
class YearTerms(Kept):
    """Z = share × min(C(max(S - deductible, 0)), limit) of a year's claims S, as `Kept` says."""

    @property
    def whole(self) -> bool:
        """Whether everything is kept."""
        return self == YearTerms()

    def of(self, year: Lattice, single: Single | None = None) -> Lattice:
        """Return the distribution of what is kept, on the same step.

        An amount between two points is shared by them so that its mean is kept. A point stands for
        the interval of width h around it: the part of it below a franchise keeps nothing. What the
        year is with a chance of its own is no interval: all of it reaches the franchise, or none.

        single  the part of the year's chances that sit on single amounts, where it has any
        """
        if self.whole:
            return year
        kept, chances = self.reaching(year.points), year.chances
        if self.franchise > 0.0:
            reach = np.clip((year.points - self.franchise) / year.step + 0.5, 0.0, 1.0)
            reach[0] = 0.0  # a year without claims
            reached = reach * chances
            if single is not None and single.on_points:
                least = self.franchise / year.step
                whole = np.arange(chances.size) >= least * (1.0 - NEAR)
                reached += (whole - reach) * single.chances
            kept = np.concatenate([kept, [0.0]])
            chances = np.concatenate([reached, [math.fsum((chances - reached).tolist())]])
        size = max(1, math.ceil(float(kept.max()) / year.step))
        chances = spread(kept, chances, year.step, size)
        return Lattice(year.step, chances)

    def unsure(self, year: Lattice, single: Single) -> float:
        """Return the share of the year's mean that may lie on the wrong side of the franchise.

        That of single amounts which are no points, so that they are shared by those around them.
        """
        if single.on_points:
            return 0.0
        near = np.abs(single.points - self.franchise) <= year.step * (1.0 + NEAR)
        return self.franchise * float(single.chances[near].sum()) / year.mean
