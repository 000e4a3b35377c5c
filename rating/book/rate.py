"""A book from file to file: read, encoded, rated and written block by block, in constant memory."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa

from product_factory.errors import At, BadInput
from product_factory.released import released
from rating.book import source as sources
from rating.book.block import check_columns
from rating.book.decided import ACCEPT, DECLINE, REFER, REFUSAL
from rating.book.members import check_item_columns
from rating.book.policy_work import PolicyWork
from rating.book.result import BookResult
from rating.book.source import Source, open_source
from rating.book.unfinished import Unfinished
from rating.book.work import KINDS, REJECTED, Result, Work, steps_of
from rating.plan import RatingPlan


def rate_book(
    plan: RatingPlan,
    source: Path | Source,
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

    A book with a row for each item (`Source.by`) has a row for each policy or each item in the
    result; a policy with a wrong row is rejected whole.

    A run that was stopped is gone on with behind its last whole part, and comes to the same bytes;
    `TARGET.journal` and the files in `.part` beside the result are its memory. Where the book, the
    product, the version or what is asked for is another, the run begins anew.

    steps     which values are written, a choice as the name of its level; by default those in
              money, and the premium of a policy
    progress  is told the rows read so far

    Raises BadInput for a book that cannot be read, or has unknown or missing columns, and where
    the result cannot be written.
    """
    book = source if isinstance(source, Source) else open_source(source)
    if target.resolve() == book.path.resolve():
        raise BadInput.one(At(str(target)), "", "expected another file than the book itself")
    work = _work(plan, book, steps, keep, threads)
    rejects = target.with_name(target.name + ".rejects.csv")
    for path in (target, rejects):
        if path.is_dir():
            raise BadInput.one(At(str(path)), "", "expected a file to write, got a folder")
    with Unfinished(target, rejects, work.schema, _made(work, book)) as out:
        resumed = work.lines(out.counts(work.kinds))
        if not out.complete:
            _write(out, work.blocks(book, out.place), resumed, progress)
        book.must_stand()
        counts = out.counts(work.kinds)
        out.finish(work.written(counts))
    return BookResult(
        rows=work.lines(counts),
        rated=int(counts[ACCEPT] + counts[REFER] + counts[DECLINE]),
        referred=int(counts[REFER]),
        declined=int(counts[DECLINE]),
        refused=int(counts[REFUSAL]),
        rejected=int(counts[KINDS.index(REJECTED)]),
        target=target,
        rejects=rejects,
        resumed=resumed,
        changed=tuple(out.changed),
        policies=None if book.by is None else int(counts[: len(KINDS)].sum()),
        rejected_rows=work.rejected_lines(counts),
    )


def _work(
    plan: RatingPlan, book: Source, steps: Sequence[str] | None, keep: Sequence[str], threads: int
) -> Work:
    """Check the columns of a book and make the work that it needs."""
    at = At(str(book.path))
    if book.by is None:
        check_columns(plan.readers, book.types, keep, at)
        return Work(plan, book, steps_of(plan, steps), keep, threads)
    check_item_columns(plan.readers, book.types, book.by.column, keep, at)
    return PolicyWork(plan, book, book.by, steps, keep, threads)


def _write(
    out: Unfinished, results: Iterator[Result], done: int, progress: Callable[[int], None] | None
) -> None:
    """Write each part while the next block is read and rated; at most two are held."""
    with ThreadPoolExecutor(1) as behind:
        pending: Future[None] | None = None
        for blocks in _parts(results):
            if pending is not None:
                pending.result()
            rows = pa.Table.from_batches([block.rows for block in blocks])
            lost = [reject for block in blocks for reject in block.rejects]
            counts = np.sum([block.counts for block in blocks], axis=0)
            pending = behind.submit(out.add, rows, lost, counts, blocks[-1].place)
            done += sum(block.lines for block in blocks)
            if progress is not None:
                progress(done)
        if pending is not None:
            pending.result()


def _parts(results: Iterator[Result]) -> Iterator[list[Result]]:
    """Gather blocks until a part is large enough: row groups of a book may be small."""
    held: list[Result] = []
    rows = 0
    for result in results:
        held.append(result)
        rows += result.lines
        if rows >= sources.CHUNK:
            yield held
            held, rows = [], 0
    if held:
        yield held


def _made(work: Work, book: Source) -> dict[str, object]:
    """Tell all that decides over the bytes of a result; see NAMED."""
    sizes = f"{sources.CHUNK} rows, {sources.CSV_BYTES} bytes"
    return {
        "covercast": f"{released()}, pyarrow {pa.__version__}",
        "product": work.digest(),
        "book": book.digest(),
        "options": f"{work.schema} {book.path.suffix} {book.encoding} {sizes}{work.options()}",
    }
