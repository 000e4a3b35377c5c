"""What every account of the book shares: rows of both sides, and exact sums by key."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rating.book.columns import Mask
from rating.book.source import Rows
from rating.impact.money import Units
from rating.impact.side import Judgement

ROOM = 2**63
"""What 64 bits hold."""


@dataclass(frozen=True)
class Both:
    """A batch under both tariffs.

    rated      rows with a premium on both sides
    old, new   what they pay in a year, in units; of all rows, 0 without a premium
    """

    numbers: Rows
    before: Judgement
    after: Judgement

    @property
    def rated(self) -> Mask:
        """Rows with a premium on both sides."""
        return self.before.rated & self.after.rated

    @property
    def old(self) -> Units:
        """What each row pays in a year before."""
        return self.before.units

    @property
    def new(self) -> Units:
        """What each row pays in a year after."""
        return self.after.units


def total(values: Units) -> int:
    """Add units exactly."""
    return int(_addable(values).sum())


def by_place(places: npt.NDArray[np.int64], values: Units, size: int) -> npt.NDArray[np.object_]:
    """Add units exactly by the place that each belongs to, into whole numbers of any size."""
    terms = _addable(values)
    sums = np.zeros(size, dtype=terms.dtype)
    np.add.at(sums, places, terms)
    return sums.astype(object)


def _addable(values: Units) -> npt.NDArray[np.int64] | npt.NDArray[np.object_]:
    """Give units whose sum cannot leave the numbers that hold it."""
    largest = max(int(values.max(initial=0)), -int(values.min(initial=0)))
    return values if largest * values.size < ROOM else values.astype(object)


def ratio(change: int, base: int) -> float | None:
    """Give a change as a share of what it changes, None of nothing."""
    return change / base if base else None
