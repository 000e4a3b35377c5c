"""Risks in columns, and how identical ones become a cell."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from rating.encode import Readers
from rating.engines.collective.members import Members, joined
from rating.engines.collective.periods import Periods

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
ABSENT = -1e300
"""Stands for the variables of an item that is not insured, where rows are compared."""


@dataclass(frozen=True)
class Risks:
    """Risks, one row each; a choice stands as its place, as everywhere.

    policies      [row] how many policies are of this kind
    columns       policy variable → [row]
    item_columns  item variable → [row, item], NaN where the item is not insured
    present       [row, item] 1 where the item is insured
    periods       when the policies are on risk; None: all year, as in all parts of one portfolio
    members       those of the items of which several may stand in a policy; None where none may
    elapsed       [row] policy years that are over, of contracts of many years; None: none of any
    """

    policies: Integers
    columns: Mapping[str, Floats]
    item_columns: Mapping[str, Floats]
    present: Integers
    periods: Periods | None = None
    members: Members | None = None
    elapsed: Integers | None = None

    @property
    def size(self) -> int:
        """The number of rows."""
        return len(self.policies)

    def where(self, rows: npt.NDArray[np.bool_] | Integers) -> "Risks":
        """Give some of the rows."""
        return Risks(
            self.policies[rows],
            {name: column[rows] for name, column in self.columns.items()},
            {name: column[rows] for name, column in self.item_columns.items()},
            self.present[rows],
            None if self.periods is None else self.periods.where(rows),
            None if self.members is None else self.members.where(rows),
            None if self.elapsed is None else self.elapsed[rows],
        )

    def rated_columns(self, items: int) -> tuple[dict[str, Floats], Integers | None]:
        """Give the columns as a tariff reads them: item variables item by item, with offsets."""
        if not items:
            return dict(self.columns), None
        here = self.present == 1
        found = dict(self.columns)
        if self.members is not None:
            policy, item = np.nonzero(here)
            policy = np.concatenate([policy, self.members.policy])
            item = np.concatenate([item, self.members.item])
            order = np.lexsort((item, policy))
            found["item"] = item[order].astype(np.float64)
            for name, column in self.item_columns.items():
                found[name] = np.concatenate([column[here], self.members.columns[name]])[order]
            return found, np.searchsorted(policy[order], np.arange(self.size + 1)).astype(np.int64)
        found["item"] = np.nonzero(here)[1].astype(np.float64)
        found |= {name: column[here] for name, column in self.item_columns.items()}
        offsets = np.concatenate([[0], np.cumsum(here.sum(axis=1))]).astype(np.int64)
        return found, offsets


def empty(known: Readers, rows: int) -> Risks:
    """Make rows in which nothing is known yet."""
    items = len(known.items)
    return Risks(
        policies=np.ones(rows, dtype=np.int64),
        columns={name: np.full(rows, np.nan) for name in known.policy},
        item_columns={name: np.full((rows, items), np.nan) for name in known.item_names},
        present=np.zeros((rows, items), dtype=np.int64),
        members=no_members(known, rows),
    )


def no_members(known: Readers, rows: int) -> Members | None:
    """Give the members of policies that have none yet; None where no item may stand twice."""
    if not known.many:
        return None
    columns = {name: np.zeros(0) for name in known.item_names}
    return Members(np.zeros(rows + 1, dtype=np.int64), np.zeros(0, dtype=np.int64), columns)


def grouped(parts: list[Risks], product: AssembledProduct) -> Risks:
    """Join identical risks into one row each, in the order of their values.

    The order depends on which kinds of risk there are, not on the order or number of policies.
    """
    if parts[0].members is not None:
        return _grouped(parts, [part.members for part in parts if part.members is not None])
    names = list(parts[0].columns)
    items = list(parts[0].item_columns)
    width = len(product.items)
    blocks = []
    for part in parts:
        rows = [part.columns[name] for name in names]
        rows += [part.item_columns[name][:, place] for name in items for place in range(width)]
        rows += [part.present[:, place].astype(np.float64) for place in range(width)]
        if part.periods is not None:
            rows += [column.astype(np.float64) for column in part.periods.columns]
        if part.elapsed is not None:
            rows.append(part.elapsed.astype(np.float64))
        blocks.append(np.column_stack(rows))
    table = np.vstack(blocks)
    # NaN is unlike itself, and an item that is not there is alike in every row
    table = np.where(np.isnan(table), ABSENT, table)
    kinds, where = np.unique(table, axis=0, return_inverse=True)
    policies = np.zeros(len(kinds), dtype=np.int64)
    np.add.at(policies, where.ravel(), np.concatenate([part.policies for part in parts]))
    kinds = np.where(kinds == ABSENT, np.nan, kinds)
    columns = {name: kinds[:, place].copy() for place, name in enumerate(names)}
    first = len(names)
    item_columns = {}
    for name in items:
        item_columns[name] = kinds[:, first : first + width].copy()
        first += width
    whole = kinds[:, first:].astype(np.int64)
    present, rest = whole[:, :width].copy(), whole[:, width:].T.copy()
    periods = None if parts[0].periods is None else Periods(*rest)
    elapsed = None if parts[0].elapsed is None else rest[0]
    return Risks(policies, columns, item_columns, present, periods, elapsed=elapsed)


def _grouped(parts: list[Risks], held: list[Members]) -> Risks:
    """Join policies that are identical, whatever the order of their members.

    Members of a kind come to stand in the order of their values.
    """
    members = joined(held).in_order()
    rows = [
        np.column_stack(
            [
                *part.columns.values(),
                *part.item_columns.values(),
                part.present,
                *(() if part.periods is None else part.periods.columns),
            ]
        )
        for part in parts
    ]
    table = np.nan_to_num(np.vstack(rows), nan=ABSENT)
    of_members = np.nan_to_num(
        np.column_stack([members.item, *members.columns.values()]), nan=ABSENT
    )
    policies = np.concatenate([part.policies for part in parts]).tolist()
    kinds: dict[tuple[float, ...], list[int]] = {}
    for row, values in enumerate(table.tolist()):
        begin, end = members.offsets[row], members.offsets[row + 1]
        kind = (*values, float(end - begin), *of_members[begin:end].ravel().tolist())
        first_and_number = kinds.setdefault(kind, [row, 0])
        first_and_number[1] += policies[row]
    found = [kinds[kind] for kind in sorted(kinds)]
    first = np.array([row for row, _ in found], dtype=np.int64)
    return Risks(
        np.array([number for _, number in found], dtype=np.int64),
        _joined([part.columns for part in parts], first),
        _joined([part.item_columns for part in parts], first),
        np.concatenate([part.present for part in parts])[first],
        _joined_periods(parts, first),
        members.where(first),
    )


def _joined_periods(parts: list[Risks], rows: Integers) -> Periods | None:
    found = [part.periods.columns for part in parts if part.periods is not None]
    if not found:
        return None
    return Periods(*(np.concatenate(columns)[rows] for columns in zip(*found, strict=True)))


def _joined(parts: list[Mapping[str, Floats]], rows: Integers) -> dict[str, Floats]:
    return {name: np.concatenate([part[name] for part in parts])[rows] for name in parts[0]}
