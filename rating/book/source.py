"""A book as a stream of blocks, from Parquet or CSV, each row with its number."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet

from product_factory.errors import At, BadInput, BadValue, either, nearest
from rating.book.csv_rows import CsvRows, header_of
from rating.book.parquet_rows import ParquetRows, is_text
from rating.book.rejects import Reject
from rating.book.text import AUTOMATIC

CHUNK = 131_072
"""Rows of a block read from Parquet."""
CSV_BYTES = 16_000_000
"""Bytes of a block read from CSV."""
PER = ("policy", "item")
"""What a row of a result may be."""
SUFFIXES = (".parquet", ".csv")
Rows = npt.NDArray[np.int64]
Place: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class By:
    """How the rows of a book make policies, where a policy has a row for each item.

    column    names the policy of a row; the rows of one policy follow one another
    per_item  whether the result has a row for each item, and not for each policy
    """

    column: str
    per_item: bool = False


@dataclass
class Source:
    """An open book.

    names     its columns
    types     column → Arrow type, as blocks will bring it
    encoding  of a CSV; by default UTF-8, or what the mark at its start says
    by        how rows make policies; by default each is one
    skipped   rows of a CSV that are no rows of its table, since the last block
    place     where the block that was given last ends; `blocks` goes on from there
    stood     size and time of the file when it was opened: where they stay, it was not written
    rows      how many it has, None where only reading it would tell
    """

    path: Path
    names: tuple[str, ...]
    types: dict[str, pa.DataType]
    stood: tuple[int, int]
    rows: int | None = None
    encoding: str = AUTOMATIC
    by: By | None = None
    skipped: list[Reject] = field(default_factory=list)
    place: Place = ()

    def digest(self) -> str:
        """Give the SHA-256 of the file."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def must_stand(self) -> None:
        """Raise BadInput where the file was changed since it was opened."""
        if _stands(self.path) != self.stood:
            text = "the book was changed while it was read"
            raise BadInput.one(At(str(self.path)), "", text)

    def blocks(
        self, start: Place = (), passed: Iterable[str] = ()
    ) -> Iterator[tuple[Rows, pa.RecordBatch]]:
        """Give the blocks in order, with the numbers of their rows, the first being 1.

        start   a place at which a block of the same file ended; by default its beginning
        passed  columns that are only passed through

        Raises BadInput when the file ends early.
        """
        try:
            if self.path.suffix == ".parquet":
                # texts come as codes, so that each different one is read once; those of names of
                # policies are all different
                texts = [name for name, kind in self.types.items() if is_text(kind)]
                coded = [name for name in texts if name not in passed]
                rows: ParquetRows | CsvRows = ParquetRows(self.path, coded, CHUNK)
            else:
                rows = CsvRows(self.path, self.names, self.encoding, CSV_BYTES)
            for numbers, batch in rows.blocks(start or None):
                self.place = rows.place
                if isinstance(rows, CsvRows):
                    self.skipped += rows.rejects
                    rows.rejects.clear()
                yield numbers, batch
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise unreadable(self.path, error) from None


def by_of(column: str, per: str) -> By | None:
    """Read which column names policies ('' for none) and what a row of the result is; BadValue."""
    if per not in PER:
        message = f"--per: expected {either(PER)}, got {per}{nearest(per, PER)}"
        raise BadValue(message)
    if not column and per != PER[0]:
        message = f"--per {per}: is of a book with a row for each item; say --by COLUMN"
        raise BadValue(message)
    return By(column, per_item=per != PER[0]) if column else None


def open_source(path: Path, encoding: str = AUTOMATIC, by: By | None = None) -> Source:
    """Open a book. Raises BadInput for a file that is absent, unreadable or of another kind."""
    at = At(str(path))
    if path.suffix not in SUFFIXES:
        raise BadInput.one(at, "", "expected a book named .parquet or .csv")
    if not path.is_file():
        raise BadInput.one(at, "", "there is no such file")
    try:
        stood = _stands(path)
        if path.suffix == ".parquet":
            head = pa.parquet.read_metadata(path)
            schema, rows = head.schema.to_arrow_schema(), head.num_rows
            names, kinds = schema.names, schema.types
        else:
            names, rows = header_of(path, encoding), None
            kinds = [pa.string()] * len(names)
    except (pa.ArrowException, OSError) as error:
        raise unreadable(path, error) from None
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise BadInput.one(at, "", f"the column '{doubled[0]}' stands twice")
    types = dict(zip(names, kinds, strict=True))
    return Source(path, tuple(names), types, stood, rows, encoding, by)


def _stands(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def unreadable(path: Path, error: Exception) -> BadInput:
    """Say that a book cannot be read, and why."""
    text = str(error).split("\n", maxsplit=1)[0]
    return BadInput.one(At(str(path)), "", f"the book cannot be read: {text}")
