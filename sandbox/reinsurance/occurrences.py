"""The occurrences that reinsurance answers to, and the grid that recoveries are settled on.

Why a grid. Net plus ceded must equal gross to the last bit, and floating point does not give
that by itself: (gross - ceded) + ceded may miss gross. Recoveries are therefore settled in steps
of 2**-10 of a currency unit, rounded down, about a tenth of a cent. For amounts below 2**43
(8.8e12) the step is a whole number of units in the last place of every float64 that is
involved, so that gross - ceded is a multiple of gross's last place not above gross: it is exact,
as are all sums of recoveries in any order. Rounding down keeps a recovery from exceeding its
loss. The price is a recovery too small by less than 0.001 per occurrence and contract.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from product_factory.errors import BadValue

STEP = 2.0**-10
"""Settlement step of a recovery, in currency units."""

CEILING = 2.0**43
"""Year totals must stay below this amount, so that sums on the grid are exact."""


@dataclass(frozen=True, eq=False)
class Occurrences:
    """A ragged table of dated losses: one row for each occurrence of each simulated year.

    year:   [occurrence] simulated year, 0 to years - 1, never decreasing; within a year the rows
            stand in order of time, since aggregate limits are used up in that order.
    amount: [occurrence] loss to the contract's cedant, currency, zero or more.
    years:  number of simulated years, with or without an occurrence.
    event:  [occurrence] which event of the year; rows of one event stand together. Left out: each
            row is an event of its own.
    risks:  [occurrence] how many risks lost the same, and `amount` together: whole numbers, since
            recoveries would leave the grid else. Left out: one.
    time:   [occurrence] part of the year gone by, 0 to 1. Left out: not known.
    sum_insured: [occurrence] of each of its risks, currency. Left out: not known.
    """

    year: NDArray[np.int64]
    amount: NDArray[np.float64]
    years: int
    event: NDArray[np.int64] | None = None
    risks: NDArray[np.float64] | None = None
    time: NDArray[np.float64] | None = None
    sum_insured: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        """Seal the arrays; refuse rows out of order and values out of range. Raises BadValue."""
        year = np.ascontiguousarray(self.year, dtype=np.int64)
        amount = np.ascontiguousarray(self.amount, dtype=np.float64)
        if year.ndim != 1 or year.shape != amount.shape:
            msg = f"occurrences: expected a year for each amount, got {year.shape} {amount.shape}"
            raise BadValue(msg)
        if len(year) and (year[0] < 0 or year[-1] >= self.years):
            msg = f"occurrences: expected years 0 to {self.years - 1}, got {year[0]} to {year[-1]}"
            raise BadValue(msg)
        if (year[1:] < year[:-1]).any():
            row = 1 + int(np.argmax(year[1:] < year[:-1]))
            msg = f"occurrences: expected years in order, got {year[row]} after {year[row - 1]}"
            raise BadValue(msg)
        if not ((amount >= 0.0) & (amount < CEILING)).all():
            row = int(np.argmin((amount >= 0.0) & (amount < CEILING)))
            msg = f"occurrences: expected amounts from 0 to {CEILING:.0f}, got {amount[row]}"
            raise BadValue(msg)
        year.setflags(write=False)
        amount.setflags(write=False)
        object.__setattr__(self, "year", year)
        object.__setattr__(self, "amount", amount)
        for name in ("event", "risks", "time", "sum_insured"):
            self._seal(name)
        if self.risks is not None:
            risks = self.risks
            whole = (risks >= 1.0) & (risks < CEILING) & (risks == np.floor(risks))
            _refuse("a whole number of risks, 1 or more", risks, whole)
        if self.time is not None:
            within = (self.time >= 0.0) & (self.time <= 1.0)
            _refuse("times from 0 to 1, as part of the year", self.time, within)
        if self.event is not None:
            self._refuse_split(self.event)

    def _refuse_split(self, event: NDArray[np.int64]) -> None:
        """Refuse an event whose rows stand apart: it would meet a layer as often."""
        new = np.append(True, (event[1:] != event[:-1]) | (self.year[1:] != self.year[:-1]))
        begins = np.flatnonzero(new[: len(event)])
        year, number = self.year[begins], event[begins]
        if _differ(year, number, self.years):
            return
        order = np.lexsort((number, year))  # keeps rows of one event in order
        year, number = year[order], number[order]
        again = (number[1:] == number[:-1]) & (year[1:] == year[:-1])
        if again.any():
            place = order[1:][again].min()
            row = int(begins[place])
            msg = (
                f"occurrences: expected the rows of an event together, got event {event[row]} "
                f"of year {self.year[row]} once more in row {row}"
            )
            raise BadValue(msg)

    def _seal(self, name: str) -> None:
        given = getattr(self, name)
        if given is None:
            return
        kind = np.int64 if name == "event" else np.float64
        array = np.ascontiguousarray(given, dtype=kind)
        if array.shape != self.amount.shape:
            msg = f"occurrences: expected {name} for each amount, got {array.shape}"
            raise BadValue(msg)
        array.setflags(write=False)
        object.__setattr__(self, name, array)


def _differ(year: NDArray[np.int64], number: NDArray[np.int64], years: int) -> bool:
    """Whether it is plain that no two are equal: one number for both sorts far faster than two."""
    if not len(number):
        return True
    least = int(number.min())
    span = int(number.max()) - least + 1
    if span * years > np.iinfo(np.int64).max:
        return False
    both = year * span + (number - least)
    both.sort()
    return bool((both[1:] > both[:-1]).all())


def _refuse(expected: str, values: NDArray[np.float64], good: NDArray[np.bool_]) -> None:
    if not good.all():
        row = int(np.argmin(good))
        msg = f"occurrences: expected {expected}, got {values[row]} in row {row}"
        raise BadValue(msg)


def on_grid(amount: float) -> float:
    """Give a contract's amount (attachment, limit) on the nearest step of the grid."""
    return round(amount / STEP) * STEP
