"""Rows that a tariff leaves without a rate: which step has none, and why."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from product_factory.expressions.operations import POLICY
from product_factory.expressions.run import run
from rating.book.block import Block
from rating.book.columns import Mask
from rating.book.rejects import Reject
from rating.book.source import Rows
from rating.missing import missing_value
from rating.plan import RatingPlan


def unrated_rows(plan: RatingPlan, block: Block, unrated: Mask, numbers: Rows) -> list[Reject]:
    """Say of each row without a rate which step has none, by running it without the kernel.

    unrated  which of the good rows of the block;  numbers: of those rows
    """
    found: list[Reject] = []
    for row in np.flatnonzero(unrated).tolist():
        columns, offsets = _one_row(plan, block, row)
        registers = run(plan.program, columns, offsets)
        step, reason = missing_value(plan, registers) or ("", "has no rate")
        found.append(Reject(int(numbers[row]), step, "", reason))
    return found


def _one_row(
    plan: RatingPlan, block: Block, row: int
) -> tuple[Mapping[str, npt.NDArray[np.float64]], npt.NDArray[np.int64] | None]:
    levels = {entry.name: entry.level for entry in plan.program.inputs}
    if block.offsets is None:
        first, last = 0, 0
    else:
        first, last = int(block.offsets[row]), int(block.offsets[row + 1])
    columns = {
        name: values[first:last] if levels.get(name, POLICY) else values[row : row + 1]
        for name, values in block.columns.items()
    }
    offsets = None if block.offsets is None else np.array([0, last - first], dtype=np.int64)
    return {name: values.astype(np.float64) for name, values in columns.items()}, offsets
