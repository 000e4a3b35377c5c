"""A book as a stream of blocks, from Parquet or CSV, each row with its number."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet

from product_factory.errors import At, BadInput
from rating.book.csv_rows import CsvRows, header_of
from rating.book.parquet_rows import ParquetRows, is_text
from rating.book.rejects import Reject
from rating.book.text import AUTOMATIC

CHUNK = 131_072
"""Rows of a block read from Parquet."""
CSV_BYTES = 16_000_000
"""Bytes of a block read from CSV."""
SUFFIXES = (".parquet", ".csv")
Rows = npt.NDArray[np.int64]
Place: TypeAlias = tuple[int, ...]


@dataclass
class Source:
    """An open book.

    names     its columns
    types     column → Arrow type, as blocks will bring it
    encoding  of a CSV; by default UTF-8, or what the mark at its start says
    skipped   rows of a CSV that are no rows of its table, since the last block
    place     where the block that was given last ends; `blocks` goes on from there
    """

    path: Path
    names: tuple[str, ...]
    types: dict[str, pa.DataType]
    encoding: str = AUTOMATIC
    skipped: list[Reject] = field(default_factory=list)
    place: Place = ()

    def fail(self, error: Exception) -> BadInput:
        """Say that the file cannot be read on."""
        text = str(error).split("\n", maxsplit=1)[0]
        return BadInput.one(At(str(self.path)), "", f"the book cannot be read: {text}")

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
            raise self.fail(error) from None


def open_source(path: Path, encoding: str = AUTOMATIC) -> Source:
    """Open a book. Raises BadInput for a file that is absent, unreadable or of another kind."""
    at = At(str(path))
    if path.suffix not in SUFFIXES:
        raise BadInput.one(at, "", "expected a book named .parquet or .csv")
    if not path.is_file():
        raise BadInput.one(at, "", "there is no such file")
    try:
        if path.suffix == ".parquet":
            schema = pa.parquet.read_schema(path)
            names, kinds = schema.names, schema.types
        else:
            names = header_of(path, encoding)
            kinds = [pa.string()] * len(names)
    except (pa.ArrowException, OSError) as error:
        raise Source(path, (), {}).fail(error) from None
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise BadInput.one(at, "", f"the column '{doubled[0]}' stands twice")
    return Source(path, tuple(names), dict(zip(names, kinds, strict=True)), encoding)
