"""One-way tables: policies and premium by every variable that either tariff knows.

A number is told by two leading digits (37, 1,200, 350,000), of which there are few however large
the book, and these are joined to bands of about equal policies at the end.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rating.book.block import Block
from rating.book.columns import Mask, plain_text
from rating.book.source import Rows
from rating.impact.money import Money, Units
from rating.impact.result import Level, Segment
from rating.impact.sums import Both, by_place, ratio
from rating.plan import RatingPlan
from rating.variable import VariableReader

Floats = npt.NDArray[np.float64]
Values: TypeAlias = tuple[Floats, Mask]
"""The value of a variable for each row of a batch, and which rows have none."""
BANDS = 10
MOST_LEVELS = 12
"""Up to so many numbers each stand for themselves."""
MOST_WORDS = 200
"""A column that was kept and has more words names its rows, and is no segment."""
YEAR = 365.25
ABSENT = "—"
TENS = np.array([float(f"1e{power}") for power in range(-12, 16)])


@dataclass
class _Cell:
    """What a level has so far: policies, up, down, old, new; the ends of its numbers."""

    sums: list[int] = field(default_factory=lambda: [0, 0, 0, 0, 0])
    least: float = np.inf
    most: float = -np.inf

    def join(self, other: "_Cell") -> "_Cell":
        sums = [one + more for one, more in zip(self.sums, other.sums, strict=True)]
        return _Cell(sums, min(self.least, other.least), max(self.most, other.most))


class Segments:
    """Adds up block by block."""

    def __init__(self, old: RatingPlan, new: RatingPlan, keep: tuple[str, ...]) -> None:
        # the old tariff's reading where both have a variable, and its items
        self._sides = (old, new)
        self._readers = {**_readers(new), **_readers(old)}
        self._first = set(_readers(old))
        self._cells: dict[str, dict[float, _Cell]] = {name: {} for name in self._readers}
        self._kept: dict[str, dict[str, _Cell]] = {name: {} for name in keep}

    def add(self, told: Both, batch: pa.RecordBatch) -> None:
        """Add a block."""
        both = told.rated
        for name, reader in self._readers.items():
            block = (told.before if name in self._first else told.after).block
            plan = self._sides[name not in self._first]
            values, absent = _values(name, plan, block, told.numbers)
            keys = keys_of(reader, values)
            keys[absent] = np.nan
            _added(self._cells[name], keys[both], values[both], told.old[both], told.new[both])
        for name, cells in list(self._kept.items()):
            if not _words(cells, batch.column(name), both, told):
                del self._kept[name]

    def result(self, money: Money) -> tuple[Segment, ...]:
        """Give the tables, variables in the order of the tariff, kept columns last."""
        made = [
            Segment(name, tuple(_levels(reader, self._cells[name], money)))
            for name, reader in self._readers.items()
        ]
        made += [
            Segment(name, tuple(_level(word, cells[word], money) for word in sorted(cells)))
            for name, cells in self._kept.items()
        ]
        return tuple(segment for segment in made if segment.levels)


def _readers(plan: RatingPlan) -> dict[str, VariableReader]:
    known = plan.readers
    items = {reader.path: reader for group in known.items.values() for reader in group.values()}
    return {**known.policy, **items}


def _values(name: str, plan: RatingPlan, block: Block, numbers: Rows) -> Values:
    """Give the value of every row that could be read, its items' where it is one of an item."""
    values, absent = np.full(numbers.size, np.nan), np.ones(numbers.size, dtype=np.bool_)
    rows = np.flatnonzero(block.good)
    if name in plan.readers.policy:
        values[rows] = block.columns[name]
        absent[rows] = False
        return values, absent
    item, _, key = name.partition(".")
    assert block.offsets is not None  # noqa: S101 - a product with items has them
    here = block.columns["item"] == list(plan.readers.items).index(item)
    owners = np.repeat(rows, np.diff(block.offsets))[here]
    values[owners] = block.columns[key][here]
    absent[owners] = False
    return values, absent


