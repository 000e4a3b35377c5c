"""A claim whose loss grew before any term: what is paid for factor × X."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from rating.aggregate.claim import TermsOfClaim
from rating.aggregate.lattice import Lattice
from rating.aggregate.terms import ClaimTerms
from rating.severities import Size

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class GrownClaim:
    """Y = what terms keep of factor × X, which is factor × what terms / factor keep of X.

    claim   X under the terms divided by the factor; `grown` makes it
    factor  above 0
    """

    claim: TermsOfClaim
    factor: float

    @cached_property
    def mean(self) -> float:
        """E[Y]."""
        return self.factor * self.claim.mean

    @cached_property
    def square(self) -> float:
        """E[Y**2], to a few digits, as far as Y reaches with any chance."""
        return self.factor * self.factor * self.claim.square

    @property
    def most(self) -> float:
        """The most that is paid, which may be infinite."""
        return self.factor * self.claim.most

    @property
    def some(self) -> float:
        """P(Y > 0)."""
        return self.claim.some

    def beyond(self, chance: float) -> float:
        """Return an amount that is exceeded with this chance at most."""
        return self.factor * self.claim.beyond(chance)

    def lump(self, step: float, points: int) -> Lattice:
        """Put Y on a lattice of so many points, its mean kept."""
        return replace(self.claim.lump(step / self.factor, points), step=step)

    def atoms(self) -> tuple[Floats, Floats]:
        """Return the amounts that Y is with a chance of their own, and these chances, [atom]."""
        amounts, chances = self.claim.atoms()
        return self.factor * amounts, chances

    def limited(self, limit: float) -> float:
        """Return the mean with this limit for each claim in place of its own."""
        return self.factor * self.claim.limited(limit / self.factor)

    def above(self, deductible: float) -> tuple[float, float]:
        """Return the mean with this deductible in place of its own, and the chance of a payment."""
        mean, some = self.claim.above(deductible / self.factor)
        return self.factor * mean, some


def grown(severity: Size, terms: ClaimTerms, factor: float) -> TermsOfClaim | GrownClaim:
    """Return what terms keep of so many times a loss; factor: above 0."""
    if factor == 1.0:
        return TermsOfClaim(severity, terms)
    smaller = replace(
        terms,
        deductible=terms.deductible / factor,
        limit=terms.limit / factor,
        corridor=terms.corridor / factor,
        above=terms.above / factor,
        franchise=terms.franchise / factor,
    )
    return GrownClaim(TermsOfClaim(severity, smaller), factor)
