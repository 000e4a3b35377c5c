"""A book as a stream of blocks, from Parquet or CSV, each row with its number."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from product_factory.errors import At, BadInput
from rating.book.rejects import Reject

CHUNK = 131_072
"""Rows of a block read from Parquet."""
CSV_BYTES = 16_000_000
"""Bytes of a block read from CSV."""
SUFFIXES = (".parquet", ".csv")
Rows = npt.NDArray[np.int64]


@dataclass
class Source:
    """An open book.

    names    its columns
    types    column → Arrow type, as blocks will bring it
    skipped  rows of a CSV that have too many or too few cells, since the last block
    """

    path: Path
    names: tuple[str, ...]
    types: dict[str, pa.DataType]
    skipped: list[Reject] = field(default_factory=list)

    def fail(self, error: Exception) -> BadInput:
        """Say that the file cannot be read on."""
        text = str(error).split("\n", maxsplit=1)[0]
        return BadInput.one(At(str(self.path)), "", f"the book cannot be read: {text}")

    def blocks(self) -> Iterator[tuple[Rows, pa.RecordBatch]]:
        """Give the blocks in order, with the numbers of their rows, the first being 1.

        Raises BadInput when the file ends early or holds what is no text.
        """
        try:
            yield from self._parquet() if self.path.suffix == ".parquet" else self._csv()
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise self.fail(error) from None

    def _parquet(self) -> Iterator[tuple[Rows, pa.RecordBatch]]:
        texts = [name for name, kind in self.types.items() if _is_text(kind)]
        first = 1
        with pa.parquet.ParquetFile(self.path, read_dictionary=texts) as file:
            for batch in file.iter_batches(batch_size=CHUNK):
                yield np.arange(first, first + batch.num_rows, dtype=np.int64), batch
                first += batch.num_rows

    def _csv(self) -> Iterator[tuple[Rows, pa.RecordBatch]]:
        skipped: list[int] = []

        def skip(row: pa.csv.InvalidRow) -> str:
            skipped.append(row.number - 1)
            reason = f"expected {row.expected_columns} cells, got {row.actual_columns}"
            self.skipped.append(Reject(row.number - 1, "", row.text, reason))
            return "skip"

        first = 1
        with _open_csv(self.path, skip) as reader:
            for batch in reader:
                last = first + batch.num_rows
                rows = np.arange(first, last + len(skipped), dtype=np.int64)
                rows = rows[~np.isin(rows, skipped)][: batch.num_rows]
                yield rows, batch
                first = int(rows[-1]) + 1 if rows.size else first
                skipped[:] = [row for row in skipped if row >= first]


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _open_csv(path: Path, skip: object) -> pa.csv.CSVStreamingReader:
    names = _csv_names(path)
    return pa.csv.open_csv(
        path,
        # rows are numbered for the rejects, which the reader does on one thread only
        read_options=pa.csv.ReadOptions(use_threads=False, block_size=CSV_BYTES),
        parse_options=pa.csv.ParseOptions(invalid_row_handler=skip),
        convert_options=pa.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
            check_utf8=True,
        ),
    )


def _check_text(path: Path) -> None:
    """Raise BadInput at the first line of a CSV that is not UTF-8.

    Arrow tells no line, and reports a row that is both ragged and no text past its caller.
    """
    line = 1
    with path.open("rb") as file:
        # cut at line ends: no character of UTF-8 holds the byte of one
        while block := file.read(CSV_BYTES) + file.readline():
            if not block.isascii():
                try:
                    block.decode()
                except UnicodeDecodeError as error:
                    line += block.count(b"\n", 0, error.start)
                    text = "expected text in UTF-8; save the book as CSV UTF-8"
                    raise BadInput.one(At(str(path), line, 1), "", text) from None
            line += block.count(b"\n")


def _csv_names(path: Path) -> list[str]:
    # not by a reader of Arrow: closed before its end, it may abort the process
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file), [])


def open_source(path: Path) -> Source:
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
            _check_text(path)
            names = _csv_names(path)
            kinds = [pa.string()] * len(names)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise Source(path, (), {}).fail(error) from None
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise BadInput.one(at, "", f"the column '{doubled[0]}' stands twice")
    return Source(path, tuple(names), dict(zip(names, kinds, strict=True)))
