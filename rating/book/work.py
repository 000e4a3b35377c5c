"""What every block of a book goes through: encoded, rated, decided."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from product_factory.errors import At, BadInput, both, nearest
from product_factory.expressions.operations import ITEM, POLICY
from rating.book.block import KEPT, encode_block
from rating.book.columns import filtered, no_texts, picked
from rating.book.decided import OUTCOMES, WORDS, as_words, check_decisions
from rating.book.finite import must_be_finite
from rating.book.judged import judge
from rating.book.machine import Machine, prepare
from rating.book.rejects import Reject
from rating.book.source import Place, Rows, Source
from rating.book.stepped import StepColumns
from rating.domain import REFUSED
from rating.plan import RatingPlan

REJECTED = "rejected"
KINDS = (*OUTCOMES, REJECTED)
"""What may become of a row."""


class Result(NamedTuple):
    """A rated block: its rows, its rejects, what is counted, where it ends, rows of the book."""

    rows: pa.RecordBatch
    rejects: list[Reject]
    counts: npt.NDArray[np.int64]
    place: Place
    lines: int


def machine_of(
    plan: RatingPlan, steps: Sequence[str] | None = None, level: int = POLICY
) -> Machine:
    """Make the plan ready for columns in memory.

    Its outputs are the steps of a level, the premium, `refused` (the index of the line of
    `accepts`, or -1), and 1 or 0 of every step that decides; a policy is bad when any step left no
    number.
    """
    decisions = (step.name for step in plan.decisions)
    names = (*steps_of(plan, steps, level), *decisions, REFUSED, plan.premium.name)
    outputs = {name: plan.program.results[name] for name in names}
    tested = must_be_finite(plan.program, [step.register for step in plan.values])
    return prepare(plan.program, outputs, tested)


def steps_of(plan: RatingPlan, steps: Sequence[str] | None, level: int = POLICY) -> tuple[str, ...]:
    """Give the steps of a level that are written; BadInput for one that is no step of it."""
    of_level = {step.name: step for step in plan.values if step.level == level}
    if steps is None:
        money = [name for name, step in of_level.items() if step.bound.type.kind == "money"]
        premium = [plan.premium.name] * (level == POLICY)
        return tuple(dict.fromkeys([*money, *premium]))
    for name in steps:
        if name not in of_level:
            of = "the policy" if level == POLICY else "items"
            text = f"unknown step of {of} '{name}'{nearest(name, of_level)}"
            if name in {step.name for step in plan.values}:
                text = f"'{name}' is no step of {of}, but of the other level"
            known = f"; there {'are' if len(of_level) > 1 else 'is'} {both(of_level)}"
            raise BadInput.one(At(""), "steps", f"{text}{known if of_level else ''}")
    return tuple(dict.fromkeys(steps))


def steps_and(
    plan: RatingPlan, more: Sequence[str], *, per_item: bool = False
) -> tuple[str, ...] | None:
    """Give the steps that are written by default, and more; None where no more are asked for.

    Raises BadInput for one that is no step of the policy, or of items with `per_item`.
    """
    if not more:
        return None
    level = ITEM if per_item else POLICY
    return tuple(dict.fromkeys([*steps_of(plan, None, level), *steps_of(plan, more, level)]))


class Work:
    """What every block of one book goes through.

    kinds  how many things are counted: KINDS, rows of the book
    """

    kinds = len(KINDS)

    def __init__(
        self,
        plan: RatingPlan,
        book: Source,
        steps: tuple[str, ...],
        keep: Sequence[str],
        threads: int,
        level: int = POLICY,
    ) -> None:
        """Write the values of some steps of a level, and pass some columns of the book through."""
        self.plan = plan
        self.steps = steps
        self.threads = threads
        check_decisions(plan)
        self.machine = machine_of(plan, steps, level)
        self.kept = self._kept(book, keep)
        self.columns = StepColumns.of(plan, steps)
        own = [*self._own(), *self.columns.fields()]
        own += [pa.field("decision", WORDS), pa.field("reason", WORDS)]
        for name in self.kept:
            if name in ("row", *(field.name for field in own)):
                text = f"the column '{name}' has the name of a column of the result"
                raise BadInput.one(At(str(book.path)), "", text)
        fields = [pa.field("row", pa.int64())]
        fields += [pa.field(name, passed_as(book.types[name])) for name in self.kept]
        self.schema = pa.schema([*fields, *own])

    def _kept(self, book: Source, keep: Sequence[str]) -> list[str]:
        """List the columns that are passed through."""
        known = self.plan.readers.policy
        return [n for n in book.names if n in (*KEPT, *keep) and n not in known]

    def _own(self) -> list[pa.Field]:
        """List what the result says of a row before the steps."""
        return []

    def digest(self) -> str:
        """Give the hash of all that decides what a row comes to, but for the book."""
        product, program = self.plan.product, self.plan.program
        told = f"{product.digest} {product.on} {program.operations} {program.constants}"
        return hashlib.sha256(told.encode() + program.data.tobytes()).hexdigest()

    def options(self) -> str:
        """Tell what is asked for, beyond the columns of the result."""
        return ""

    def lines(self, counts: npt.NDArray[np.int64]) -> int:
        """Count the rows of the book."""
        return int(counts.sum())

    def rejected_lines(self, counts: npt.NDArray[np.int64]) -> int:
        """Count the rows of the book that are rejected."""
        return int(counts[KINDS.index(REJECTED)])

    def written(self, counts: npt.NDArray[np.int64]) -> int:
        """Count the rows of the result."""
        return self.lines(counts) - self.rejected_lines(counts)

    def blocks(self, book: Source, start: Place) -> Iterator[Result]:
        """Rate every block of the book, with the rows that its reader had to leave out."""
        for numbers, batch in book.blocks(start, self.kept):
            result, rejects, outcomes = self.block(numbers, batch)
            lost = sorted([*book.skipped, *rejects], key=lambda entry: entry.row)
            book.skipped.clear()
            dropped = len({entry.row for entry in lost})
            counts = np.bincount(outcomes, minlength=len(KINDS)).astype(np.int64)
            counts[KINDS.index(REJECTED)] = dropped
            yield Result(result, lost, counts, book.place, int(counts.sum()))

    def block(
        self, numbers: Rows, batch: pa.RecordBatch
    ) -> tuple[pa.RecordBatch, list[Reject], npt.NDArray[np.int64]]:
        """Rate one block: the result, the rejects, and the outcome of every row of the result."""
        known = no_texts(batch, self.kept, numbers)
        block = encode_block(self.plan.readers, batch, numbers, known)
        told = judge(self.plan, self.machine, block, numbers, self.threads)
        outputs = told.rated.outputs
        columns = [pa.array(picked(numbers, told.rows))]
        columns += [
            filtered(batch.column(name), told.rows).cast(self.schema.field(name).type)
            for name in self.kept
        ]
        hidden = picked(outputs[REFUSED], told.shown) >= 0.0
        columns += self.columns.arrays(outputs, lambda all_: picked(all_, told.shown), hidden)
        columns += [as_words(told.outcomes, OUTCOMES), told.reasons]
        return pa.record_batch(columns, schema=self.schema), told.rejects, told.outcomes


def passed_as(kind: pa.DataType) -> pa.DataType:
    """Give the type in which a column is passed through: a dictionary as what it stands for."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind
