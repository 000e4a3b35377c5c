"""A projection from points or a book to sums, and to a file of steps or points."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.errors import At, BadInput, BadValue, either
from rating.book.rejects import Reject, RejectsFile
from rating.book.source import SUFFIXES
from rating.book.target import Target
from rating.cash_flows.book import book_points
from rating.cash_flows.flows import CashFlows
from rating.cash_flows.points import Points
from rating.cash_flows.project import ROWS, By, Sums, basis_of, by_step, projected
from rating.plan import bind

Group: TypeAlias = tuple[Points, CashFlows]
Progress: TypeAlias = Callable[[int], None]
JSON = ".json"
SHOWN = 5
"""Rejects that are kept for a person; the file has them all."""


@dataclass
class Lost:
    """The rows of a book that were not projected: how many, and the first with their reasons."""

    rows: int = 0
    first: list[Reject] = field(default_factory=list)

    def add(self, rejects: list[Reject]) -> None:
        """Count the rows of a block."""
        self.rows += len({entry.row for entry in rejects})
        self.first += rejects[: SHOWN - len(self.first)]


@dataclass(frozen=True)
class Projected:
    """What a projection found.

    sums  of all points;  lost: rows left out;  out, rejects: the files that were written
    """

    product: AssembledProduct
    basis: AssembledBasis
    sums: Sums
    lost: Lost
    out: Path | None = None
    rejects: Path | None = None


def project_points(
    product: AssembledProduct,
    basis: str,
    parts: Iterable[Points],
    *,
    months: bool = False,
    by: By = "step",
    out: Path | None = None,
    progress: Progress | None = None,
) -> Projected:
    """Project points on a basis, and write a row for each step, or for each point, or for both.

    progress  is told after each group of points how many they were

    Raises BadInput for a basis that is not there, a file of another kind, and what cannot be
    priced, naming the cell; BadValue for rows of points without a file to write them to.
    """
    on = basis_of(product, basis, months=months)
    sums = _summed(_groups(product, on, parts, progress), by, out)
    return Projected(product, on, sums, Lost(), out)


def project_book(
    product: AssembledProduct,
    basis: str,
    book: Path,
    *,
    months: bool = False,
    by: By = "step",
    out: Path | None = None,
    progress: Progress | None = None,
) -> Projected:
    """Project the points of a book in constant memory; rows left out go to `OUT.rejects.csv`.

    Raises BadInput as above, and for a book that cannot be read.
    """
    on, lost = basis_of(product, basis, months=months), Lost()
    if out is not None and out.resolve() == book.resolve():
        raise BadInput.one(At(str(out)), "", "expected another file than the book itself")
    rejects = None if out is None else out.with_name(f"{out.name}.rejects.csv")
    with _rejects(rejects, lost) as reject:
        parts = book_points(bind(product), book, reject)
        sums = _summed(_groups(product, on, parts, progress), by, out)
    return Projected(product, on, sums, lost, out, rejects)


def _groups(
    product: AssembledProduct,
    basis: AssembledBasis,
    parts: Iterable[Points],
    progress: Progress | None,
) -> Iterator[Group]:
    for points, flows in projected(product, basis, parts):
        yield points, flows
        if progress is not None:
            progress(points.size)


def _summed(done: Iterator[Group], by: By, out: Path | None) -> Sums:
    if out is None and by != "step":
        raise BadValue(f"--by {by}: expected a file for its rows, such as -o rows.parquet")
    if out is not None:
        known = (*SUFFIXES, JSON) if by == "step" else SUFFIXES
        if out.suffix not in known:
            raise BadInput.one(At(str(out)), "", f"expected a file that ends in {either(known)}")
    sums = Sums()
    if out is None or by == "step":
        for points, flows in done:
            sums.add(points, flows)
        if out is not None and out.suffix != JSON and sums.points:
            table = by_step(sums)
            with Target(out, table.schema) as target:
                for batch in table.to_batches():
                    target.write(batch)
        return sums
    first = next(done, None)
    if first is None:
        return sums
    rows = ROWS[by]
    batch = rows(*first)
    with Target(out, batch.schema) as target:
        target.write(batch)
        sums.add(*first)
        for points, flows in done:
            target.write(rows(points, flows))
            sums.add(points, flows)
    return sums


@contextmanager
def _rejects(path: Path | None, lost: Lost) -> Iterator[Callable[[list[Reject]], None]]:
    """Count what is rejected, and write it where there is a file for it."""
    if path is None:
        yield lost.add
        return
    with RejectsFile(path) as file:

        def reject(rejects: list[Reject]) -> None:
            lost.add(rejects)
            file.write(rejects)

        yield reject
