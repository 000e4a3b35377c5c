"""What a row of a book stands for: how many policies, and when they are on risk.

Columns that a book may have, whatever its product; a variable of the product keeps its name:

    policy_count  a whole number of identical policies; without it, one
    start, end    the first day of the policy, and the first day on which it is over; without them,
                  the policy is on risk for the whole year that is simulated, and begins with it
    first_start   the first day of the first of the policies that this one renews, from which a
                  waiting period counts; without it, the start
    elapsed_years of a contract of many years in force: whole policy years that are over on the day
                  of the run; without it, none, so that the contract is issued on that day

The year that is simulated is the YEAR days from the day of the run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput
from product_factory.numbers.dates import anniversary
from product_factory.types import Type, day_number, day_of
from rating.book.columns import (
    ReadColumn,
    holds_values,
    no_values,
    read_column,
    required,
    wrong_rows,
)
from rating.book.members import ITEM, unlike
from rating.book.policies import Policies
from rating.book.rejects import Reject
from rating.cash_flows.book import POLICY_COUNT
from rating.cash_flows.elapsed import READER as ELAPSED_READER
from rating.encode import readers
from rating.engines.collective.periods import YEAR, Periods
from rating.engines.multistate.grid import ELAPSED
from rating.variable import VariableReader

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
START, END, FIRST_START = "start", "end", "first_start"
MOST_POLICIES = 1_000_000_000
"""Policies that one row may stand for: beyond, the time of a claim would lose its digits."""
MIDNIGHT = r" 00:00:00(\.0+)?$"
FIRST_DAY, LAST_DAY = (float(day_number(date(year, 1, 1))) for year in (1900, 2200))
READERS = {
    POLICY_COUNT: VariableReader(
        POLICY_COUNT, Type("integer"), 1.0, float(MOST_POLICIES), np.nan, At("")
    )
} | {
    name: VariableReader(name, Type("date"), FIRST_DAY, LAST_DAY, np.nan, At(""))
    for name in (START, END, FIRST_START)
}
READERS[ELAPSED] = ELAPSED_READER
ONLY_OF_A_YEAR = (
    f"a long-term contract has no such day; expected '{ELAPSED}', how many of its policy years are "
    "over on the day of the run (0: issued on that day), with the age and all else as at issue"
)
ONLY_OF_MANY = f"a contract of {{name}} lasts a year; expected '{START}', '{END}', '{FIRST_START}'"


@dataclass(frozen=True)
class Stands:
    """What the rows of a block stand for; of rows that are rejected it says nothing.

    policies  [row];  periods: None where the book has no dates;  rejects: what cannot be read
    elapsed   [row]; None where the book says it of none
    """

    policies: Integers
    periods: Periods | None
    rejects: tuple[Reject, ...]
    elapsed: Integers | None = None


def columns_of(product: AssembledProduct) -> tuple[str, ...]:
    """Name the columns that a book of the product may have besides its variables."""
    known = readers(product)
    of_rows = (*known.policy, *known.item_names, ITEM) if known.many else known.paths()
    return tuple(name for name in READERS if name not in of_rows)


def check_stands(
    product: AssembledProduct, types: Mapping[str, pa.DataType], at: At
) -> tuple[str, ...]:
    """Give those of the columns that a book has. types: column → Arrow type.

    Raises BadInput for one that holds no values, for dates of contracts of many years, for elapsed
    years of those of a year, and for one that stands without another that it needs.
    """
    found = tuple(name for name in columns_of(product) if name in types)
    for name in found:
        if not holds_values(types[name]):
            raise BadInput.one(at, "", no_values(name, types[name]))
        if name != POLICY_COUNT and (name == ELAPSED) != product.long_term:
            why = ONLY_OF_A_YEAR if product.long_term else ONLY_OF_MANY.format(name=product.name)
            raise BadInput.one(at, "", f"expected no column '{name}': {why}")
    for name, other in ((START, END), (END, START), (FIRST_START, START)):
        if name in found and other not in found:
            raise BadInput.one(at, "", f"expected the column '{other}' beside '{name}'")
    return found


def read_stands(
    names: tuple[str, ...], batch: pa.RecordBatch, numbers: Integers, on: date
) -> Stands:
    """Read what the rows of a block stand for.

    names  as of `check_stands`;  numbers: of the rows;  on: the first day of the year
    """
    rejects: list[Reject] = []
    columns: dict[str, ReadColumn] = {}
    for name in names:
        column = columns[name] = read_column(READERS[name], _days(batch.column(name)))
        rejects += wrong_rows(READERS[name], column, numbers)
        rejects += required(READERS[name], column.absent, numbers)
    policies = np.ones(len(numbers), dtype=np.int64)
    if POLICY_COUNT in columns:
        policies = _whole(columns[POLICY_COUNT], 1)
    if ELAPSED in columns:
        return Stands(policies, None, tuple(rejects), _whole(columns[ELAPSED], 0))
    if START not in columns:
        return Stands(policies, None, tuple(rejects))
    good = _read(columns[START]) & _read(columns[END])
    first = day_number(on)
    start = np.where(good, _whole(columns[START], first), first)
    end = np.where(good, _whole(columns[END], first), first + YEAR)
    latest = _a_year_on(start)
    for row in np.flatnonzero(good & ~((start < end) & (end <= latest))).tolist():
        days = (day_of(float(column[row])) for column in (start, end, latest))
        rejects.append(_wrong_end(int(numbers[row]), *days))
    began = start
    if FIRST_START in columns:
        good &= _read(columns[FIRST_START])
        began = np.where(good, _whole(columns[FIRST_START], first), start)
        for row in np.flatnonzero(began > start).tolist():
            days = (day_of(float(column[row])) for column in (start, began))
            rejects.append(_wrong_first(int(numbers[row]), *days))
    periods = Periods(np.maximum(start - first, 0), np.minimum(end - first, YEAR), first - began)
    return Stands(policies, periods, tuple(rejects))


def read_stands_of_policies(names: tuple[str, ...], found: Policies, on: date) -> Stands:
    """Read what policies stand for of which each item has a row: [policy].

    The first row of a policy says it; its others leave it out, or say the same.
    """
    firsts = found.starts[:-1]
    stands = read_stands(names, found.batch.take(pa.array(firsts)), found.numbers[firsts], on)
    rejects = [*stands.rejects]
    later = np.ones(len(found.numbers), dtype=np.bool_)
    later[firsts] = False
    told = frozenset(found.numbers[later].tolist())
    for name in names:
        texts = _days(found.batch.column(name))
        column = read_column(READERS[name], texts)
        wrong = wrong_rows(READERS[name], column, found.numbers)
        rejects += [entry for entry in wrong if entry.row in told]
        rejects += unlike(READERS[name], column, found, texts)
    return replace(stands, rejects=tuple(rejects))


def _days(column: pa.Array) -> pa.Array:
    """Give midnights as days, as data frames write days; all else as it is."""
    if not pa.types.is_timestamp(column.type):
        return column
    return pc.replace_substring_regex(column.cast(pa.string()), MIDNIGHT, "")


def _read(column: ReadColumn) -> npt.NDArray[np.bool_]:
    good = ~column.absent
    good[list(column.wrong)] = False
    return good


def _whole(column: ReadColumn, otherwise: int) -> Integers:
    """Give whole numbers, and another where there is none."""
    return np.where(_read(column), column.values, float(otherwise)).astype(np.int64)


def _a_year_on(start: Integers) -> Integers:
    """Give the day a year after each day."""
    days, place = np.unique(start, return_inverse=True)
    later = [day_number(anniversary(day_of(day), 1)) for day in days.tolist()]
    return np.array(later, dtype=np.int64)[place.ravel()]


def _wrong_end(row: int, start: date, end: date, latest: date) -> Reject:
    """Say that a policy ends before it starts, or lasts longer than a year."""
    soonest = start + timedelta(days=1)
    expected = f"{soonest} to {latest}"
    reason = f"expected {expected}, the policy being of a year from {start}, got {end}"
    said = f"应为 {soonest} 至 {latest}（保单自 {start} 起，至多一年），实为 {end}"
    nearest = soonest if end < soonest else latest
    return Reject(row, END, str(end), reason, expected, str(nearest), said)


def _wrong_first(row: int, start: date, first: date) -> Reject:
    """Say that a policy starts before the first of those that it renews."""
    expected = f"a day up to {start}"
    reason = f"expected {expected}, when the policy starts, got {first}"
    said = f"应不晚于 {start}（保单起期），实为 {first}"
    return Reject(row, FIRST_START, str(first), reason, expected, str(start), said)
