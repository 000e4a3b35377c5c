"""The distribution of a year's payments, by two methods that must agree, held to its mean."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from product_factory.errors import BadValue
from rating.aggregate.fourier import all_by_fourier, sum_by_fourier
from rating.aggregate.grid import Grid, Source, coarser_of, grid_of, longer, reach_of
from rating.aggregate.lattice import NEAR, Lattice, Single
from rating.aggregate.parts import YearInParts
from rating.aggregate.recursion import by_panjer
from rating.aggregate.year import YearTerms
from rating.frequencies import Frequency
from rating.kernels.aggregate import convolve, spread

AIM, APART = 1e-9, 1e-6
"""How far the lattice's mean shall lie from the exact one, relative, and how far it may."""
AGREE = 1e-9
"""How far the distributions of the two methods may lie apart, on one grid."""
WORK = 100_000_000
"""Multiplications of the recursion by which the methods are compared: a part of a second."""
QUICK, LONGEST = 4_000_000_000, 200_000_000_000
"""Those of a year by the recursion, on a lattice that is chosen and on one that is asked for."""
PANJER = "panjer"
METHODS = ("fourier", PANJER)
Claims = Sequence[tuple[Frequency, Lattice]]
"""Of each kind of claims: how many a year, and one of them on a lattice."""


@dataclass(frozen=True)
class Compared:
    """The two methods on one grid.

    apart  the largest difference of their distributions;  why: why there was none to compare
    """

    grid: Grid
    apart: float
    why: str = ""


@dataclass(frozen=True)
class Yearly:
    """A year's payments.

    whole     before terms of the year;  kept: after them
    mean      before terms of the year, exact: count × mean payment
    lost      the chance of sums beyond the last point
    nothing   the chance that nothing is paid, exact but where the year has a deductible, a
              franchise or a corridor from the first unit on
    """

    grid: Grid
    method: str
    whole: Lattice
    kept: Lattice
    mean: float
    lost: float
    nothing: float
    compared: Compared

    @property
    def apart(self) -> float:
        """How far the lattice's mean lies from the exact one, relative."""
        return abs(self.whole.mean / self.mean - 1.0)


def yearly(
    sources: Sequence[Source],
    terms: YearTerms | YearInParts,
    *,
    step: float | None = None,
    points: int | None = None,
    method: str = "fourier",
    apart: float = APART,
) -> Yearly:
    """Compute the distribution. A grid that is not asked for grows until the mean is right.

    apart  how far the lattice's mean may lie from the exact one, relative

    Raises BadValue where the mean stays apart, where the two methods disagree, and where the
    recursion would take too long.
    """
    chosen = points is None and step is None
    grid = grid_of(sources, step, points)
    if method == PANJER:
        grid = _quick(sources, grid, chosen=chosen)
    mean = math.fsum(one.mean for one in sources)
    while True:
        claims = lumped(sources, grid)
        whole = added(claims, grid.points, method)
        off = abs(whole.mean / mean - 1.0)
        further = longer(grid, sources) if chosen else None
        slow = method == PANJER and further is not None and _work(sources, further) > QUICK
        if off <= min(AIM, apart) or further is None or slow:
            break
        grid = further
    if not off <= apart:
        few = points is not None and grid.reach < reach_of(sources)
        raise BadValue(_too_far(whole, grid, mean, off, apart, few=few))
    lost = max(0.0, 1.0 - float(whole.chances.sum()))
    if isinstance(terms, YearInParts):
        kept = _in_parts(terms, grid, method)
    else:
        kept = _together(sources, terms, whole, grid, method, apart)
    nothing = math.prod(one.frequency.thinned(one.claim.some).distribution(0) for one in sources)
    if terms.begins > 0.0:
        nothing = float(kept.chances[0])
    other = compared(sources, grid, claims)
    if not other.why and not other.apart <= AGREE:
        text = f"expected Fourier and Panjer within {AGREE:g}, got {other.apart:.3g}"
        raise BadValue(f"method: {text}")
    return Yearly(grid, method, whole, kept, mean, lost, nothing, other)


def _together(
    sources: Sequence[Source],
    terms: YearTerms,
    whole: Lattice,
    grid: Grid,
    method: str,
    apart: float,
) -> Lattice:
    """Return what is kept of the whole year."""
    single = None
    if terms.franchise > 0.0:
        single = singled(sources, grid, method)
        unsure = terms.unsure(whole, single)
        if not unsure <= apart:
            raise BadValue(_too_near(terms.franchise, grid, unsure, apart))
    return terms.of(whole, single)


