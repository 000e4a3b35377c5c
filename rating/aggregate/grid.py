"""The lattice of a year: how fine, so that its variance is right, and how long, so that it reaches.

Lumping raises the variance of each claim by about h²/6, h being the step: the step is the largest
of 1, 2, 5, 10, … by which the year's variance grows by some FINE at most, and of which a year with
claims has STEPS on average at least: a heavy tail makes the variance say nothing of the rest. It is
coarser where MOST points of it would not reach far enough, as long as such a year has FEWEST steps.
Nothing may be beyond the last point: it is where as many claims as come with chance FAR pay six
standard deviations more than on average, and the largest of them with chance FAR besides. A length
taken from the mean and variance of the year alone would be too short for a count with a long tail.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from product_factory.errors import BadValue
from rating.aggregate.claim import Claim
from rating.aggregate.lattice import MOST_POINTS
from rating.frequencies import Frequency

FINE = 1e-8
FAR = 1e-13
WIDE = 6.0
STEPS, FEWEST = 5_000, 200
"""Steps of an average year with claims: as many where points last, and never fewer."""
LEAST, MOST = 1 << 10, 1 << 20
"""Points that are chosen; a user may ask for more."""


@dataclass(frozen=True)
class Source:
    """Claims of one kind: how many a year, and what is paid for each."""

    frequency: Frequency
    claim: Claim

    @property
    def mean(self) -> float:
        """The expected payment of a year."""
        return self.frequency.mean * self.claim.mean

    @property
    def variance(self) -> float:
        """The variance of a year's payment."""
        count, mean = self.frequency, self.claim.mean
        return count.mean * self.claim.square + (count.variance - count.mean) * mean * mean


@dataclass(frozen=True)
class Grid:
    """A lattice of `points` points, a power of 2 unless a user asked otherwise."""

    step: float
    points: int

    @property
    def reach(self) -> float:
        """The last point, in currency."""
        return self.step * (self.points - 1)


def grid_of(sources: Sequence[Source], step: float | None, points: int | None) -> Grid:
    """Choose a grid; step and points are those that a user asks for, None for a choice.

    Raises BadValue for a year without payments, and for a step or points that no lattice has.
    """
    if not math.fsum(one.variance for one in sources) > 0.0:
        raise BadValue("frequency: expected payments, got a year without any")
    if points is not None and not 1 < points <= MOST_POINTS:
        raise BadValue(f"points: expected 2 to {MOST_POINTS}, got {points}")
    if step is not None and not 0.0 < step < math.inf:
        raise BadValue(f"step: expected a number above 0, got {step:g}")
    reach = reach_of(sources)
    if step is None and points is not None:
        return Grid(reach / (points - 1), points)
    fine = step or _fine(sources, reach)
    if points is not None:
        return Grid(fine, points)
    needed = max(LEAST, 1 << math.ceil(math.log2(reach / fine + 1.0)))
    if step is None:
        return Grid(fine, min(needed, MOST))  # a mean that is then apart is told as such
    if needed > MOST_POINTS:
        raise BadValue(f"step: expected a lattice of at most {MOST_POINTS} points, got {needed}")
    return Grid(fine, needed)


def longer(grid: Grid, sources: Sequence[Source]) -> Grid | None:
    """Return a grid that reaches twice as far or more, None where it would be too coarse."""
    if 2 * grid.points <= MOST:
        return Grid(grid.step, 2 * grid.points)
    step = rounded(2.5 * grid.step)
    return Grid(step, grid.points) if step * FEWEST <= typical(sources) else None


def coarser_of(grid: Grid, sources: Sequence[Source]) -> Grid | None:
    """Return a grid of the next step that reaches as far, None where it would be too coarse."""
    step = rounded(2.5 * grid.step)
    return grid_of(sources, step, None) if step * FEWEST <= typical(sources) else None


def _fine(sources: Sequence[Source], reach: float) -> float:
    variance = math.fsum(one.variance for one in sources)
    claims = math.fsum(one.frequency.mean for one in sources)
    fine = rounded(min(math.sqrt(6.0 * FINE * variance / claims), typical(sources) / STEPS))
    while reach / fine > MOST and rounded(2.5 * fine) * FEWEST <= typical(sources):
        fine = rounded(2.5 * fine)
    return fine


def typical(sources: Sequence[Source]) -> float:
    """Return what a year with claims pays on average."""
    some = 0.0
    for one in sources:
        # the complement of a chance of silence would have no digits of rare events
        of_this = one.frequency.survival(0)
        some += of_this - some * of_this
    return math.fsum(one.mean for one in sources) / some


def reach_of(sources: Sequence[Source]) -> float:
    """Return an amount that a year's payments hardly ever exceed."""
    mean, variance, largest, most = 0.0, 0.0, 0.0, 0.0
    for one in sources:
        count = max(one.frequency.quantile(1.0 - FAR), 1)
        mean += count * one.claim.mean
        variance += count * one.claim.square
        largest = max(largest, one.claim.beyond(FAR / count))
        most += count * one.claim.most
    return min(mean + WIDE * math.sqrt(variance) + largest, most)


def rounded(step: float) -> float:
    """Return the largest of …, 0.5, 1, 2, 5, 10, … that is no larger."""
    unit = 10.0 ** math.floor(math.log10(step))
    lead = next(one for one in (5.0, 2.0, 1.0) if one * unit <= step * (1.0 + 1e-12))
    return float(f"{lead * unit:.3g}")
