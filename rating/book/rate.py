"""A book from file to file: read, encoded, rated and written block by block, in constant memory."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from product_factory.errors import At, BadInput, nearest
from product_factory.expressions.operations import POLICY
from rating.book.block import KEPT, check_names, encode_block
from rating.book.columns import filtered
from rating.book.decided import (
    ACCEPT,
    DECLINE,
    OUTCOMES,
    REFER,
    REFUSAL,
    WORDS,
    as_words,
    check_decisions,
)
from rating.book.finite import must_be_finite
from rating.book.judged import judge
from rating.book.machine import Machine, prepare
from rating.book.rejects import Reject, RejectsFile
from rating.book.source import Rows, Source, open_source
from rating.book.target import Target
from rating.domain import REFUSED
from rating.plan import RatingPlan

Result: TypeAlias = tuple[pa.RecordBatch, list[Reject], npt.NDArray[np.int64]]


@dataclass(frozen=True)
class BookResult:
    """What became of the rows of a book: rows = rated + refused + rejected.

    rated     rows with a premium; referred and declined are among them
    refused   rows outside of `accepts`; they stand in the result without a premium
    rejected  rows that could not be read or have no rate; they stand in the rejects
    """

    rows: int
    rated: int
    referred: int
    declined: int
    refused: int
    rejected: int
    target: Path
    rejects: Path

    def counts(self) -> dict[str, int]:
        """Give the counts by name."""
        names = ("rows", "rated", "referred", "declined", "refused", "rejected")
        return {name: getattr(self, name) for name in names}

    def told(self) -> dict[str, object]:
        """Give the result as plain values for JSON."""
        return {**self.counts(), "out": str(self.target), "rejects": str(self.rejects)}

    def lines(self) -> list[str]:
        """Give the result as lines."""
        found = [", ".join(f"{name} {value:,}" for name, value in self.counts().items())]
        found.append(f"premiums: {self.target}")
        return found + ([f"rejects:  {self.rejects}"] if self.rejected else [])


def rate_book(
    plan: RatingPlan,
    source: Path,
    target: Path,
    *,
    threads: int = 1,
    steps: Sequence[str] | None = None,
    keep: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
) -> BookResult:
    """Rate a book of Parquet or CSV into Parquet or CSV, in the order of its rows.

    The result holds `row` (from 1), the columns `id`, `policy` and those of `keep` where the book
    has them, the steps, `decision` (accept, refer, decline, refused) and `reason` (the names of
    the steps or of the line of `accepts` that decided). Rejects go to `TARGET.rejects.csv`.

    steps     which values are written; by default those of the policy in money, and the premium
    progress  is told the rows read so far

    Raises BadInput for a book that cannot be read, or has unknown or missing columns.
    """
    book = open_source(source)
    if target.resolve() == source.resolve():
        raise BadInput.one(At(str(target)), "", "expected another file than the book itself")
    check_names(plan.readers, book.names, keep, At(str(source)))
    work = _Work(plan, book, _steps(plan, steps), keep, threads)
    rejects = target.with_name(target.name + ".rejects.csv")
    for path in (target, rejects):
        if path.is_dir():
            raise BadInput.one(At(str(path)), "", "expected a file to write, got a folder")
    counts = np.zeros(len(OUTCOMES), dtype=np.int64)
    rows = rejected = 0
    with Target(target, work.schema) as out, RejectsFile(rejects) as aside:
        for result, lost, outcomes in _written_behind(out, work.blocks(book)):
            aside.write(lost)
            counts += np.bincount(outcomes, minlength=len(OUTCOMES))
            dropped = len({entry.row for entry in lost})
            rejected += dropped
            rows += result.num_rows + dropped
            if progress is not None:
                progress(rows)
    return BookResult(
        rows=rows,
        rated=int(counts[ACCEPT] + counts[REFER] + counts[DECLINE]),
        referred=int(counts[REFER]),
        declined=int(counts[DECLINE]),
        refused=int(counts[REFUSAL]),
        rejected=rejected,
        target=target,
        rejects=rejects,
    )


def _written_behind(out: Target, results: Iterator[Result]) -> Iterator[Result]:
    """Write each result while the next block is read and rated; at most two are held."""
    with ThreadPoolExecutor(1) as behind:
        pending: Future[None] | None = None
        for result in results:
            if pending is not None:
                pending.result()
            pending = behind.submit(out.write, result[0])
            yield result
        if pending is not None:
            pending.result()


def machine_of(plan: RatingPlan, steps: Sequence[str] | None = None) -> Machine:
    """Make the plan ready for columns in memory.

    Its outputs are the steps, the premium, `refused` (the index of the line of `accepts`, or -1),
    and 1 or 0 of every step that decides; a policy is bad when any step left no number.
    """
    decisions = (step.name for step in plan.decisions)
    names = (*_steps(plan, steps), *decisions, REFUSED, plan.premium.name)
    outputs = {name: plan.program.results[name] for name in names}
    tested = must_be_finite(plan.program, [step.register for step in plan.values])
    return prepare(plan.program, outputs, tested)


def _steps(plan: RatingPlan, steps: Sequence[str] | None) -> tuple[str, ...]:
    of_policy = {step.name: step for step in plan.values if step.level == POLICY}
    if steps is None:
        money = [name for name, step in of_policy.items() if step.bound.type.kind == "money"]
        return tuple(dict.fromkeys([*money, plan.premium.name]))
    for name in steps:
        if name not in of_policy:
            text = f"unknown step of the policy '{name}'{nearest(name, of_policy)}"
            raise BadInput.one(At(""), "steps", text)
    return tuple(dict.fromkeys(steps))


class _Work:
    """What every block of one book goes through."""

    def __init__(
        self,
        plan: RatingPlan,
        book: Source,
        steps: tuple[str, ...],
        keep: Sequence[str],
        threads: int,
    ) -> None:
        self.plan = plan
        self.steps = steps
        self.threads = threads
        check_decisions(plan)
        self.machine = machine_of(plan, steps)
        own = {"row", "decision", "reason", *steps}
        self.kept = [n for n in book.names if n in (*KEPT, *keep) and n not in plan.readers.policy]
        for name in self.kept:
            if name in own:
                text = f"the column '{name}' has the name of a column of the result"
                raise BadInput.one(At(str(book.path)), "", text)
        fields = [pa.field("row", pa.int64())]
        fields += [pa.field(name, _passed(book.types[name])) for name in self.kept]
        fields += [pa.field(name, pa.float64()) for name in steps]
        fields += [pa.field("decision", WORDS), pa.field("reason", WORDS)]
        self.schema = pa.schema(fields)

    def blocks(self, book: Source) -> Iterator[Result]:
        """Rate every block of the book, with the rows that its reader had to leave out."""
        for numbers, batch in book.blocks():
            result, rejects, outcomes = self.block(numbers, batch)
            lost = sorted([*book.skipped, *rejects], key=lambda entry: entry.row)
            book.skipped.clear()
            yield result, lost, outcomes
        if book.skipped:
            nothing = pa.RecordBatch.from_pylist([], schema=self.schema)
            yield nothing, book.skipped, np.zeros(0, np.int64)

    def block(self, numbers: Rows, batch: pa.RecordBatch) -> Result:
        """Rate one block: the result, the rejects, and the outcome of every row of the result."""
        block = encode_block(self.plan.readers, batch, numbers)
        told = judge(self.plan, self.machine, block, numbers, self.threads)
        shown = told.shown
        columns = [pa.array(numbers[told.rows])]
        columns += [
            filtered(batch.column(name), told.rows).cast(self.schema.field(name).type)
            for name in self.kept
        ]
        outputs = told.rated.outputs
        hidden = outputs[REFUSED][shown] >= 0.0
        columns += [pa.array(outputs[name][shown], mask=hidden) for name in self.steps]
        columns += [as_words(told.outcomes, OUTCOMES), told.reasons]
        return pa.record_batch(columns, schema=self.schema), told.rejects, told.outcomes


def _passed(kind: pa.DataType) -> pa.DataType:
    """Give the type in which a column is passed through: a dictionary as what it stands for."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind
