"""Model points from a book, block by block, each with the premium that the tariff charges it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from product_factory.errors import At
from rating.book.block import check_columns, encode_block
from rating.book.columns import filtered, no_texts
from rating.book.decided import DECLINE, REFUSAL, check_decisions
from rating.book.judged import Judged, judge
from rating.book.rejects import Reject
from rating.book.source import Rows, open_source
from rating.book.work import machine_of
from rating.cash_flows.elapsed import ended, read_elapsed
from rating.cash_flows.points import Floats, Points
from rating.engines.multistate.grid import ELAPSED
from rating.plan import RatingPlan

POLICY_COUNT = "policy_count"
"""The column that says how many policies a row stands for; where there is none, one."""


def book_points(
    plan: RatingPlan, path: Path, reject: Callable[[list[Reject]], None]
) -> Iterator[Points]:
    """Give the points of a book in the order of its rows.

    reject  is told the rows that cannot be read, that `accepts` refuses, that have no rate, and
            that the tariff declines, each with its reason

    Raises BadInput for a book that cannot be read, or with unknown or missing columns.
    """
    book = open_source(path)
    here = {name for name in book.names if name not in plan.readers.policy}
    counted, aged = POLICY_COUNT in here, ELAPSED in here
    kept_too = tuple(name for name in (POLICY_COUNT, ELAPSED) if name in here)
    check_columns(plan.readers, book.types, kept_too, At(str(path)), (POLICY_COUNT, ELAPSED))
    check_decisions(plan)
    machine = machine_of(plan)
    for numbers, batch in book.blocks():
        block = encode_block(plan.readers, batch, numbers, no_texts(batch, kept_too, numbers))
        told = judge(plan, machine, block, numbers)
        rows = numbers[block.good]
        count = np.ones(len(rows))
        wrong: list[Reject] = []
        if counted:
            count, wrong = _counts(filtered(batch.column(POLICY_COUNT), block.good), rows)
        columns = {name: block.columns[name].astype(np.float64) for name in plan.readers.policy}
        elapsed = None
        if aged:
            elapsed, bad = read_elapsed(filtered(batch.column(ELAPSED), block.good), rows)
            wrong += [*bad, *ended(plan.product, columns, elapsed, rows)]
        lost = [*book.skipped, *told.rejects, *wrong, *_not_sold(plan, told, numbers)]
        book.skipped.clear()
        reject(sorted(lost, key=lambda entry: entry.row))
        kept = ~np.isin(rows, [entry.row for entry in lost])
        yield Points(
            rows[kept],
            {name: column[kept] for name, column in columns.items()},
            count[kept],
            told.rated.outputs[plan.premium.name][kept],
            None if elapsed is None else elapsed[kept],
        )


def _not_sold(plan: RatingPlan, told: Judged, numbers: Rows) -> Iterator[Reject]:
    """Say of each row that has an outcome, and is refused or declined, by what."""
    says = {line.name: line.says for line in plan.lines}
    rows = numbers[told.rows]
    for place in np.flatnonzero(told.outcomes >= DECLINE).tolist():
        name = told.reasons[place].as_py()
        reason, said = f"declined by {name}", f"拒保：{name}"
        if told.outcomes[place] == REFUSAL:
            reason = f"refused by {name}: {says[name].en}"
            said = f"不在承保范围（{name}）：{says[name].zh}"
        yield Reject(int(rows[place]), "", "", reason, reason_zh=said)


def _counts(column: pa.Array, rows: Rows) -> tuple[Floats, list[Reject]]:
    """Read how many policies each row stands for."""
    counts, wrong = np.ones(len(rows)), []
    for place, value in enumerate(column.to_pylist()):
        try:
            counts[place] = float(value)
        except (TypeError, ValueError):
            counts[place] = np.nan
        if not (np.isfinite(counts[place]) and counts[place] > 0.0):
            text, wanted = "" if value is None else str(value), "a number above 0"
            said = "应为大于 0 的数"
            wrong.append(
                Reject(int(rows[place]), POLICY_COUNT, text, f"expected {wanted}", wanted, "", said)
            )
    return counts, wrong
