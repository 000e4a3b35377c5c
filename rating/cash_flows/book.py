"""Model points from a book, block by block, each with the premium that the tariff charges it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from product_factory.errors import At
from rating.book.block import Block, check_names, encode_block
from rating.book.decided import DECLINE, check_decisions, decided
from rating.book.evaluate import Rated, evaluate
from rating.book.rejects import Reject
from rating.book.source import Rows, open_source
from rating.book.unrated import unrated_rows
from rating.book.work import machine_of
from rating.cash_flows.points import Floats, Points
from rating.domain import REFUSED
from rating.plan import RatingPlan

POLICY_COUNT = "policy_count"
"""The column that says how many policies a row stands for; where there is none, one."""
Mask = npt.NDArray[np.bool_]


def book_points(
    plan: RatingPlan, path: Path, reject: Callable[[list[Reject]], None]
) -> Iterator[Points]:
    """Give the points of a book in the order of its rows.

    reject  is told the rows that cannot be read, that `accepts` refuses, that have no rate, and
            that the tariff declines, each with its reason

    Raises BadInput for a book that cannot be read, or with unknown or missing columns.
    """
    book = open_source(path)
    counted = POLICY_COUNT in book.names and POLICY_COUNT not in plan.readers.policy
    check_names(plan.readers, book.names, (POLICY_COUNT,) if counted else (), At(str(path)))
    check_decisions(plan)
    machine = machine_of(plan)
    for numbers, batch in book.blocks():
        block = encode_block(plan.readers, batch, numbers)
        rated = evaluate(machine, block.columns, block.offsets)
        rows = numbers[block.good]
        count = np.ones(len(rows))
        wrong: list[Reject] = []
        if counted:
            count, wrong = _counts(batch.column(POLICY_COUNT), block.good, rows)
        lost = [*book.skipped, *block.rejects, *wrong, *_left_out(plan, block, rated, rows)]
        book.skipped.clear()
        reject(sorted(lost, key=lambda entry: entry.row))
        kept = ~np.isin(rows, [entry.row for entry in lost])
        yield Points(
            rows[kept],
            {name: block.columns[name][kept].astype(np.float64) for name in plan.readers.policy},
            count[kept],
            rated.outputs[plan.premium.name][kept],
        )
    reject(book.skipped)


def _left_out(plan: RatingPlan, block: Block, rated: Rated, rows: Rows) -> list[Reject]:
    """Say of each row that can be read why it is not sold."""
    refused = rated.outputs[REFUSED]
    below = rated.outputs[plan.premium.name] < 0.0
    unrated = (rated.bad | below) & (refused < 0.0)
    found = unrated_rows(plan, block, unrated, rows)
    for row in np.flatnonzero(refused >= 0.0).tolist():
        line = plan.lines[int(refused[row])]
        found.append(Reject(int(rows[row]), "", "", f"refused by {line.name}: {line.says.en}"))
    sold = (refused < 0.0) & ~unrated
    outcomes, reasons = decided(plan, rated, sold)
    numbers = rows[sold]
    for place in np.flatnonzero(outcomes == DECLINE).tolist():
        reason = f"declined by {reasons[place].as_py()}"
        found.append(Reject(int(numbers[place]), "", "", reason))
    return found


def _counts(column: pa.Array, good: Mask, rows: Rows) -> tuple[Floats, list[Reject]]:
    """Read how many policies each good row stands for."""
    counts, wrong = np.ones(len(rows)), []
    values = [value for value, kept in zip(column.to_pylist(), good.tolist(), strict=True) if kept]
    for place, value in enumerate(values):
        try:
            counts[place] = float(value)
        except (TypeError, ValueError):
            counts[place] = np.nan
        if not (np.isfinite(counts[place]) and counts[place] > 0.0):
            text, reason = "" if value is None else str(value), "expected a number above 0"
            wrong.append(Reject(int(rows[place]), POLICY_COUNT, text, reason))
    return counts, wrong
