"""One block of a book, encoded: the rows that can be rated, their items, and the rejects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from product_factory.errors import At, BadInput, Problem, nearest
from rating.book.columns import (
    Mask,
    Numbers,
    ReadColumn,
    holds_values,
    no_values,
    nothing,
    read_column,
    required,
    wrong_rows,
)
from rating.book.reasons import missing_item
from rating.book.rejects import Reject
from rating.encode import Readers, absent_value
from rating.variable import VariableReader

KEPT = ("id", "policy")
"""Columns that are passed through without being asked for."""
MOST_TOLD = 20
"""Columns of a book of which it is told what is wrong with them."""


@dataclass(frozen=True)
class Block:
    """Encoded rows.

    good     which rows of the block can be rated
    columns  name → numbers of the good rows, or of their items
    offsets  first item of each good row, then the number of items; None without items
    rejects  what is wrong with the others
    """

    good: Mask
    columns: Mapping[str, Numbers]
    offsets: npt.NDArray[np.int64] | None
    rejects: tuple[Reject, ...]


def check_columns(
    readers: Readers,
    names: Mapping[str, pa.DataType],
    keep: Sequence[str],
    at: At,
    beside: Sequence[str] = (),
) -> None:
    """Raise BadInput for columns that are missing, unknown and not kept, or hold no values.

    names   those of the book, with their Arrow types
    beside  columns that may be there and are read by somebody else
    """
    known, wrong = readers.paths(), []
    for name, kind in names.items():
        if name in known and not holds_values(kind):
            wrong.append(no_values(name, kind))
        if name not in known and name not in (*KEPT, *keep, *beside):
            hint = nearest(name, (*known, *beside))
            say = " (a book with a row for each item is rated by `--by`)"
            more = say if name in (*readers.item_names, "item") and readers.items else ""
            wrong.append(f"unknown column '{name}'{hint}{more}; {unknown_stays(beside)}")
    wrong += not_there(keep, names)
    wrong += [f"expected the column '{name}'" for name in readers.policy if name not in names]
    for item, group in readers.items.items():
        there = [name for name in group if f"{item}.{name}" in names]
        if there or item not in readers.optional:
            lacking = [name for name in group if name not in there]
            wrong += [f"expected the column '{item}.{name}'" for name in lacking]
    refuse_columns(at, wrong)


def unknown_stays(beside: Sequence[str]) -> str:
    """Say what becomes of a column that is not known; who reads some beside keeps no others."""
    return "leave it out" if beside else "`--keep` keeps it"


def not_there(keep: Sequence[str], names: Mapping[str, pa.DataType]) -> list[str]:
    """Tell of the columns that a book shall pass through and does not have."""
    return [
        f"unknown column '{name}' to keep{nearest(name, names)}"
        for name in keep
        if name not in names
    ]


def refuse_columns(at: At, wrong: Sequence[str]) -> None:
    """Raise BadInput with all that is wrong with the columns of a book, or the first of it."""
    if wrong:
        more = [f"… and {len(wrong) - MOST_TOLD} more"] if len(wrong) > MOST_TOLD else []
        raise BadInput(Problem(at, "", text) for text in (*wrong[:MOST_TOLD], *more))


def encode_block(
    readers: Readers,
    batch: pa.RecordBatch,
    numbers: npt.NDArray[np.int64],
    known: Iterable[Reject] = (),
) -> Block:
    """Encode a block of rows with their numbers.

    known  what is wrong with rows for another reason
    """
    rejects = [*known]
    policy: dict[str, Numbers] = {}
    for name, reader in readers.policy.items():
        column = read_column(reader, batch.column(name))
        rejects += wrong_rows(reader, column, numbers)
        rejects += required(reader, column.absent, numbers)
        policy[name] = column.values
    items: dict[str, dict[str, ReadColumn]] = {}
    present: list[Mask] = []
    for item, group in readers.items.items():
        items[item] = {name: _item(reader, batch) for name, reader in group.items()}
        here = _present(items[item], batch.num_rows)
        rejects += _item_rejects(readers, item, items[item], here, numbers)
        present.append(here)
    good = np.ones(len(numbers), dtype=np.bool_)
    if rejects:
        good = ~np.isin(numbers, [entry.row for entry in rejects])
    whole = bool(good.all())
    columns = {name: values if whole else values[good] for name, values in policy.items()}
    if not readers.items:
        return Block(good, columns, None, _ordered(rejects))
    here = np.stack(present)[:, good]
    columns["item"] = np.nonzero(here.T)[1].astype(np.int32)
    for name, reader in readers.item_names.items():
        columns[name] = _of_items(name, reader, items, good)[here.T]
    offsets = np.concatenate([[0], np.cumsum(here.sum(axis=0))]).astype(np.int64)
    return Block(good, columns, offsets, _ordered(rejects))


def _ordered(rejects: Sequence[Reject]) -> tuple[Reject, ...]:
    return tuple(sorted(rejects, key=lambda entry: entry.row))


def _item(reader: VariableReader, batch: pa.RecordBatch) -> ReadColumn:
    if reader.path not in batch.schema.names:
        return nothing(reader, batch.num_rows)
    return read_column(reader, batch.column(reader.path))


def _present(group: Mapping[str, ReadColumn], rows: int) -> Mask:
    """Tell which rows have an item: those that give any of its values."""
    here = np.zeros(rows, dtype=np.bool_)
    for column in group.values():
        here |= ~column.absent
    return here


def _item_rejects(
    readers: Readers,
    item: str,
    group: Mapping[str, ReadColumn],
    here: Mask,
    numbers: npt.NDArray[np.int64],
) -> list[Reject]:
    found: list[Reject] = []
    for name, column in group.items():
        reader = readers.items[item][name]
        found += wrong_rows(reader, column, numbers)
        found += required(reader, column.absent & here, numbers)
    if item not in readers.optional:
        found += [missing_item(int(numbers[row]), item) for row in np.flatnonzero(~here)]
    return found


def _of_items(
    name: str, reader: VariableReader, items: Mapping[str, Mapping[str, ReadColumn]], good: Mask
) -> Numbers:
    """Give a variable of all items, one row a policy and one column an item."""
    rows = int(good.sum())
    kind = np.int32 if reader.coded else np.float64
    parts = [
        group[name].values[good]
        if name in group
        else np.full(rows, absent_value(reader), dtype=kind)
        for group in items.values()
    ]
    made: Numbers = np.stack(parts, axis=1)
    return made
