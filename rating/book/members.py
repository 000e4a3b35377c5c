"""Whole policies with a row for each item, encoded: a policy is good where all of its rows are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from product_factory.errors import At, BadInput, nearest
from product_factory.types import Type
from rating.book.block import KEPT, Block, not_there, refuse_columns, unknown_stays
from rating.book.columns import (
    Mask,
    Numbers,
    ReadColumn,
    holds_values,
    no_values,
    nothing,
    plain_text,
    read_column,
    required,
    wrong_rows,
)
from rating.book.policies import Policies
from rating.book.reasons import few_items, item_twice, missing_item, not_of_item, unlike_first
from rating.book.rejects import Reject
from rating.encode import Readers, absent_value
from rating.variable import VariableReader

ITEM = "item"
"""The column that says which item of the product a row is."""
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class ItemRows:
    """A block of whole policies, with the rows of its items.

    block  good tells of policies; the items of one are in the order of the product
    rows   the place among the rows read of each item of the block
    """

    block: Block
    rows: Integers


def check_item_columns(
    readers: Readers,
    names: Mapping[str, pa.DataType],
    by: str,
    keep: Sequence[str],
    at: At,
    beside: Sequence[str] = (),
) -> None:
    """Raise BadInput for a column that is missing, unknown and not kept, or holds no values.

    beside  columns that may be there and are read by somebody else
    """
    if not readers.items:
        text = "the product has no items, so a policy has one row; leave '--by' out"
        raise BadInput.one(at, "", text)
    known = [*readers.policy, *readers.item_names, ITEM]
    if by in known or by not in names:
        of_others = [name for name in names if name not in known]
        hint = nearest(by, of_others)
        raise BadInput.one(at, "", f"expected a column that names policies, got '{by}'{hint}")
    wrong = []
    for name, kind in names.items():
        if name in (*known, by) and not holds_values(kind):
            wrong.append(no_values(name, kind))
        if name not in (*known, by, *KEPT, *keep, *beside):
            say = " (a book with columns for its items is rated without `--by`)"
            more = say if name in readers.paths() else nearest(name, (*known, *beside))
            wrong.append(f"unknown column '{name}'{more}; {unknown_stays(beside)}")
    wrong += not_there(keep, names)
    must = [*readers.policy, *([ITEM] if len(readers.items) > 1 else [])]
    must += [
        name for item, g in readers.items.items() if item not in readers.optional for name in g
    ]
    lacking = (name for name in dict.fromkeys(must) if name not in names)
    refuse_columns(at, [*wrong, *(f"expected the column '{name}'" for name in lacking)])


def encode_policies(readers: Readers, found: Policies, known: Sequence[Reject] = ()) -> ItemRows:
    """Encode whole policies.

    known  what is wrong with rows for another reason
    """
    of, starts, numbers, batch = found.of, found.starts, found.numbers, found.batch
    rejects = [*known]
    first = np.zeros(len(numbers), np.bool_)
    first[starts[:-1]] = True
    columns: dict[str, Numbers] = {}
    for name, reader in readers.policy.items():
        column = read_column(reader, batch.column(name))
        rejects += wrong_rows(reader, column, numbers)
        rejects += required(reader, column.absent & first, numbers)
        rejects += unlike(reader, column, found, batch.column(name))
        columns[name] = column.values[starts[:-1]]
    codes, wrong = _codes(readers, batch, numbers)
    rejects += wrong
    items, wrong = _items(readers, batch, codes, numbers)
    unsure = np.isin(numbers, [entry.row for entry in known]) | (codes < 0)
    rejects += [*wrong, *_amiss(readers, codes, found, unsure)]
    good = np.ones(len(starts) - 1, np.bool_)
    good[of[np.isin(numbers, [entry.row for entry in rejects])]] = False
    rows = np.lexsort((codes, of))  # stable: those of one item stay in the order of the book
    rows = rows[good[of[rows]]]
    made = {name: values[good] for name, values in columns.items()}
    made[ITEM] = codes[rows].astype(np.int32)
    made |= {name: values[rows] for name, values in items.items()}
    offsets = np.concatenate([[0], np.cumsum(np.diff(starts)[good])]).astype(np.int64)
    return ItemRows(Block(good, made, offsets, tuple(rejects)), rows)


def _codes(
    readers: Readers, batch: pa.RecordBatch, numbers: Integers
) -> tuple[npt.NDArray[np.int32], list[Reject]]:
    """Read which item each row is, -1 where that is unknown; the only one where nothing is said."""
    if ITEM not in batch.schema.names:
        return np.zeros(batch.num_rows, np.int32), []
    kind = Type("choice", tuple(readers.items))
    reader = VariableReader(ITEM, kind, np.nan, np.nan, np.nan, At(""))
    column = read_column(reader, batch.column(ITEM))
    absent = column.absent if len(readers.items) > 1 else np.zeros(batch.num_rows, np.bool_)
    rejects = [*wrong_rows(reader, column, numbers), *required(reader, absent, numbers)]
    codes = column.values.astype(np.int32)
    return np.where(column.absent & ~absent, 0, codes).astype(np.int32), rejects


def _items(
    readers: Readers, batch: pa.RecordBatch, codes: npt.NDArray[np.int32], numbers: Integers
) -> tuple[dict[str, Numbers], list[Reject]]:
    """Read the variables of the items, each by the bounds of its own item."""
    found: dict[str, Numbers] = {}
    rejects: list[Reject] = []
    for name, general in readers.item_names.items():
        kind = np.int32 if general.coded else np.float64
        values: Numbers = np.full(batch.num_rows, absent_value(general), dtype=kind)
        there = batch.column(name) if name in batch.schema.names else None
        for code, (item, group) in enumerate(readers.items.items()):
            rows = np.flatnonzero(codes == code)
            if not rows.size:
                continue
            held = None if there is None else there.take(pa.array(rows))
            if name not in group:
                rejects += _strangers(general, name, item, held, numbers[rows])
                continue
            reader = replace(group[name], path=name)
            column = nothing(reader, rows.size) if held is None else read_column(reader, held)
            rejects += wrong_rows(reader, column, numbers[rows])
            rejects += required(reader, column.absent, numbers[rows])
            values[rows] = column.values
        found[name] = values
    return found, rejects


def _strangers(
    reader: VariableReader, name: str, item: str, held: pa.Array | None, numbers: Integers
) -> Iterator[Reject]:
    """Tell of values that an item does not have."""
    if held is not None:
        column = read_column(reader, held)
        for row in np.flatnonzero(~column.absent).tolist():
            text = column.wrong[row] if row in column.wrong else plain_text(held[row].as_py())
            yield not_of_item(int(numbers[row]), name, text, item)


def unlike(
    reader: VariableReader, column: ReadColumn, found: Policies, texts: pa.Array
) -> Iterator[Reject]:
    """Tell of rows whose value of the policy is not that of its first row; it may be left out."""
    firsts = found.starts[:-1][found.of]
    values = column.values
    given = ~column.absent & ~column.absent[firsts]
    for row in np.flatnonzero(given & (values != values[firsts])).tolist():
        begins = int(firsts[row])
        if row not in column.wrong and begins not in column.wrong:
            pair = (plain_text(texts[begins].as_py()), plain_text(texts[row].as_py()))
            first = int(found.numbers[begins])
            yield unlike_first(int(found.numbers[row]), reader.path, pair, first)


def _amiss(
    readers: Readers, codes: npt.NDArray[np.int32], found: Policies, unsure: Mask
) -> Iterator[Reject]:
    """Tell of items that a policy lacks, or has twice where it may have one.

    unsure  rows whose policy may have other items than it seems
    """
    of, policies = found.of, len(found.starts) - 1
    whole = np.ones(policies, np.bool_)
    whole[of[unsure]] = False
    for code, item in enumerate(readers.items):
        rows = np.flatnonzero(codes == code)
        there: Mask = np.zeros(policies, np.bool_)
        there[of[rows]] = True
        if item not in readers.optional:
            for policy in np.flatnonzero(~there & whole).tolist():
                yield missing_item(int(found.numbers[found.starts[policy]]), item)
        if item in readers.least:
            least, several = readers.least[item], np.bincount(of[rows], minlength=policies)
            for policy in np.flatnonzero(there & whole & (several < least)).tolist():
                row = int(found.numbers[found.starts[policy]])
                yield few_items(row, item, least, int(several[policy]))
        if item not in readers.many:
            for place in np.flatnonzero(of[rows][1:] == of[rows][:-1]).tolist():
                other, row = found.numbers[rows[place]], found.numbers[rows[place + 1]]
                yield item_twice(int(row), item, int(other))
