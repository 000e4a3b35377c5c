"""A deductible, a limit and a share: what is kept of a claim, or of a year's claims together."""

import math
from dataclasses import dataclass

from product_factory.errors import BadValue
from product_factory.numbers.domains import require


@dataclass(frozen=True)
class Kept:
    """share × min(max(X - deductible, 0), limit) of an amount X.

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
    def most(self) -> float:
        """The most that is kept."""
        return self.share * self.limit
