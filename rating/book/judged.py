"""One encoded block, rated and judged: who has a premium, what was decided, who has no rate."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rating.book.block import Block
from rating.book.columns import Mask, picked
from rating.book.decided import decided
from rating.book.evaluate import Rated, evaluate
from rating.book.machine import Machine
from rating.book.rejects import Reject
from rating.book.source import Rows
from rating.book.unrated import unrated_rows
from rating.domain import REFUSED
from rating.plan import RatingPlan


@dataclass(frozen=True)
class Judged:
    """What became of a block.

    rows      which rows of the batch have an outcome: all but the rejects
    shown     the same among the good rows of the block, in whose order the outputs stand
    outcomes  of each row that has one, its place in OUTCOMES;  reasons: why
    rejects   rows that cannot be read or have no rate
    """

    block: Block
    rated: Rated
    rows: Mask
    shown: Mask
    outcomes: npt.NDArray[np.int64]
    reasons: pa.DictionaryArray
    rejects: list[Reject]


def judge(
    plan: RatingPlan,
    machine: Machine,
    block: Block,
    numbers: Rows,
    threads: int = 1,
    of_items: Rows | None = None,
) -> Judged:
    """Rate an encoded block by a machine of the plan.

    numbers  of the rows;  of_items: of the rows of the items, where they have rows of their own
    """
    rated = evaluate(machine, block.columns, block.offsets, threads=threads)
    below = rated.outputs[plan.premium.name] < 0.0
    unrated = (rated.bad | below) & (rated.outputs[REFUSED] < 0.0)
    good = picked(numbers, block.good)
    rejects = [*block.rejects, *unrated_rows(plan, block, unrated, good, of_items)]
    rows = block.good.copy()
    rows[rows] = ~unrated
    outcomes, reasons = decided(plan, rated, ~unrated)
    return Judged(block, rated, rows, ~unrated, outcomes, reasons, rejects)
