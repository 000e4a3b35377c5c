"""One tariff over a block of a book: the premium, the outcome and the reason of every row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from product_factory.errors import At, BadInput, Problem
from product_factory.modes import MODE, times
from rating.book import machine_of
from rating.book.block import Block, check_columns, encode_block
from rating.book.columns import Mask, holds_values, no_texts, no_values
from rating.book.decided import DECLINE, OUTCOMES
from rating.book.judged import judge
from rating.book.rejects import Reject
from rating.book.source import Rows, Source
from rating.domain import REFUSED
from rating.impact.chain import readers_key
from rating.impact.money import Money, Units
from rating.plan import RatingPlan

Floats = npt.NDArray[np.float64]
REJECTED = len(OUTCOMES)
WORDS = (*OUTCOMES, "rejected")
"""What may become of a row on one side."""


@dataclass(frozen=True)
class Judgement:
    """Every row of a batch under one tariff.

    premium  what falls due, nan without one;  units: what falls due in a year
    outcome  place in WORDS;  reason: place in `reasons`
    """

    block: Block
    premium: Floats
    units: Units
    outcome: npt.NDArray[np.int64]
    reason: npt.NDArray[np.int64]
    reasons: tuple[str, ...]
    rejects: tuple[Reject, ...]

    @property
    def rated(self) -> Mask:
        """Which rows have a premium."""
        return self.outcome <= DECLINE


class Side:
    """A tariff made ready for blocks."""

    def __init__(self, plan: RatingPlan, money: Money, threads: int) -> None:
        self.plan = plan
        self.reads = readers_key(plan)
        self._money = money
        self._machine = machine_of(plan, [])
        self._threads = threads

    def judge(self, block: Block, numbers: Rows) -> Judgement:
        """Rate a batch that was read."""
        told = judge(self.plan, self._machine, block, numbers, self._threads)
        size, rows = numbers.size, np.flatnonzero(told.rows)
        outcome = np.full(size, REJECTED, dtype=np.int64)
        outcome[rows] = told.outcomes
        words = (*told.reasons.dictionary.to_pylist(), "")
        reason = np.full(size, len(words) - 1, dtype=np.int64)
        reason[rows] = np.asarray(told.reasons.indices, dtype=np.int64)
        modes = {n: v.astype(np.float64) for n, v in block.columns.items() if n == MODE}
        yearly = times(self.plan.product, modes, int(block.good.sum()))[told.shown]
        outputs = told.rated.outputs
        charged = outputs[REFUSED][told.shown] < 0.0
        paid = outputs[self.plan.premium.name][told.shown]
        premium, units = np.full(size, np.nan), np.zeros(size, dtype=np.int64)
        premium[rows[charged]] = paid[charged]
        units[rows[charged]] = self._money.units(paid[charged], yearly[charged])
        return Judgement(block, premium, units, outcome, reason, words, tuple(told.rejects))


class Reading:
    """A batch as tariffs read it; those that read alike share what was read."""

    def __init__(self, batch: pa.RecordBatch, numbers: Rows, kept: Iterable[str]) -> None:
        """Read a batch.

        kept  columns that no tariff reads: a row whose texts in them are none is rated by nobody
        """
        self.batch = batch
        self.numbers = numbers
        self._known = [*no_texts(batch, kept, numbers)]
        self._read: dict[object, Block] = {}

    def judged(self, side: Side) -> Judgement:
        """Give every row under a tariff."""
        if side.reads not in self._read:
            read = encode_block(side.plan.readers, self.batch, self.numbers, self._known)
            self._read[side.reads] = read
        return side.judge(self._read[side.reads], self.numbers)


def fits(book: Source, sides: Mapping[str, RatingPlan], keep: tuple[str, ...]) -> None:
    """Raise BadInput for a column that a side lacks, or that no side knows and nobody keeps.

    keep  columns by which segments are told: they hold texts or numbers
    """
    at = At(str(book.path))
    for name in keep:
        if name in book.types and not holds_values(book.types[name]):
            raise BadInput.one(at, "", no_values(name, book.types[name]))
    known = {name for plan in sides.values() for name in plan.readers.paths()}
    for label, plan in sides.items():
        kept = [name for name in book.names if name in known and name not in plan.readers.paths()]
        kept += [name for name in keep if name not in kept]
        try:
            check_columns(plan.readers, book.types, kept, at)
        except BadInput as error:
            raise BadInput([Problem(p.at, label, p.text) for p in error.problems]) from None
