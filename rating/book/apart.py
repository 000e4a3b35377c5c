"""Policies whose rows do not follow one another, found before a book is rated."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from product_factory.errors import At, BadInput
from rating.book.policies import blank, names_of, starts_of
from rating.book.source import CHUNK, Source, unreadable

MOST_APART = 100_000
"""Policies whose rows are apart that are told one by one; a book with more is not in order."""


def apart(book: Source, by: str) -> frozenset[bytes]:
    """Give the names of the policies whose rows stand apart, with rows of others between them.

    The book is read once for this, and once more where two names may be equal. Of each run
    of rows of one name a hash of eight bytes is held, and as much again while they are joined.

    Raises BadInput for more than MOST_APART such policies, and where the file ends early.
    """
    seen = np.concatenate([np.zeros(0, np.uint64), *(hashes(names) for names in _runs(book, by))])
    seen.sort()
    twice = np.unique(seen[1:][seen[1:] == seen[:-1]])
    del seen
    counts: Counter[bytes] = Counter()
    for names in _runs(book, by) if twice.size else ():
        may = np.isin(hashes(names), twice)
        counts.update(name for name, is_ in zip(names, may.tolist(), strict=True) if is_)
        if len(counts) > 2 * MOST_APART:
            break
    found = frozenset(name for name, times in counts.items() if times > 1)
    if len(found) > MOST_APART or len(counts) > 2 * MOST_APART:
        first = counts.most_common(1)[0][0]
        text = f"the rows of many policies are apart, such as '{first.decode('utf-8', 'replace')}'"
        raise BadInput.one(At(str(book.path)), "", f"{text}; sort the book by '{by}'")
    return found


def hashes(names: list[bytes]) -> npt.NDArray[np.uint64]:
    """Give a 64-bit hash of each name."""
    return pd.util.hash_array(np.array([*names, b""], dtype=object), categorize=False)[:-1]


def _runs(book: Source, by: str) -> Iterator[list[bytes]]:
    """Give the name of each run of rows; rows that name no policy stand in none."""
    before: bytes | None = None
    for column in _columns(book, by):
        names = names_of(column)
        named = ~blank(names)
        names = names if named.all() else names.filter(pa.array(named))
        if not len(names):
            continue
        runs: list[bytes] = names.take(pa.array(starts_of(names)[:-1])).to_pylist()
        last = runs[-1]
        yield runs[1:] if runs[0] == before else runs
        before = last


def _columns(book: Source, by: str) -> Iterator[pa.Array]:
    if book.path.suffix == ".parquet":
        try:
            with pa.parquet.ParquetFile(book.path) as file:
                for batch in file.iter_batches(batch_size=CHUNK, columns=[by]):
                    yield batch.column(0)
        except (pa.ArrowException, OSError) as error:
            raise unreadable(book.path, error) from None
        return
    for _, batch in book.blocks(passed=[by]):
        book.skipped.clear()
        yield batch.column(by)
    book.place = ()
