"""A triangle of claims: years of origin by age, cumulative, and what its data say of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from product_factory.errors import At, BadInput
from rating.book.rejects import Reject
from rating.development.specification import DevelopmentSpec
from rating.frame import ColumnReader, read_frame

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
FIRST, LAST = 1800, 2200
MOST_AGES = 200
NOWHERE = At("")
Cells: TypeAlias = tuple[Floats, Integers, tuple[str, ...]]
"""What each cell holds, [year, age]; the years; what was filled that had no row."""
LEAST = 2
"""Years of origin, and ages, of the smallest triangle that tells of development."""


@dataclass(frozen=True)
class Triangle:
    """Claims by year of origin and age, known up to one diagonal.

    origins     [year] consecutive years of origin
    cumulative  [year, age] what was known at the end of each age; NaN beyond the diagonal
    exposure    [year] premium or exposure; None where the method reads none
    findings    what a person should look at: falls between ages
    rejects     rows that were left out;  rows: of the file;  at: the file
    """

    origins: Integers
    cumulative: Floats
    exposure: Floats | None = None
    findings: tuple[str, ...] = ()
    rejects: tuple[Reject, ...] = ()
    rows: int = 0
    at: At = NOWHERE

    @property
    def known(self) -> Integers:
        """How many ages of each year are known, [year]."""
        return np.asarray(np.isfinite(self.cumulative).sum(axis=1), dtype=np.int64)

    @property
    def latest(self) -> Floats:
        """What is known last of each year, [year]."""
        found: Floats = self.cumulative[np.arange(self.origins.size), self.known - 1]
        return found

    @classmethod
    def of(
        cls, first: int, rows: list[list[float]], exposure: list[float] | None = None
    ) -> "Triangle":
        """Return the triangle of cumulative rows, the oldest year first."""
        width = max(map(len, rows))
        cells = np.array([[*row, *[np.nan] * (width - len(row))] for row in rows], dtype=np.float64)
        given = None if exposure is None else np.array(exposure, dtype=np.float64)
        return cls(np.arange(first, first + len(rows)), cells, given, (), (), len(rows))


def read_triangle(spec: DevelopmentSpec, path: Path) -> Triangle:
    """Read the triangle.

    Raises BadInput for a file that cannot be read, a hole, a cell given twice, a year that ends
    before or after the others, a row of increments that cannot be read, claims below 0 in sum, and
    for fewer than two years or ages.
    """
    named = [(key, getattr(spec, key)) for key in ("origin", "age", "calendar", "amount")]
    named += [("ages", column) for column in spec.ages] + [("exposure", spec.exposure)]
    wanted = [(name, spec.place(key)) for key, name in named if name is not None]
    reader = ColumnReader(read_frame(path, wanted))
    origin = _whole(reader, spec.origin, FIRST, LAST, "a year such as 2021")
    place = At(str(path))
    premium = None if spec.exposure is None else _positive(spec.exposure, reader)
    cells = _wide(spec, reader, origin) if spec.ages else _long(spec, reader, origin)
    given, years, filled = cells
    if spec.holds == "increments" and reader.rejects:
        text = "expected to read every row of increments, since what one adds would be lost"
        raise BadInput.one(place, "", text + reader.first_left_out())
    if given.shape[0] < LEAST or given.shape[1] < LEAST:
        got = f"{given.shape[0]} and {given.shape[1]}{reader.first_left_out()}"
        text = f"expected two years of origin and two ages or more, got {got}"
        raise BadInput.one(place, "", text)
    _whole_triangle(given, years, place, spec, reader.first_left_out())
    values = np.cumsum(given, axis=1) if spec.holds == "increments" else given
    _require_positive(values, years, place)
    exposure = None
    if premium is not None:
        exposure = _exposure(spec, premium, reader.good, origin, years, place)
    findings = (*filled, *_falls(values, years))
    return Triangle(years, values, exposure, findings, reader.left_out, reader.good.size, place)


def _whole(reader: ColumnReader, column: str, low: int, high: int, what: str) -> Integers:
    value = reader.numbers(column)
    bad = ~((value >= low) & (value <= high) & (value == np.floor(value)))
    reader.refuse(bad, column, f"expected {what}")
    return np.where(bad, low, value).astype(np.int64)


def _years(origin: Integers) -> Integers:
    if origin.size == 0:
        return origin
    return np.arange(int(origin.min()), int(origin.max()) + 1)


def _wide(spec: DevelopmentSpec, reader: ColumnReader, origin: Integers) -> Cells:
    """Read a row by year of origin; an empty cell is not known yet."""
    rows = np.full((origin.size, len(spec.ages)), np.nan)
    for age, column in enumerate(spec.ages):
        empty = reader.frame[column].isna().to_numpy()
        rows[~empty, age] = _amounts(reader, column, empty)[~empty]
    _once(reader, spec.origin, origin, "expected each year of origin once")
    years = _years(origin[reader.good])
    cells = np.full((years.size, len(spec.ages)), np.nan)
    for row in np.flatnonzero(reader.good).tolist():
        cells[origin[row] - years[0]] = rows[row]
    return cells[:, : _width(cells)], years, ()


def _amounts(reader: ColumnReader, column: str, empty: npt.NDArray[np.bool_]) -> Floats:
    """Read the numbers of a column some of whose cells may be empty."""
    only = ColumnReader(reader.frame.loc[:, [column]])
    only.good = ~empty
    value = only.numbers(column)
    reader.refuse(~empty & ~np.isfinite(value), column, "expected a number")
    return value


def _once(reader: ColumnReader, column: str, keys: Integers, reason: str) -> None:
    _, first = np.unique(np.where(reader.good, keys, -1), return_index=True)
    again = np.ones(keys.size, dtype=bool)
    again[first] = False
    reader.refuse(again, column, reason)


def _width(cells: Floats) -> int:
    known = np.flatnonzero(np.isfinite(cells).any(axis=0))
    return int(known[-1]) + 1 if known.size else 0


def _long(spec: DevelopmentSpec, reader: ColumnReader, origin: Integers) -> Cells:
    """Read a row by cell; what ages add may come in several rows, such as one a payment."""
    if spec.age is not None:
        column = spec.age
        age = _whole(reader, column, 1, MOST_AGES, "an age of 1 year or more")
    else:
        column = str(spec.calendar)
        age = _whole(reader, column, FIRST, LAST, "a year such as 2021") - origin + 1
        reader.refuse((age < 1) | (age > MOST_AGES), column, "expected a year from the origin on")
    value = reader.numbers(str(spec.amount))
    if spec.holds == "cumulative":
        keys = origin * (MOST_AGES + 1) + np.clip(age, 0, MOST_AGES)
        _once(reader, column, keys, "expected each cell of cumulative claims once")
    good = reader.good
    years = _years(origin[good])
    if years.size == 0:
        return np.zeros((0, 0)), years, ()
    row, place, width = origin[good] - years[0], age[good] - 1, int(age[good].max())
    cells, seen = np.zeros((years.size, width)), np.zeros((years.size, width), dtype=bool)
    np.add.at(cells, (row, place), value[good])
    seen[row, place] = True
    filled: tuple[str, ...] = ()
    if spec.missing == "zero":
        filled = tuple(_empty(seen, years))
        seen |= np.add.outer(np.arange(years.size), np.arange(width)) <= (row + place).max()
    return np.where(seen, cells, np.nan), years, filled


def _empty(seen: npt.NDArray[np.bool_], years: Integers) -> Iterator[str]:
    """Tell calendar years and years of origin without a row, which `missing: zero` fills."""
    rows, ages = np.nonzero(seen)
    calendar = rows + ages
    for place in range(int(calendar.max())):
        if not (calendar == place).any():
            yield f"no row is of the calendar year {years[0] + place}: taken as one without claims"
    for row in np.flatnonzero(~seen.any(axis=1)).tolist():
        yield f"no row is of the year of origin {years[row]}: taken as one without claims"


def _whole_triangle(
    cells: Floats, years: Integers, at: At, spec: DevelopmentSpec, why: str
) -> None:
    """Refuse holes, and years that do not end on the diagonal of the others."""
    seen = np.isfinite(cells)
    last = int(max(row + age for row, age in zip(*np.nonzero(seen), strict=True)))
    for row, year in enumerate(years.tolist()):
        upto = min(cells.shape[1], last - row + 1)
        if upto < 1:
            text = f"expected claims of {year} by the end of {years[0] + last}, got none{why}"
            raise BadInput.one(at, "", text)
        holes = np.flatnonzero(~seen[row, :upto])
        if holes.size:
            text = (
                f"the triangle has a hole: nothing of {year} at age {holes[0] + 1}, though it goes "
                f"up to the end of {years[0] + last}"
            )
            if not spec.ages and spec.holds == "increments":
                text += "; where nothing was paid, say 'missing: zero'"
            raise BadInput.one(at, "", text + why)


def _require_positive(values: Floats, years: Integers, at: At) -> None:
    below = np.argwhere(values < 0.0).tolist()
    if below:
        row, age = below[0]
        text = f"expected cumulative claims of 0 or more, got {values[row, age]:g} of {years[row]}"
        raise BadInput.one(at, "", f"{text} at age {age + 1}")


def _positive(name: str, reader: ColumnReader) -> Floats:
    value = reader.numbers(name)
    reader.refuse(~(value > 0.0), name, "expected an exposure above 0")
    return value


def _exposure(
    spec: DevelopmentSpec,
    value: Floats,
    good: npt.NDArray[np.bool_],
    origin: Integers,
    years: Integers,
    at: At,
) -> Floats:
    name = str(spec.exposure)
    found = np.full(years.size, np.nan)
    for row, year in enumerate(years.tolist()):
        own = np.unique(value[good & (origin == year)])
        if own.size != 1:
            got = "none" if own.size == 0 else f"{own[0]:g} and {own[1]:g}"
            raise BadInput.one(
                at, "", f"expected one '{name}' of {year} in all its rows, got {got}"
            )
        found[row] = own[0]
    return found


def _falls(values: Floats, years: Integers) -> list[str]:
    """Tell where claims fall from one age to the next: recoveries, or a slip."""
    fallen = np.argwhere(np.diff(values, axis=1) < 0.0).tolist()
    return [
        f"claims of {years[row]} fall at age {age + 2}: from {values[row, age]:,.6g} to "
        f"{values[row, age + 1]:,.6g}"
        for row, age in fallen
    ]
