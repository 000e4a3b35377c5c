"""Renewals held within a rise and a fall: how many, how much, and what would make it good."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import IO

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from rating.book.decided import DECLINE
from rating.impact.money import Money, Units
from rating.impact.result import Capping
from rating.impact.sums import Both, total

MILLION = 1_000_000
MOST = 5 * MILLION
CHUNK = 131_072
DECIMALS = 6


@dataclass(frozen=True)
class Caps:
    """How far a renewal may rise and fall, as shares of what was paid; None: as far as it will."""

    cap: Fraction | None
    floor: Fraction | None

    @classmethod
    def read(cls, cap: str | None, floor: str | None) -> "Caps":
        """Read `10%` or `0.1`. Raises BadValue."""
        caps = cls(_share(cap, "--cap"), _share(floor, "--floor"))
        if caps.floor is not None and caps.floor > 1:
            message = f"--floor: expected a fall of at most 100%, got {floor}"
            raise BadValue(message)
        return caps

    def held(self, old: Units, new: Units) -> Units:
        """Give what is charged."""
        held = new
        if self.cap is not None:
            held = np.minimum(held, old + _part(old, self.cap))
        if self.floor is not None:
            held = np.maximum(held, old - _part(old, self.floor))
        return held


def _share(text: str | None, option: str) -> Fraction | None:
    if text is None:
        return None
    body, percent = (text[:-1], 100) if text.endswith("%") else (text, 1)
    try:
        share = Fraction(body.strip()) / percent
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not (0 <= share <= 100 and share.denominator <= MILLION and "/" not in text):  # noqa: PLR2004 - a hundredfold rise is none
        message = f"{option}: expected a share such as 10%, of at most six decimals, got {text}"
        raise BadValue(message)
    return share


def _part(units: Units, share: Fraction) -> Units:
    """Give a share of units, to the unit below: whole part and rest apart, so that none is lost."""
    whole, rest = np.divmod(units, share.denominator)
    part: Units = whole * share.numerator + rest * share.numerator // share.denominator
    return part


class Capped:
    """Adds up block by block; old and new premiums wait in a file for the off-balance factor."""

    def __init__(self, caps: Caps) -> None:
        self._caps = caps
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - `result` closes it
        self._counts = [0, 0, 0]
        self._sums = [0, 0, 0, 0]

    def add(self, told: Both) -> None:
        """Add a block."""
        renewed = told.rated & (told.before.outcome < DECLINE) & (told.after.outcome < DECLINE)
        old, new = told.old[renewed], told.new[renewed]
        held = self._caps.held(old, new)
        self._file.write(np.stack([old, new], axis=1).astype("<i8").tobytes())
        given, kept = new - np.minimum(held, new), np.maximum(held, new) - new
        counts = (old.size, int((given > 0).sum()), int((kept > 0).sum()))
        sums = (old, new, given, kept)
        self._counts = [one + more for one, more in zip(self._counts, counts, strict=True)]
        self._sums = [one + total(more) for one, more in zip(self._sums, sums, strict=True)]

    def result(self, money: Money) -> Capping:
        """Give what was counted, and find the factor."""
        (renewals, capped, floored), (old, new, given, kept) = self._counts, self._sums
        factor, balanced = self._balance(new)
        self._file.close()
        caps = self._caps
        return Capping(
            cap=None if caps.cap is None else float(caps.cap),
            floor=None if caps.floor is None else float(caps.floor),
            renewals=renewals,
            old=money.amount(old),
            new=money.amount(new),
            capped=capped,
            given_up=money.amount(given),
            floored=floored,
            kept=money.amount(kept),
            charged=money.amount(new - given + kept),
            off_balance=None if factor is None else round(factor / MILLION, DECIMALS),
            balanced=money.amount(balanced),
        )

    def _balance(self, wanted: int) -> tuple[int | None, int]:
        """Find the least factor, in millionths, with which the capped bring in what is wanted."""
        plain, most = self._charged(MILLION), self._charged(MOST)
        if plain == wanted:
            return MILLION, plain
        if most < wanted:
            return None, most
        low, high = (MILLION, MOST) if plain < wanted else (0, MILLION)
        while low < high:
            middle = (low + high) // 2
            if self._charged(middle) >= wanted:
                high = middle
            else:
                low = middle + 1
        return low, self._charged(low)

    def _charged(self, factor: int) -> int:
        """Give what all pay when new premiums are multiplied by a factor before they are held."""
        found = 0
        for pairs in self._pairs():
            old, new = pairs[:, 0], pairs[:, 1]
            whole, rest = np.divmod(new, MILLION)
            moved = whole * factor + (rest * factor + MILLION // 2) // MILLION
            found += total(self._caps.held(old, moved))
        return found

    def _pairs(self) -> Iterator[npt.NDArray[np.int64]]:
        self._file.seek(0)
        while block := self._file.read(16 * CHUNK):
            yield np.frombuffer(block, dtype="<i8").reshape(-1, 2)
