"""A user's book as a portfolio: the same rows that `rate` takes, joined into cells."""

from pathlib import Path

import numpy as np

from product_factory.assembled import AssembledProduct
from product_factory.errors import At
from rating.book.block import Block, check_columns, encode_block
from rating.book.source import open_source
from rating.encode import Readers, readers
from sandbox.portfolio.portfolio import Portfolio, priced
from sandbox.portfolio.risks import Risks, empty, grouped

REJECTED = "rejected: a value that cannot be read"


def read_book(product: AssembledProduct, path: Path) -> Portfolio:
    """Read a book of CSV or Parquet. Rows that cannot be read, refused or rated are counted.

    Raises BadInput for a file that cannot be read, or with unknown or missing columns.
    """
    book = open_source(path)
    known = readers(product)
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
