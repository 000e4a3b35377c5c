"""Where a rated book goes: Parquet or CSV, by the name of the file."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from product_factory.errors import At, BadInput
from rating.book.rejects import STARTS_A_FORMULA, harmless
from rating.book.source import SUFFIXES
from rating.book.whole_file import WholeFile


class Target(WholeFile):
    """A file that is complete once it is closed, and absent when the run failed."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        """Open for rows of a schema. Raises BadInput for a name of another kind."""
        if path.suffix not in SUFFIXES:
            text = "expected a result named .parquet or .csv"
            raise BadInput.one(At(str(path)), "", text)
        super().__init__(path)
        self._as_text = path.suffix == ".csv"
        self.schema = plain(schema) if self._as_text else schema
        try:
            self._writer = self._open()
        except OSError as error:
            raise BadInput.one(At(str(path)), "", f"cannot be written: {error.strerror}") from None

    def _open(self) -> pa.csv.CSVWriter | pa.parquet.ParquetWriter:
        if self._as_text:
            return pa.csv.CSVWriter(str(self._part), self.schema)
        # a dictionary of premiums costs more time than all the rest of a book, and saves nothing
        words = [entry.name for entry in self.schema if is_word(entry.type)]
        return pa.parquet.ParquetWriter(str(self._part), self.schema, use_dictionary=words)

    def write(self, batch: pa.RecordBatch) -> None:
        """Add rows."""
        if not batch.num_rows:  # Arrow 26 would write what its memory held before
            return
        if self._as_text:
            batch = harmless_columns(batch, self.schema)
        self._writer.write_batch(batch)

    def _close(self) -> None:
        self._writer.close()


def is_word(kind: pa.DataType) -> bool:
    """Tell whether a column holds texts, of which few differ."""
    return bool(pa.types.is_dictionary(kind) or pa.types.is_string(kind))


def plain(schema: pa.Schema) -> pa.Schema:
    """Replace dictionaries by what they stand for: CSV holds texts."""
    kinds = [k.value_type if pa.types.is_dictionary(k) else k for k in schema.types]
    return pa.schema([pa.field(harmless(n), k) for n, k in zip(schema.names, kinds, strict=True)])


def harmless_columns(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Quote what a spreadsheet would run, and give dictionaries as what they stand for."""
    return pa.record_batch([_harmless(column) for column in batch.columns], schema=schema)


def _harmless(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return column
    risky = pc.is_in(pc.utf8_slice_codeunits(column, 0, 1), pa.array(STARTS_A_FORMULA, column.type))
    if not pc.any(risky).as_py():
        return column
    quoted = pc.binary_join_element_wise(pa.scalar("'", column.type), column, "")
    return pc.if_else(risky, quoted, column)
