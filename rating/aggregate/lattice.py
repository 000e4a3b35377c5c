"""A distribution on the points 0, h, 2h, …: of one claim, and of the sum of a year's.

A claim is put on the lattice so that its mean is kept (Gerber 1982): the chance of the point kh is
(m(k-1) - m(k)) / h, m(k) being the mean of the layer from kh to (k+1)h, each of them integrated by
itself. The lattice is riskier than the claim: its limited means at the points are those of the
claim, and between them they are below.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from product_factory.numbers.domains import require
from rating.aggregate.terms import ClaimTerms
from rating.severities import Size

Floats = npt.NDArray[np.float64]
MOST_POINTS = 1 << 24
NEAR = 1e-9
"""How far, relative, an amount may be from a point that it is: rounding of the division."""


@dataclass(frozen=True)
class Lattice:
    """Chances of 0, step, 2 step, …; those of a sum beyond the last point are left out.

    step  in currency;  chances  [point]
    """

    step: float
    chances: Floats

    @cached_property
    def points(self) -> Floats:
        """The amounts, [point]."""
        return self.step * np.arange(self.chances.size, dtype=np.float64)

    @cached_property
    def mean(self) -> float:
        """E[S]."""
        return float(self.points @ self.chances)

    @cached_property
    def sd(self) -> float:
        """The standard deviation."""
        apart = self.points - self.mean
        return float(np.sqrt((apart * apart) @ self.chances))

    @cached_property
    def _cumulated(self) -> Floats:
        """P(S <= kh) with half of the chance of kh itself, [point]: linear in between.

        The chance of a point stands for the interval of width h around it, so that half of it
        lies below the point.
        """
        return np.cumsum(self.chances) - 0.5 * self.chances

    def var(self, chance: float) -> float:
        """Return the quantile at a chance, linear between points.

        The first and the last point, where a deductible or a limit may gather chances, are the
        quantile of all of theirs.
        """
        require("chance", chance, "a number between 0 and 1", holds=0.0 < chance < 1.0)
        if chance <= self.chances[0]:
            return 0.0
        if chance > float(self.chances[:-1].sum()):
            return float(self.points[-1])
        return float(np.interp(chance, self._cumulated, self.points))

    def limited_mean(self, limit: float) -> float:
        """Return E[min(S, limit)]."""
        beyond = limit * (1.0 - float(self.chances.sum()))
        return float(np.minimum(self.points, limit) @ self.chances) + beyond

    def tvar(self, chance: float) -> float:
        """Return the mean of the worst 1 - chance: VaR + E[max(S - VaR, 0)] / (1 - chance)."""
        least = self.var(chance)
        excess = float(np.maximum(self.points - least, 0.0) @ self.chances)
        return least + excess / (1.0 - chance)


@dataclass(frozen=True)
class Single(Lattice):
    """The part of a distribution that sits on single amounts: its chances add up to less than 1.

    on_points  whether each of these amounts is a point; else it is shared by the two around it
    """

    on_points: bool


def lump(severity: Size, terms: ClaimTerms, step: float, points: int) -> Lattice:
    """Put what is kept of a claim on a lattice of so many points; the last holds all beyond it.

    Raises BadValue where the severity has no mean and the terms no limit.
    """
    require("step", step, "a number above 0", holds=step > 0.0)
    require("points", points, f"2 to {MOST_POINTS}", holds=1 < points <= MOST_POINTS)
    size = points
    if terms.most < step * (points - 1):
        size = int(np.ceil(terms.most / step)) + 1
    bounds = step * np.arange(size, dtype=np.float64)
    means = np.concatenate(([step], terms.layers(severity, bounds), [0.0])) / step
    return Lattice(step, np.maximum(means[:-1] - means[1:], 0.0))
