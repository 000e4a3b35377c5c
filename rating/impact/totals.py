"""How many rows each side rates, what they pay, and how premiums move by size."""

from collections.abc import Iterator

import numpy as np

from rating.impact.money import Money, Units
from rating.impact.result import Band, Premium, Rows
from rating.impact.sums import Both, by_place, ratio, total

LEAST, MOST = -100, 300
"""Percent: a fall ends at -100%; rises beyond 300% stand together."""
BEYOND, FROM_NOTHING = MOST - LEAST + 1, MOST - LEAST + 2
WIDTHS = (1, 2, 5, 10, 20, 25, 50, 100)
MOST_BANDS = 24
TAIL = 200
"""One policy in so many at either end stands beyond the bands, so that few do not widen all."""
FINE = 1e9
"""Relative changes are added in billionths, so that their mean is the same in any order."""


class Totals:
    """Adds up block by block."""

    def __init__(self) -> None:
        size = FROM_NOTHING + 1
        self._rows = np.zeros(4, dtype=np.int64)
        self._sums = [0, 0, 0, 0]
        self._ratios, self._with_ratio = 0, 0
        self._counts = np.zeros(size, dtype=np.int64)
        # whole numbers of any size: a book may pay more units than 64 bits hold
        self._old, self._new = np.zeros(size, dtype=object), np.zeros(size, dtype=object)

    def add(self, told: Both, skipped: int) -> None:
        """Add a block, and the number of rows beside it that could not be read at all."""
        before, after, both = told.before.rated, told.after.rated, told.rated
        counts = (both.sum(), (before & ~after).sum(), (after & ~before).sum())
        self._rows += np.array([*counts, (~before & ~after).sum() + skipped])
        old, new = told.old[both], told.new[both]
        parts = (old, new, told.old[before & ~after], told.new[after & ~before])
        self._sums = [sum_ + total(part) for sum_, part in zip(self._sums, parts, strict=True)]
        places = sizes(old, new)
        size = self._counts.size
        self._counts += np.bincount(places, minlength=size)
        self._old += by_place(places, old, size)
        self._new += by_place(places, new, size)
        some = old > 0
        relative = (new[some] - old[some]) / old[some]
        self._ratios += total(np.rint(relative * FINE).astype(np.int64))
        self._with_ratio += int(some.sum())

    def rows(self) -> Rows:
        """Give the counts."""
        both, only_old, only_new, neither = map(int, self._rows)
        return Rows(int(self._rows.sum()), both, only_old, only_new, neither)

    @property
    def old(self) -> int:
        """Units of rows that both rate, before."""
        return self._sums[0]

    def premium(self, money: Money) -> Premium:
        """Give the sums."""
        old, new, lost, gained = self._sums
        mean = self._ratios / FINE / self._with_ratio if self._with_ratio else None
        return Premium(
            old=money.amount(old),
            new=money.amount(new),
            change=money.amount(new - old),
            ratio=ratio(new - old, old),
            mean_ratio=mean,
            lost=money.amount(lost),
            gained=money.amount(gained),
        )

    def bands(self, money: Money) -> tuple[Band, ...]:
        """Give the sizes of change in bands, narrow where most policies stand."""
        low, high = self._middle()
        width = next(w for w in WIDTHS if (high - low) / w <= MOST_BANDS)
        return tuple(self._bands(-width * -(low // width), width * -(-high // width), width, money))

    def _middle(self) -> tuple[int, int]:
        """Give the percents between which all policies stand but few at either end; 0 is within."""
        counts = self._counts[:BEYOND]
        apart = int(counts.sum()) // TAIL
        below, above = np.cumsum(counts), np.cumsum(counts[::-1])
        low = int(np.argmax(below > apart)) + LEAST
        high = MOST - int(np.argmax(above > apart))
        return min(low, 0), max(high, 0)

    def _bands(self, low: int, high: int, width: int, money: Money) -> Iterator[Band]:
        if self._counts[: low - LEAST].any():
            yield self._band(money, range(LEAST, low), low, None, f"below {low:+d}%")
        for start in range(low, 0, width):
            yield self._band(money, range(start, start + width), start + width, start)
        yield self._band(money, range(1), 0, 0, "no change")
        for start in range(0, high, width):
            yield self._band(money, range(start + 1, start + width + 1), start, start + width)
        if self._counts[high - LEAST + 1 : FROM_NOTHING].any():
            beyond = range(high + 1, BEYOND + LEAST + 1)
            yield self._band(money, beyond, high, None, f"above {high:+d}%")
        if self._counts[FROM_NOTHING]:
            only = range(FROM_NOTHING + LEAST, FROM_NOTHING + LEAST + 1)
            yield self._band(money, only, None, None, "from 0")

    def _band(
        self, money: Money, percents: range, above: int | None, upto: int | None, label: str = ""
    ) -> Band:
        places = slice(percents.start - LEAST, percents.stop - LEAST)
        return Band(
            label=label or f"{above:+d}% to {upto:+d}%".replace("+0%", "0%"),
            above=None if above is None else above / 100,
            upto=None if upto is None else upto / 100,
            policies=int(self._counts[places].sum()),
            old=money.amount(int(self._old[places].sum())),
            new=money.amount(int(self._new[places].sum())),
        )


def sizes(old: Units, new: Units) -> Units:
    """Give the place of each change: whole percents, away from 0; +10% is the end of 9 to 10."""
    change = new - old
    base = np.where(old > 0, old, 1)
    percent = np.where(change > 0, -((-100 * change) // base), (100 * change) // base)
    places = np.where(percent > MOST, BEYOND, percent - LEAST)
    return np.where((old == 0) & (new > 0), FROM_NOTHING, places)
