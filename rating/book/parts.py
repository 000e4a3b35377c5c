"""A result in parts that are written one behind another, each without the memory of the others.

A CSV is its lines. A Parquet file is its row groups, whose places a footer tells; here each part
is written as a file of its own, whose footer is moved to where its row group comes to stand. So a
run that was stopped goes on behind the last whole part, and comes to the same bytes.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from product_factory.errors import BadValue
from rating.book.block import KEPT
from rating.book.target import harmless_columns, is_word, plain
from rating.book.thrift import I16, I64, LIST, STRUCT, Reader, Struct, written

MAGIC = b"PAR1"
# Fields of the structs of parquet.thrift (Apache Parquet format 2.11).
ROWS, GROUPS = 3, 4  # of FileMetaData
COLUMNS, GROUP_OFFSET, ORDINAL = 1, 5, 7  # of RowGroup
FILE_OFFSET, META_DATA = 2, 3  # of ColumnChunk
OFFSETS = (9, 10, 11)  # of ColumnMetaData: first page, index page, dictionary page


class Parts(ABC):
    """How the parts of one result are written."""

    def __init__(self, schema: pa.Schema) -> None:
        """Write rows of a schema."""
        self.schema = schema

    @abstractmethod
    def beginning(self) -> bytes:
        """Give what stands before all parts."""

    @abstractmethod
    def part(self, rows: pa.Table, offset: int, number: int) -> tuple[pa.Buffer, bytes]:
        """Give the bytes of a part that come to stand at an offset, and a note for the ending."""

    @abstractmethod
    def ending(self, notes: Sequence[bytes], rows: int) -> bytes:
        """Give what stands behind all parts, from their notes."""


class CsvParts(Parts):
    """Lines; a text that a spreadsheet would run is quoted."""

    def __init__(self, schema: pa.Schema) -> None:
        """Write rows of a schema, dictionaries as the texts that they stand for.

        Raises BadValue for a column that no cell can hold.
        """
        super().__init__(plain(schema))
        for entry in self.schema:
            try:
                self._lines(pa.schema([entry]).empty_table(), header=True)
            except pa.ArrowException:
                text = f"the column '{entry.name}': expected texts or numbers in a CSV"
                raise BadValue(f"{text}, got {entry.type}; write .parquet") from None

    def beginning(self) -> bytes:
        """Give the line of names."""
        return bytes(memoryview(self._lines(self.schema.empty_table(), header=True)))

    def part(self, rows: pa.Table, offset: int, number: int) -> tuple[pa.Buffer, bytes]:  # noqa: ARG002 - lines may stand anywhere
        """Give lines."""
        # behind a batch without rows, Arrow 26 writes what its memory held before
        batches = [
            harmless_columns(batch, self.schema) for batch in rows.to_batches() if batch.num_rows
        ]
        return self._lines(pa.Table.from_batches(batches, self.schema), header=False), b""

    def _lines(self, rows: pa.Table, *, header: bool) -> pa.Buffer:
        sink = pa.BufferOutputStream()
        pa.csv.write_csv(rows, sink, pa.csv.WriteOptions(include_header=header))
        return sink.getvalue()

    def ending(self, notes: Sequence[bytes], rows: int) -> bytes:  # noqa: ARG002 - lines need none
        """Give nothing."""
        return b""


class ParquetParts(Parts):
    """Row groups, one a part."""

    def beginning(self) -> bytes:
        """Give the sign of Parquet."""
        return MAGIC

    def part(self, rows: pa.Table, offset: int, number: int) -> tuple[pa.Buffer, bytes]:
        """Give a row group, and its entry in the footer."""
        body, footer = self._file(rows)
        groups: list[Struct] = footer[GROUPS][1][1]
        (group,) = groups
        return body, written(_moved(group, offset - len(MAGIC), number))

    def ending(self, notes: Sequence[bytes], rows: int) -> bytes:
        """Give the footer."""
        _, footer = self._file(self.schema.empty_table())
        footer[ROWS] = (I64, rows)
        footer[GROUPS] = (LIST, (STRUCT, list(notes)))
        told = written(footer)
        return told + len(told).to_bytes(4, "little") + MAGIC

    def _file(self, rows: pa.Table) -> tuple[pa.Buffer, Struct]:
        """Give a whole file of these rows: its row groups, and its footer."""
        sink = pa.BufferOutputStream()
        # a dictionary of premiums or names costs more time than all the rest of a book, and saves
        # nothing
        words = [e.name for e in self.schema if is_word(e.type) and e.name not in KEPT]
        with pa.parquet.ParquetWriter(sink, self.schema, use_dictionary=words) as writer:
            if rows.num_rows:
                writer.write_table(rows, row_group_size=rows.num_rows)
        whole = sink.getvalue()
        size = int.from_bytes(whole[-8:-4].to_pybytes(), "little")
        first = len(whole) - 8 - size
        return whole[len(MAGIC) : first], Reader(whole[first:-8].to_pybytes()).struct()


def _moved(group: Struct, by: int, number: int) -> Struct:
    """Move what a row group tells of its places."""
    for column in group[COLUMNS][1][1]:
        _move(column, (FILE_OFFSET,), by)
        _move(column[META_DATA][1], OFFSETS, by)
    _move(group, (GROUP_OFFSET,), by)
    if ORDINAL in group:
        group[ORDINAL] = (I16, number)
    return group


def _move(struct: Struct, fields: Sequence[int], by: int) -> None:
    for field in fields:
        kind, offset = struct.get(field, (I64, 0))
        if offset > 0:
            struct[field] = (kind, offset + by)