def _in_parts(terms: YearInParts, grid: Grid, method: str) -> Lattice:
    """Return the sum of what parts keep, each put on the grid by itself."""
    kept = [
        (part.number, part.terms.of(added(lumped(part.sources, grid), grid.points, method)))
        for part in terms.parts
    ]
    return sum_by_fourier(kept, grid.points)


def _quick(sources: Sequence[Source], grid: Grid, *, chosen: bool) -> Grid:
    """Return the grid, or a coarser one on which the recursion is quick where none is asked for."""
    while (work := _work(sources, grid)) > (QUICK if chosen else LONGEST):
        coarser = coarser_of(grid, sources) if chosen else None
        if coarser is None:
            text = (
                f"method: the recursion takes {work:.1e} multiplications on {grid.points:,} points "
                f"of {grid.step:g}, expected {QUICK if chosen else LONGEST:.0e} at most; say "
                "--method fourier, or a coarser --step"
            )
            raise BadValue(text)
        grid = coarser
    return grid


def _too_far(
    whole: Lattice, grid: Grid, mean: float, off: float, apart: float, *, few: bool
) -> str:
    helps = "say more --points or a coarser --step" if few else "state a limit for each claim"
    return (
        f"mean: expected {mean:.12g} within {apart:g}, got {whole.mean:.12g} ({off:.3g} off) on "
        f"{grid.points:,} points of {grid.step:g}; {helps}, or say by --apart how far it may be"
    )


def _too_near(franchise: float, grid: Grid, unsure: float, apart: float) -> str:
    return (
        f"franchise: years of single amounts near {franchise:.12g} hold {unsure:.3g} of the mean, "
        f"expected {apart:g} at most where these are no points of {grid.step:g}; state by --step "
        "one that divides what a claim may be, or say by --apart how far the mean may be"
    )


def singled(sources: Sequence[Source], grid: Grid, method: str) -> Single:
    """Return the chances of the year of which each claim is a single amount."""
    claims, on_points = [], True
    for one in sources:
        amounts, chances = one.claim.atoms()
        inside = amounts <= grid.reach
        places = amounts[inside] / grid.step
        whole = np.rint(places)
        near = np.abs(places - whole) <= NEAR * np.maximum(whole, 1.0)
        on_points = on_points and bool(near.all())
        placed = np.where(near, whole, places)
        size = max(1, math.ceil(float(placed.max(initial=0.0))))
        claims.append(
            (one.frequency, Lattice(grid.step, spread(placed, chances[inside], 1.0, size)))
        )
    return Single(grid.step, added(claims, grid.points, method).chances, on_points)


def lumped(sources: Sequence[Source], grid: Grid) -> Claims:
    """Put a claim of each source on a grid."""
    return [(one.frequency, one.claim.lump(grid.step, grid.points)) for one in sources]


def added(claims: Claims, points: int, method: str) -> Lattice:
    """Return the distribution of the sum over all kinds of claims."""
    if method == "fourier":
        return all_by_fourier(claims, points)
    sums = [by_panjer(frequency, claim, points).chances for frequency, claim in claims]
    return Lattice(claims[0][1].step, reduce(convolve, sums))


def compared(sources: Sequence[Source], grid: Grid, claims: Claims) -> Compared:
    """Compare the methods, on the grid itself or on the finest coarser one that is quick enough.

    claims  of the sources, on the grid
    """
    coarse = grid
    while _work(sources, coarse) > WORK:
        coarse = Grid(2.0 * coarse.step, max(2, coarse.points // 2))
    if coarse != grid:
        claims = lumped(sources, coarse)
    fast = added(claims, coarse.points, "fourier")
    try:
        slow = added(claims, coarse.points, PANJER)
    except BadValue as error:
        return Compared(coarse, math.nan, str(error))
    apart = np.abs(np.cumsum(fast.chances) - np.cumsum(slow.chances)).max()
    return Compared(coarse, float(apart))


def _work(sources: Sequence[Source], grid: Grid) -> float:
    reached = [min(grid.points, one.claim.most / grid.step + 1.0) for one in sources]
    panjer = math.fsum(
        grid.points * width * len(one.frequency.weighted())
        for one, width in zip(sources, reached, strict=True)
    )
    return panjer + 0.5 * grid.points**2 * (len(sources) - 1)
