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
from rating.book.rejects import SHOWN, Reject
from rating.book.source import open_source
from rating.cash_flows.elapsed import ended
from rating.encode import Readers, readers
from rating.engines.collective.members import Members
from sandbox.portfolio.portfolio import Portfolio, priced
from sandbox.portfolio.risks import Risks, empty, grouped
from sandbox.portfolio.stands import Stands, check_stands, columns_of, read_stands, refuse_stands

POLICY = "policy"
REJECTED = "rejected: a value that cannot be read"
REJECTED_POLICIES = "rejected: a row that cannot be read, is missing, or stands apart"
NOT_ON_RISK = "not on risk in the year from "


def read_book(product: AssembledProduct, path: Path) -> Portfolio:
    """Read a book of CSV or Parquet. Rows that cannot be read, refused or rated are counted.

    It may say of each row how many policies it stands for, and when they are on risk, see
    `sandbox.portfolio.stands`; policies that the year of the run does not meet are counted.

    Raises BadInput for a file that cannot be read, or with unknown or missing columns.
    """
    book, at = open_source(path), At(str(path))
    known = readers(product)
    if known.many:
        refuse_stands(product, book.types, at)
        return _of_items(product, known, path)
    check_columns(known, book.types, (), at, columns_of(product))
    names = check_stands(product, book.types, at)
    parts: list[Risks] = []
    rejected: set[int] = set()
    rejects: list[Reject] = []
    never = 0
    for numbers, batch in book.blocks():
        stands = read_stands(names, batch, numbers, product.on)
        block = encode_block(known, batch, numbers, stands.rejects)
        found, rows = _risks(known, block, stands), numbers[block.good]
        gone = () if found.elapsed is None else ended(product, found.columns, found.elapsed, rows)
        found = found.where(~np.isin(rows, [entry.row for entry in gone]))
        lost = sorted((*block.rejects, *gone, *book.skipped), key=lambda entry: entry.row)
        book.skipped.clear()
        rejected |= {entry.row for entry in lost}
        rejects += lost[: SHOWN - len(rejects)]
        risks, missed = _on_risk(found)
        parts.append(grouped([risks], product))
        never += missed
    risks = grouped(parts or [empty(known, 0)], product)
    left_out = {REJECTED: len(rejected)} if rejected else {}
    left_out |= {f"{NOT_ON_RISK}{product.on}": never} if never else {}
    return priced(product, risks, path.name, left_out=left_out, rejects=rejects, strict=False)


def _on_risk(risks: Risks) -> tuple[Risks, int]:
    """Give the rows that are on risk in the year, and how many policies are not."""
    if risks.periods is None:
        return risks, 0
    meets = risks.periods.first < risks.periods.last
    return risks.where(meets), int(risks.policies[~meets].sum())


def _of_items(product: AssembledProduct, known: Readers, path: Path) -> Portfolio:
    """Read a book with a row for each item, whose column `policy` tells policies apart."""
    book = open_source(path)
    check_item_columns(known, book.types, POLICY, (), At(str(path)))
    lost = apart(book, POLICY)
    parts: list[Risks] = []
    rejects: list[Reject] = []
    rejected = 0
    for found in policies(book, POLICY):
        if not len(found.numbers):
            continue
        block = encode_policies(known, found).block
        names = names_of(found.batch.column(POLICY)).to_pylist()
        unsure = found.beside > 0
        unsure |= np.array([names[first] in lost for first in found.starts[:-1]], dtype=np.bool_)
        rejected += int((unsure | ~block.good).sum())
        told = sorted((*block.rejects, *book.skipped), key=lambda entry: entry.row)
        book.skipped.clear()
        rejects += told[: SHOWN - len(rejects)]
        parts.append(grouped([_with_members(known, block).where(~unsure[block.good])], product))
    risks = grouped(parts or [empty(known, 0)], product)
    left_out = {REJECTED_POLICIES: rejected} if rejected else {}
    return priced(product, risks, path.name, left_out=left_out, rejects=rejects, strict=False)


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


def _risks(known: Readers, block: Block, stands: Stands) -> Risks:
    rows = int(block.good.sum())
    found = empty(known, rows)
    found.policies[:] = stands.policies[block.good]
    for name in known.policy:
        found.columns[name][:] = block.columns[name]
    if block.offsets is not None:
        row = np.repeat(np.arange(rows), np.diff(block.offsets))
        item = block.columns["item"].astype(np.int64)
        found.present[row, item] = 1
        for name in known.item_names:
            found.item_columns[name][row, item] = block.columns[name]
    periods = stands.periods
    return replace(
        found,
        periods=None if periods is None else periods.where(block.good),
        elapsed=None if stands.elapsed is None else stands.elapsed[block.good],
    )
