"""What every block of a book with a row for each item goes through: gathered, rated, decided."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from product_factory.expressions.operations import ITEM, POLICY
from rating.book.apart import apart
from rating.book.columns import filtered, no_texts, picked
from rating.book.decided import OUTCOMES, WORDS, as_words
from rating.book.judged import Judged, judge
from rating.book.members import ItemRows, encode_policies
from rating.book.policies import Policies, names_of, policies
from rating.book.reasons import whole_policy
from rating.book.rejects import Reject
from rating.book.source import By, Place, Source
from rating.book.unsure import text_of, unsure
from rating.book.work import Result, Work, steps_of
from rating.domain import REFUSED
from rating.plan import RatingPlan

Integers = npt.NDArray[np.int64]
TOLD = ("lines", "rejected lines", "written")
"""What is counted beside the policies: rows of the book, those rejected, rows of the result."""


class PolicyWork(Work):
    """What every block of one book goes through, in which a policy has a row for each item."""

    kinds = Work.kinds + len(TOLD)

    def __init__(
        self,
        plan: RatingPlan,
        book: Source,
        by: By,
        steps: Sequence[str] | None,
        keep: Sequence[str],
        threads: int,
    ) -> None:
        """Write a row for each policy, or for each item."""
        self.by, self.per_item = by.column, by.per_item
        level = ITEM if by.per_item else POLICY
        super().__init__(plan, book, steps_of(plan, steps, level), keep, threads, level)
        self._apart = frozenset[bytes]()

    def _kept(self, book: Source, keep: Sequence[str]) -> list[str]:
        known = {self.by, *self.plan.readers.item_names, "item"}
        return [self.by, *(name for name in super()._kept(book, keep) if name not in known)]

    def _own(self) -> list[pa.Field]:
        return [pa.field("item", WORDS) if self.per_item else pa.field("items", pa.int64())]

    def options(self) -> str:
        """Tell what is asked for, beyond the columns of the result."""
        return f" by {self.by}"

    def lines(self, counts: Integers) -> int:
        """Count the rows of the book."""
        return int(counts[len(OUTCOMES) + 1])

    def rejected_lines(self, counts: Integers) -> int:
        """Count the rows of the book that are rejected."""
        return int(counts[len(OUTCOMES) + 2])

    def written(self, counts: Integers) -> int:
        """Count the rows of the result."""
        return int(counts[len(OUTCOMES) + 3])

    def blocks(self, book: Source, start: Place) -> Iterator[Result]:
        """Rate every policy of the book; those whose rows are apart are rejected."""
        self._apart = apart(book, self.by)
        for found in policies(book, self.by, start, self.kept):
            rows, rejects, outcomes = self.policies(found)
            lost = sorted([*found.loose, *rejects], key=lambda entry: entry.row)
            counts = np.zeros(self.kinds, np.int64)
            counts[: len(OUTCOMES)] = np.bincount(outcomes, minlength=len(OUTCOMES))
            counts[len(OUTCOMES)] = len(found.starts) - 1 - len(outcomes)
            dropped = len({entry.row for entry in lost})
            counts[len(OUTCOMES) + 1 :] = (found.lines, dropped, rows.num_rows)
            yield Result(rows, lost, counts, found.place, found.lines)

    def policies(self, found: Policies) -> tuple[pa.RecordBatch, list[Reject], Integers]:
        """Rate whole policies: the result, the rejects, the outcome of every policy in it."""
        if not len(found.numbers):
            empty = pa.RecordBatch.from_pylist([], schema=self.schema)
            return empty, [], np.zeros(0, np.int64)
        names = names_of(found.batch.column(self.by)).to_pylist()
        known = [
            *no_texts(found.batch, self.kept, found.numbers),
            *unsure(found, self.by, names, self._apart),
        ]
        made = encode_policies(self.plan.readers, found, known)
        firsts = found.numbers[found.starts[:-1]]
        of_items = found.numbers[made.rows]
        told = judge(self.plan, self.machine, made.block, firsts, self.threads, of_items)
        lost = [*_whole(told.rejects, found, self.by, names)]
        columns = self._of_items(found, made, told) if self.per_item else self._of(found, told)
        return pa.record_batch(columns, schema=self.schema), lost, told.outcomes

    def _of(self, found: Policies, told: Judged) -> list[pa.Array]:
        """Give a row for each policy: what is passed through is that of its first row."""
        places = found.starts[:-1][told.rows]
        batch = found.batch.take(pa.array(places))
        columns = [pa.array(found.numbers[places]), *self._passed(batch)]
        columns.append(pa.array(np.diff(found.starts)[told.rows]))
        hidden = picked(told.rated.outputs[REFUSED], told.shown) >= 0.0
        outputs = told.rated.outputs
        columns += self.columns.arrays(outputs, lambda all_: picked(all_, told.shown), hidden)
        return [*columns, as_words(told.outcomes, OUTCOMES), told.reasons]

    def _of_items(self, found: Policies, made: ItemRows, told: Judged) -> list[pa.Array]:
        """Give a row for each item, in the order of the book."""
        block = made.block
        sizes = np.diff(block.offsets) if block.offsets is not None else np.zeros(0, np.int64)
        shown = np.flatnonzero(np.repeat(told.shown, sizes))
        order = shown[np.argsort(made.rows[shown])]
        places = made.rows[order]
        # which of the outcomes each item's policy has
        outcome = np.repeat(np.cumsum(told.shown) - 1, sizes)[order]
        batch = found.batch.take(pa.array(places))
        columns = [pa.array(found.numbers[places]), *self._passed(batch)]
        codes = block.columns["item"][order].astype(np.int64)
        columns.append(as_words(codes, tuple(self.plan.readers.items)))
        hidden = (picked(told.rated.outputs[REFUSED], told.shown) >= 0.0)[outcome]
        columns += self.columns.arrays(told.rated.outputs, lambda all_: all_[order], hidden)
        words = as_words(told.outcomes[outcome], OUTCOMES)
        return [*columns, words, told.reasons.take(pa.array(outcome))]

    def _passed(self, batch: pa.RecordBatch) -> list[pa.Array]:
        whole = np.ones(batch.num_rows, np.bool_)
        return [
            filtered(batch.column(name), whole).cast(self.schema.field(name).type)
            for name in self.kept
        ]


def _whole(
    rejects: Sequence[Reject], found: Policies, by: str, names: Sequence[bytes]
) -> Iterator[Reject]:
    """Give the rejects, and one for every other row of their policies that says for which row."""
    rows = np.array([entry.row for entry in rejects], dtype=np.int64)
    of = found.of[np.searchsorted(found.numbers, rows)]
    cause: dict[int, Reject] = {}
    for policy, reject in zip(of.tolist(), rejects, strict=True):
        if policy not in cause or reject.row < cause[policy].row:
            cause[policy] = reject
    own = {entry.row for entry in rejects}
    yield from rejects
    for policy, reject in cause.items():
        for place in range(int(found.starts[policy]), int(found.starts[policy + 1])):
            row = int(found.numbers[place])
            if row not in own:
                yield whole_policy(row, by, text_of(names[place]), reject)
