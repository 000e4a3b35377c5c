"""What franchise, deductible, corridor, limit and share keep of a claim, or of a year of them."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from product_factory.numbers.domains import require

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Kept:
    """share × min(C(max(X - deductible, 0)), limit) of an amount X that reaches the franchise.

    Of a smaller one nothing is kept. C(z) = min(z, above) + max(z - above - corridor, 0): what
    comes below `above` and what goes beyond the corridor. deductible, corridor, above: >= 0;
    franchise: >= 0, finite;  limit: > 0, may be infinite, all in currency;  share: above 0, at
    most 1.
    """

    deductible: float = 0.0
    limit: float = math.inf
    share: float = 1.0
    corridor: float = 0.0
    above: float = 0.0
    franchise: float = 0.0

    def __post_init__(self) -> None:
        require("deductible", self.deductible, "0 or more", holds=self.deductible >= 0.0)
        require("corridor", self.corridor, "0 or more", holds=self.corridor >= 0.0)
        require("above", self.above, "0 or more", holds=self.above >= 0.0)
        whole = 0.0 <= self.franchise < math.inf
        require("franchise", self.franchise, "0 or more, and finite", holds=whole)
        require("share", self.share, "above 0 and at most 1", holds=0.0 < self.share <= 1.0)
        if not self.limit > 0.0:
            raise BadValue(f"limit: expected above 0, got {self.limit:g}")

    @property
    def most(self) -> float:
        """The most that is kept."""
        return self.share * self.limit

    @property
    def begins(self) -> float:
        """What an amount must exceed for anything to be kept."""
        begins = self.deductible + (0.0 if self.above > 0.0 else self.corridor)
        # an amount of the franchise itself reaches it
        return max(begins, math.nextafter(self.franchise, 0.0))

    def of_amounts(self, amounts: Floats) -> Floats:
        """Return what is kept of each amount."""
        return np.where(amounts >= self.franchise, self.reaching(amounts), 0.0)

    def reaching(self, amounts: Floats) -> Floats:
        """Return what is kept of amounts that reach the franchise."""
        beyond = np.maximum(amounts - self.deductible, 0.0)
        if self.corridor > 0.0:
            over = np.maximum(beyond - self.above - self.corridor, 0.0)
            beyond = np.minimum(beyond, self.above) + over
        return self.share * np.minimum(beyond, self.limit)
