"""The part of the year for which policies are on risk."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rating.engines.collective.happens import CollectiveProcess

if TYPE_CHECKING:
    from rating.frequencies import Frequency

Integers = npt.NDArray[np.int64]
YEAR = 365
"""Days of the year, as the engine counts them."""


@dataclass(frozen=True)
class Periods:
    """When the policies of each cell are on risk, in days of the year; 0 is its first day.

    first   [cell] the first day on risk;  last: [cell] the day after the last one, at most YEAR
    before  [cell] days in force when the year begins, since the first inception of policies that
            were renewed; below 0 where a policy begins within it
    """

    first: Integers
    last: Integers
    before: Integers

    @property
    def share(self) -> npt.NDArray[np.float64]:
        """The part of the year on risk, [cell]: 1 for the whole year."""
        return (self.last - self.first) / YEAR

    @property
    def columns(self) -> tuple[Integers, Integers, Integers]:
        """All that tells periods apart."""
        return self.first, self.last, self.before

    def where(self, rows: npt.NDArray[np.bool_] | Integers) -> "Periods":
        """Give those of some cells."""
        return Periods(*(column[rows] for column in self.columns))

    def named(self, cell: int) -> str:
        """Name the period of a cell; a year that begins with the policy has no name."""
        first, last, before = (int(column[cell]) for column in self.columns)
        if (first, last, before) == (0, YEAR, 0):
            return ""
        return f"on risk {first} to {last}, {before} before"


def within(process: CollectiveProcess, periods: Periods) -> CollectiveProcess:
    """Give a process with the events that fall into each cell's time on risk.

    Times of events are even over the year: a policy has each with the chance of its part of it.
    """
    known: dict[tuple[Frequency, float], Frequency] = {}
    counts = []
    for count, share in zip(process.counts, periods.share.tolist(), strict=True):
        if (count, share) not in known:
            known[count, share] = count if share == 1.0 else count.thinned(share)
        counts.append(known[count, share])
    return replace(process, counts=tuple(counts))
