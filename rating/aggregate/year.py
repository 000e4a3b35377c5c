"""What is kept of a year's claims together."""

import math
from dataclasses import dataclass

import numpy as np

from product_factory.errors import BadValue
from product_factory.numbers.domains import require
from rating.aggregate.lattice import Lattice
from rating.kernels.aggregate import spread


@dataclass(frozen=True)
class YearTerms:
    """Z = share × min(max(S - deductible, 0), limit) of a year's claims S.

    deductible: >= 0;  limit: > 0, may be infinite, both in currency;  share: above 0, at most 1.
    """

    deductible: float = 0.0
    limit: float = math.inf
    share: float = 1.0

    def __post_init__(self) -> None:
        require("deductible", self.deductible, "0 or more", holds=self.deductible >= 0.0)
        require("share", self.share, "above 0 and at most 1", holds=0.0 < self.share <= 1.0)
        if not self.limit > 0.0:
            raise BadValue(f"limit: expected above 0, got {self.limit:g}")

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
        kept = self.share * np.clip(year.points - self.deductible, 0.0, self.limit)
        size = max(1, math.ceil(float(kept.max()) / year.step))
        chances = spread(kept, year.chances, year.step, size)
        return Lattice(year.step, chances)
