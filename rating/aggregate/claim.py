"""One claim as the sum needs it: its mean, how far it reaches, and its chances on a lattice."""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from rating.aggregate.lattice import Lattice, lump
from rating.aggregate.terms import ClaimTerms
from rating.kernels.aggregate import spread
from rating.severities import Size

Floats = npt.NDArray[np.float64]
FAR = 1e-14
"""The chance beyond which the mean square is not looked for: it may be infinite."""
LAYERS, THINNEST = 2_000, 1e-9
"""Layers, each wider than the one below by the same factor, of which the mean square is made."""


class Claim(Protocol):
    """What is paid for one event, Y, 0 or more."""

    @property
    def mean(self) -> float:
        """E[Y]."""

    @property
    def square(self) -> float:
        """E[Y**2], to a few digits, as far as Y reaches with any chance."""

    @property
    def most(self) -> float:
        """The most that is paid, which may be infinite."""

    @property
    def some(self) -> float:
        """P(Y > 0)."""

    def beyond(self, chance: float) -> float:
        """Return an amount that is exceeded with this chance at most."""

    def lump(self, step: float, points: int) -> Lattice:
        """Put Y on a lattice of so many points, its mean kept."""

    def limited(self, limit: float) -> float:
        """Return the mean with this limit for each claim."""

    def above(self, deductible: float) -> tuple[float, float]:
        """Return the mean with this deductible for each claim, and the chance of any payment."""


@dataclass(frozen=True)
class TermsOfClaim:
    """What terms keep of a loss."""

    severity: Size
    terms: ClaimTerms

    @cached_property
    def mean(self) -> float:
        """E[Y]."""
        if self.terms.corridor > 0.0 or self.terms.franchise > 0.0:
            return self.terms.layer(self.severity, 0.0, math.inf)
        return self.terms.share * self.severity.expected_layer(
            self.terms.deductible, self.terms.limit
        )

    @cached_property
    def square(self) -> float:
        """E[Y**2] = 2 × the integral of y P(Y > y), by layers that widen."""
        top = self.beyond(FAR)
        if top <= 0.0:
            return 0.0
        bounds = np.concatenate([[0.0], np.geomspace(THINNEST * top, top, LAYERS)])
        return float((bounds[:-1] + bounds[1:]) @ self.terms.layers(self.severity, bounds))

    @property
    def most(self) -> float:
        """The most that is paid, which may be infinite."""
        return self.terms.most

    @property
    def some(self) -> float:
        """P(Y > 0)."""
        return self.severity.survival(self.terms.begins)

    def beyond(self, chance: float) -> float:
        """Return an amount that is exceeded with this chance at most."""
        loss = np.array([self.severity.quantile_above(chance)])
        return float(self.terms.of_amounts(loss)[0])

    def lump(self, step: float, points: int) -> Lattice:
        """Put Y on a lattice of so many points, its mean kept."""
        return lump(self.severity, self.terms, step, points)

    def limited(self, limit: float) -> float:
        """Return the mean with this limit for each claim in place of its own."""
        return replace(self, terms=replace(self.terms, limit=limit)).mean

    def above(self, deductible: float) -> tuple[float, float]:
        """Return the mean with this deductible in place of its own, and the chance of a payment.

        The limit stays the most that is paid above the deductible.
        """
        other = replace(self, terms=replace(self.terms, deductible=deductible))
        return other.mean, other.some


@dataclass(frozen=True)
class NodesOfClaim:
    """What the events of a process pay, as the engine's weighted nodes: [node]."""

    weight: Floats
    paid: Floats

    @cached_property
    def mean(self) -> float:
        """E[Y]."""
        return math.fsum((self.weight * self.paid).tolist())

    @cached_property
    def square(self) -> float:
        """E[Y**2]."""
        return math.fsum((self.weight * self.paid * self.paid).tolist())

    @cached_property
    def most(self) -> float:
        """The most that is paid by any node."""
        return float(self.paid.max(initial=0.0))

    @property
    def some(self) -> float:
        """P(Y > 0)."""
        return self.above(0.0)[1]

    def beyond(self, chance: float) -> float:
        """Return an amount that is exceeded with this chance at most."""
        order = np.argsort(self.paid)
        above = np.cumsum(self.weight[order][::-1])[::-1]
        place = int(np.searchsorted(-above, -chance, "left"))
        return float(self.paid[order][min(place, order.size - 1)])

    def lump(self, step: float, points: int) -> Lattice:
        """Put Y on a lattice of so many points, its mean kept."""
        size = min(points - 1, math.ceil(self.most / step))
        return Lattice(step, spread(self.paid, self.weight, step, max(size, 1)))

    def limited(self, limit: float) -> float:
        """Return the mean with this limit on top of the terms of the cover."""
        return math.fsum((self.weight * np.minimum(self.paid, limit)).tolist())

    def above(self, deductible: float) -> tuple[float, float]:
        """Return the mean with this deductible on top of the terms, and the chance of a payment."""
        left = np.maximum(self.paid - deductible, 0.0)
        chance = math.fsum(self.weight[left > 0.0].tolist())
        return math.fsum((self.weight * left).tolist()), chance
