"""What must have been seen before an error is trusted: every peril that a bad year may hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sandbox.measures.exact import exact_sum
from sandbox.tail.floors import NEGLIGIBLE
from sandbox.tail.ground import Ground
from sandbox.tail.law import LARGE, SHARES
from sandbox.tail.mixture import Mixed

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
SLIGHT = 0.1
ENOUGH_SEEN = 10.0
"""Years with a peril, all of one weight, that an error needs at least."""


@dataclass(frozen=True)
class Peril:
    """Something that may happen, and how well the years know it.

    rate  events a year by the original law;  seen: years with it, as if all of one weight
    size, mean    of sizes in a bin, what one is about, and the mean of all
    usual         how often a year sizes as large or larger come, from the smallest on, and how
                  large they are; none of other perils
    """

    name: str
    rate: float
    seen: float
    size: float = 0.0
    mean: float = 0.0
    usual: tuple[tuple[float, float], ...] = ()

    def matters(self, period: float) -> bool:
        """Tell whether the worst year in a period may hold it.

        What comes NEGLIGIBLE times in it or less is left out of account, and so are large sizes
        where all that they are above the size that comes once in it adds less than SLIGHT to it.
        """
        often = self.rate * period
        if often <= NEGLIGIBLE:
            return False
        if not self.usual or often >= 1.0:
            return True
        some = [size for rate, size in self.usual if rate * period >= 1.0]
        once = max(some[-1] if some else 0.0, self.mean)
        return often * (self.size - once) > SLIGHT * once


def perils(ground: Ground, years: Mixed) -> tuple[Peril, ...]:
    """Give large events by process and group of cells, the options of choices, and storms."""
    whole = tuple(
        Peril(name, rate, _effective(years.weights * counts))
        for name, rate, counts in _counted(ground, years)
        if rate > 0.0
    )
    return (*whole, *_bins(ground, years))


def _bins(ground: Ground, years: Mixed) -> Iterator[Peril]:
    """Give the bins of large sizes, where a size has several."""
    for mark, (place, name) in enumerate(ground.draws):
        mean, bins, sizes = exact_sum(ground.means[place]), ground.bins[mark], ground.sizes[mark]
        above = np.cumsum(SHARES[::-1])[::-1]
        usual = tuple(zip((mean * above).tolist(), sizes.tolist(), strict=True))
        for one in range(1, int(bins.max()) + 1):
            own = bins == one
            rate = mean * exact_sum(SHARES[own])
            size = exact_sum(SHARES[own] * sizes[own]) / exact_sum(SHARES[own])
            counts: Integers = years.seen.sizes[:, mark][:, :, own].sum(axis=(1, 2))
            if rate > 0.0:
                seen = _effective(years.weights * counts)
                chance = exact_sum(SHARES[own])
                middle = exact_sum(SHARES * sizes)
                named = f"{name} largest {chance * 100:.3g}%"
                yield Peril(named, rate, seen, size, middle, usual)


def unseen(known: Sequence[Peril], period: float) -> str:
    """Say which peril the years know too little of, or nothing; period: in years."""
    for one in known:
        if one.matters(period) and one.seen < ENOUGH_SEEN:
            return (
                f"{one.name} is seen as in about {one.seen:.1f} rows; {ENOUGH_SEEN:.0f} are wanted"
            )
    return ""


def _counted(ground: Ground, years: Mixed) -> Iterator[tuple[str, float, Integers]]:
    """Give each peril with its rate, and how often it came, [year]."""
    seen = years.seen
    for place, name in enumerate(ground.processes):
        marks = [mark for mark, (of, _) in enumerate(ground.draws) if of == place]
        large: Integers = seen.sizes[:, marks, :, LARGE:].sum(axis=(1, 3))
        counts = large if marks else seen.events[:, place]
        for group, rate in enumerate(ground.means[place].tolist()):
            where = f" of costly cells {group}" if group else ""
            yield f"{name}{where}", rate, counts[:, group]
    for chance, (_, name, options) in enumerate(ground.choices):
        for option, rate in enumerate(ground.options[chance].tolist()):
            called = options[option] if option < len(options) else f"{option}"
            yield f"{name} {called}", rate, seen.choices[:, chance, option]
    for one, rate in enumerate(ground.storm_rates.tolist()):
        if one:
            yield f"{ground.storms} of class {one}", rate, seen.storms[:, one]


def _effective(weighted: Floats) -> float:
    squares = exact_sum(weighted * weighted)
    return exact_sum(weighted) ** 2 / squares if squares > 0.0 else 0.0