def keys_of(reader: VariableReader, values: Floats) -> Floats:
    """Give what stands together: a choice by its place, a day by its year, a number by two digits.

    Powers of ten are literals, so that no logarithm's last bit moves a value.
    """
    if reader.coded or reader.type.kind == "yes_no":
        return values.copy()
    if reader.type.kind == "date":
        keys: Floats = np.floor(values / YEAR)
        return keys
    size = np.abs(np.nan_to_num(values))
    place = np.clip(np.searchsorted(TENS, size, side="right") - 2, 0, TENS.size - 1)
    step = TENS[place]
    digits: Floats = np.floor(values / step + 1e-9) * step
    return digits


def _added(cells: dict[float, _Cell], keys: Floats, values: Floats, old: Units, new: Units) -> None:
    levels, places = np.unique(keys, return_inverse=True)
    size = levels.size
    counts = [np.bincount(places[mask], minlength=size) for mask in (..., new > old, new < old)]
    sums = [by_place(places, units, size) for units in (old, new)]
    least, most = np.full(size, np.inf), np.full(size, -np.inf)
    np.fmin.at(least, places, values)
    np.fmax.at(most, places, values)
    for place, level in enumerate(levels.tolist()):
        # nan is no key: it is not equal to itself
        key = -np.inf if np.isnan(level) else level
        found = [int(part[place]) for part in (*counts, *sums)]
        cell = _Cell(found, float(least[place]), float(most[place]))
        cells[key] = cells[key].join(cell) if key in cells else cell


def _words(cells: dict[str, _Cell], column: pa.Array, both: Mask, told: Both) -> bool:
    """Add a column that was kept, word by word; tell whether its words are few so far."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    codes = np.asarray(column.indices.cast(pa.int64()).fill_null(-1))[both]
    found: dict[float, _Cell] = {}
    levels = np.unique(codes)
    if levels.size > MOST_WORDS:
        return False
    _added(found, codes.astype(float), np.zeros(codes.size), told.old[both], told.new[both])
    for code in levels.tolist():
        word = ABSENT if code < 0 else plain_text(column.dictionary[code].as_py()) or ABSENT
        cells[word] = cells[word].join(found[code]) if word in cells else found[code]
    return len(cells) <= MOST_WORDS


def _levels(reader: VariableReader, cells: Mapping[float, _Cell], money: Money) -> Iterator[Level]:
    """Give the levels of a variable in order, numbers in bands."""
    known = sorted(key for key in cells if key != -np.inf)
    if reader.coded or reader.type.kind == "yes_no":
        for key in known:
            yield _level(reader.shown(key), cells[key], money)
    else:
        for band in _bands(known, cells):
            ends = dict.fromkeys((reader.shown(band.least), reader.shown(band.most)))
            yield _level(" to ".join(ends), band, money)
    if -np.inf in cells:
        yield _level(ABSENT, cells[-np.inf], money)


def _bands(keys: list[float], cells: Mapping[float, _Cell]) -> list[_Cell]:
    """Join neighbours to bands of about equal policies."""
    if len(keys) <= MOST_LEVELS:
        return [cells[key] for key in keys]
    whole = sum(cells[key].sums[0] for key in keys)
    bands: dict[int, _Cell] = {}
    before = 0
    for key in keys:
        # by the middle of the level, so that one large level is not split off its neighbours
        count = cells[key].sums[0]
        place = (2 * before + count) * BANDS // (2 * whole)
        bands[place] = bands[place].join(cells[key]) if place in bands else cells[key]
        before += count
    return list(bands.values())


def _level(label: str, cell: _Cell, money: Money) -> Level:
    policies, up, down, old, new = cell.sums
    return Level(
        level=label,
        policies=policies,
        up=up,
        down=down,
        old=money.amount(old),
        new=money.amount(new),
        change=money.amount(new - old),
        ratio=ratio(new - old, old),
    )
