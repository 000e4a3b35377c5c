"""Tables of several products as one: row by row, each product's covers in columns of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sandbox.business.file import EVERY
from sandbox.loss_table import LossTable, Segments

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Storms:
    """The storms of one event set, as those products met them that stand in their way.

    year  [storm], in order of year and time;  paid: product → [storm], currency of the business
    """

    year: Integers
    paid: Mapping[str, Floats]

    def together(self) -> Floats:
        """Give what all of them were paid for each storm, in their order, [storm]."""
        whole = np.zeros(len(self.year))
        for paid in self.paid.values():
            whole += paid
        return whole


def exchanged(table: LossTable, rate: float, currency: str) -> LossTable:
    """Give a table in another currency; at a rate of 1 every amount is what it was, to the bit."""
    if rate == 1.0:
        return table
    paid, sizes = table.paid * rate, table.sizes
    return replace(
        table,
        paid=paid,
        premium=table.premium * rate,
        expenses=_times(table.expenses, rate),
        largest_event=_times(table.largest_event, rate),
        largest_claim=_times(table.largest_claim, rate),
        sizes=None if sizes is None else sizes.times(rate).fitted(paid),
        by_segment={
            name: Segments(one.labels, one.paid * rate, one.premium * rate)
            for name, one in table.by_segment.items()
        },
        currency=currency,
    )


def in_order(table: LossTable, order: Integers) -> LossTable:
    """Give the table with its rows in another order."""
    return replace(
        table,
        paid=table.paid[order],
        premium=table.premium[order],
        expenses=_placed(table.expenses, order),
        largest_event=_placed(table.largest_event, order),
        largest_claim=_placed(table.largest_claim, order),
        sizes=None if table.sizes is None else table.sizes.in_order(order),
        by_segment={
            name: Segments(one.labels, one.paid[order], one.premium[order])
            for name, one in table.by_segment.items()
        },
    )


def _times(amounts: Floats | None, rate: float) -> Floats | None:
    return None if amounts is None else amounts * rate


def _placed(amounts: Floats | None, order: Integers) -> Floats | None:
    return None if amounts is None else amounts[order]


def total_table(
    tables: Mapping[str, LossTable], currency: str, largest: Floats | None
) -> LossTable:
    """Add products up, each row with those of the others that have its number.

    Columns are `home.fire`; the classification `product` tells products apart, and those of a
    product are `home.city`. Premium and expenses are added in the order of the products.

    largest  [row] the largest event of all of them together, where it is known
    """
    first = next(iter(tables.values()))
    rows = first.years
    spent = [one.expenses for one in tables.values()]
    known = [each for each in spent if each is not None]
    segments: dict[str, Segments] = {EVERY: by_product(tables)}
    for name, one in tables.items():
        segments |= {f"{name}.{by}": each for by, each in one.by_segment.items()}
    return LossTable(
        columns=tuple(f"{name}.{column}" for name, one in tables.items() for column in one.columns),
        paid=np.column_stack([one.paid for one in tables.values()]),
        premium=added([one.premium for one in tables.values()], rows),
        basis=first.basis,
        seed=first.seed,
        kind=first.kind,
        expenses=None if len(known) < len(spent) else added(known, rows),
        largest_event=largest,
        by_segment=segments,
        currency=currency,
    )


def by_product(tables: Mapping[str, LossTable]) -> Segments:
    """Give claims and premium of each product, [row, product]."""
    return Segments(
        labels=tuple(tables),
        paid=np.column_stack([one.total() for one in tables.values()]),
        premium=np.column_stack([one.premium for one in tables.values()]),
    )


def added(columns: Sequence[Floats], rows: int) -> Floats:
    """Add columns one by one, first to last, [row]."""
    total = np.zeros(rows)
    for column in columns:
        total += column
    return total


def largest_together(
    tables: Mapping[str, LossTable], storms: Sequence[Storms], rows: int
) -> Floats | None:
    """Give the largest event of each row: a storm counts with what it cost all products.

    None where a product does not tell its own.
    """
    if any(one.largest_event is None for one in tables.values()):
        return None
    found = np.zeros(rows)
    for one in storms:
        np.maximum.at(found, one.year, one.together())
    shared = {name for one in storms for name in one.paid}
    for name, table in tables.items():
        if name not in shared and table.largest_event is not None:
            np.maximum(found, table.largest_event, out=found)
    return found
