"""A user's book as a portfolio: the same rows that `rate` takes, joined into cells."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from product_factory.assembled import AssembledProduct
from product_factory.errors import At
from rating.book.apart import apart
from rating.book.block import Block, check_columns, encode_block
from rating.book.members import check_item_columns, encode_policies
from rating.book.policies import names_of, policies
from rating.book.source import open_source
from rating.encode import Readers, readers
from rating.engines.collective.members import Members
from sandbox.portfolio.portfolio import Portfolio, priced
from sandbox.portfolio.risks import Risks, empty, grouped

POLICY = "policy"
REJECTED = "rejected: a value that cannot be read"


def read_book(product: AssembledProduct, path: Path) -> Portfolio:
    """Read a book of CSV or Parquet. Rows that cannot be read, refused or rated are counted.

    Raises BadInput for a file that cannot be read, or with unknown or missing columns.
    """
    book = open_source(path)
    known = readers(product)
    if known.many:
        return _of_items(product, known, path)
    check_columns(known, book.types, (), At(str(path)))
    parts: list[Risks] = []
    rejected: set[int] = set()
    for numbers, batch in book.blocks():
        block = encode_block(known, batch, numbers)
        rejected |= {entry.row for entry in (*block.rejects, *book.skipped)}
        book.skipped.clear()
        parts.append(grouped([_risks(known, block)], product))
    risks = grouped(parts or [empty(known, 0)], product)
    left_out = {REJECTED: len(rejected)} if rejected else {}
    return priced(product, risks, path.name, left_out=left_out, strict=False)


def _of_items(product: AssembledProduct, known: Readers, path: Path) -> Portfolio:
    """Read a book with a row for each item, whose column `policy` tells policies apart."""
    book = open_source(path)
    check_item_columns(known, book.types, POLICY, (), At(str(path)))
    lost = apart(book, POLICY)
    parts: list[Risks] = []
    rejected = 0
    for found in policies(book, POLICY):
        if not len(found.numbers):
            continue
        block = encode_policies(known, found).block
        names = names_of(found.batch.column(POLICY)).to_pylist()
        unsure = found.beside > 0
        unsure |= np.array([names[first] in lost for first in found.starts[:-1]], dtype=np.bool_)
        rejected += int((unsure | ~block.good).sum())
        parts.append(grouped([_with_members(known, block).where(~unsure[block.good])], product))
    risks = grouped(parts or [empty(known, 0)], product)
    left_out = {REJECTED: rejected} if rejected else {}
    return priced(product, risks, path.name, left_out=left_out, strict=False)


def _with_members(known: Readers, block: Block) -> Risks:
    """Tell the items of which several may stand in a policy from those that stand once."""
    rows, offsets = int(block.good.sum()), block.offsets
    assert offsets is not None  # noqa: S101 - a product with such items has items
    found = empty(known, rows)
    for name in known.policy:
        found.columns[name][:] = block.columns[name]
    row, item = np.repeat(np.arange(rows), np.diff(offsets)), block.columns["item"].astype(np.int64)
    several = np.isin(item, [place for place, name in enumerate(known.items) if name in known.many])
    once = ~several
    found.present[row[once], item[once]] = 1
    columns = {}
    for name, reader in known.item_names.items():
        values = block.columns[name].astype(np.float64)
        values = np.where(values < 0.0, np.nan, values) if reader.coded else values
        found.item_columns[name][row[once], item[once]] = values[once]
        columns[name] = values[several]
    ends = np.searchsorted(row[several], np.arange(rows + 1)).astype(np.int64)
    return replace(found, members=Members(ends, item[several], columns))


def _risks(known: Readers, block: Block) -> Risks:
    rows = int(block.good.sum())
    found = empty(known, rows)
    for name in known.policy:
        found.columns[name][:] = block.columns[name]
    if block.offsets is not None:
        row = np.repeat(np.arange(rows), np.diff(block.offsets))
        item = block.columns["item"].astype(np.int64)
        found.present[row, item] = 1
        for name in known.item_names:
            found.item_columns[name][row, item] = block.columns[name]
    return found
