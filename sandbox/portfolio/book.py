"""A user's book as a portfolio: the same rows that `rate` takes, joined into cells."""

from dataclasses import replace
from datetime import date
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
from rating.book.unsure import unsure
from rating.cash_flows.book import POLICY_COUNT
from rating.cash_flows.elapsed import ended
from rating.encode import Readers, readers
from rating.engines.collective.members import Members
from rating.missing import Said
from sandbox.portfolio.portfolio import Portfolio, priced
from sandbox.portfolio.risks import Risks, empty, grouped
from sandbox.portfolio.stands import (
    Stands,
    check_stands,
    columns_of,
    read_stands,
    read_stands_of_policies,
)

POLICY = "policy"
REJECTED = Said("rejected: a value that cannot be read", "未读入：有的值无法读出")
REJECTED_POLICIES = Said(
    "rejected: a row that cannot be read, is missing, or stands apart",
    "未读入：有的行无法读出、缺失或不相连",
)


def read_book(product: AssembledProduct, path: Path) -> Portfolio:
    """Read a book of CSV or Parquet. Rows that cannot be read, refused or rated are counted.

    It may say of each row how many policies it stands for, and when they are on risk, see
    `sandbox.portfolio.stands`; policies that the year of the run does not meet are counted. A row
    that cannot be read counts as the policies that it stands for, as one where it does not say.

    Raises BadInput for a file that cannot be read, or with unknown or missing columns.
    """
    book, at = open_source(path), At(str(path))
    known = readers(product)
    if known.many:
        return _of_items(product, known, path)
    check_columns(known, book.types, (), at, columns_of(product))
    names = check_stands(product, book.types, at)
    parts: list[Risks] = []
    rejected, unread, never = 0, 0, 0
    rejects: list[Reject] = []
    for numbers, batch in book.blocks():
        stands = read_stands(names, batch, numbers, product.on)
        block = encode_block(known, batch, numbers, stands.rejects)
        found, read = _risks(known, block, stands), numbers[block.good]
        gone = () if found.elapsed is None else ended(product, found.columns, found.elapsed, read)
        found = found.where(~np.isin(read, [entry.row for entry in gone]))
        lost = sorted((*block.rejects, *gone, *book.skipped), key=lambda entry: entry.row)
        book.skipped.clear()
        rows = {entry.row for entry in lost}
        here = np.isin(numbers, list(rows))
        rejected += len(rows)
        unread += int(stands.policies[here].sum()) + len(rows) - int(here.sum())
        rejects += lost[: SHOWN - len(rejects)]
        risks, missed = _on_risk(found)
        parts.append(grouped([risks], product))
        never += missed
    reason = REJECTED
    if POLICY_COUNT in names:
        reason = in_so_many(REJECTED, rejected, Said("row", "行"))
    return _portfolio(product, path, parts, {reason: unread}, never, rejects)


def _portfolio(
    product: AssembledProduct,
    path: Path,
    parts: list[Risks],
    rejected: dict[Said, int],
    never: int,
    rejects: list[Reject],
) -> Portfolio:
    """Join what was read; rejected: reason → how many;  never: policies that are not on risk."""
    risks = grouped(parts or [empty(readers(product), 0)], product)
    left_out = rejected | {not_on_risk(product.on): never}
    left_out = {reason: count for reason, count in left_out.items() if count}
    return priced(product, risks, path.name, left_out=left_out, rejects=rejects, strict=False)


def in_so_many(reason: Said, count: int, what: Said) -> Said:
    """Add to a reason in how many rows, or groups, it was found; what: one of them."""
    ending = "" if count == 1 else "s"
    en = f"{reason.en}, in {count:,} {what.en}{ending}"
    return Said(en, f"{reason.zh}，共 {count:,} {what.zh}")


def not_on_risk(first: date) -> Said:
    """Say that the year from a day does not meet policies."""
    return Said(f"not on risk in the year from {first}", f"在自 {first} 起的一年内不承保")


def _on_risk(risks: Risks) -> tuple[Risks, int]:
    """Give the rows that are on risk in the year, and how many policies are not."""
    if risks.periods is None:
        return risks, 0
    meets = risks.periods.first < risks.periods.last
    return risks.where(meets), int(risks.policies[~meets].sum())


def _of_items(product: AssembledProduct, known: Readers, path: Path) -> Portfolio:
    """Read a book with a row for each item, whose column `policy` tells policies apart."""
    book, at = open_source(path), At(str(path))
    check_item_columns(known, book.types, POLICY, (), at, columns_of(product))
    columns = check_stands(product, book.types, at)
    lost, told = apart(book, POLICY), frozenset[bytes]()
    parts: list[Risks] = []
    rejects: list[Reject] = []
    rejected = groups = never = 0
    for found in policies(book, POLICY):
        if not len(found.numbers):
            rejects += found.loose[: SHOWN - len(rejects)]
            continue
        names = names_of(found.batch.column(POLICY)).to_pylist()
        stands = read_stands_of_policies(columns, found, product.on)
        amiss = [*unsure(found, POLICY, names, lost)]
        doubted = {entry.row for entry in amiss}
        amiss += [entry for entry in stands.rejects if entry.row not in doubted]
        block = encode_policies(known, found, amiss).block
        for policy in np.flatnonzero(~block.good).tolist():
            name = names[found.starts[policy]]
            if name in told:
                continue  # it was counted where its first rows stand
            told |= {name} & lost
            rejected += int(stands.policies[policy])
            groups += 1
        wrong = sorted((*found.loose, *block.rejects), key=lambda entry: entry.row)
        rejects += wrong[: SHOWN - len(rejects)]
        risks, missed = _on_risk(_with_members(known, block, stands))
        parts.append(grouped([risks], product))
        never += missed
    reason = REJECTED_POLICIES
    if POLICY_COUNT in columns:
        reason = in_so_many(REJECTED_POLICIES, groups, Said("group", "个团体"))
    return _portfolio(product, path, parts, {reason: rejected}, never, rejects)


def _with_members(known: Readers, block: Block, stands: Stands) -> Risks:
    """Tell the items of which several may stand in a policy from those that stand once."""
    rows, offsets = int(block.good.sum()), block.offsets
    assert offsets is not None  # noqa: S101 - a product with such items has items
    found = _of_policies(known, block, stands)
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


def _of_policies(known: Readers, block: Block, stands: Stands) -> Risks:
    """Give what is known of the good policies of a block, whatever their items."""
    found = empty(known, int(block.good.sum()))
    found.policies[:] = stands.policies[block.good]
    for name in known.policy:
        found.columns[name][:] = block.columns[name]
    periods = stands.periods
    return replace(
        found,
        periods=None if periods is None else periods.where(block.good),
        elapsed=None if stands.elapsed is None else stands.elapsed[block.good],
    )


def _risks(known: Readers, block: Block, stands: Stands) -> Risks:
    found = _of_policies(known, block, stands)
    if block.offsets is not None:
        row = np.repeat(np.arange(found.size), np.diff(block.offsets))
        item = block.columns["item"].astype(np.int64)
        found.present[row, item] = 1
        for name in known.item_names:
            found.item_columns[name][row, item] = block.columns[name]
    return found
