"""A Parquet book in blocks that end where its row groups do."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet

Place = tuple[int, ...]
"""Where a block begins: the number of its first row, its row group, its block in the group."""
READ_AHEAD = 1 << 20
"""Bytes that are held of a column while it is read: of a large group never the whole."""


class ParquetRows:
    """The rows of one file."""

    def __init__(self, path: Path, coded: Sequence[str], size: int) -> None:
        """Read in blocks of at most `size` rows; coded: columns of texts that come as codes."""
        self.path = path
        self.size = size
        self.place: Place = (1, 0, 0)
        self._coded = list(coded)

    def blocks(self, start: Place | None) -> Iterator[tuple[npt.NDArray[np.int64], pa.RecordBatch]]:
        """Give the numbers of rows and the rows, from a place that an earlier run told."""
        self.place = start or (1, 0, 0)
        row, first, passed = self.place
        with pa.parquet.ParquetFile(
            self.path, read_dictionary=self._coded, buffer_size=READ_AHEAD
        ) as file:
            for group in range(first, file.num_row_groups):
                blocks = file.iter_batches(batch_size=self.size, row_groups=[group])
                for block, batch in enumerate(blocks):
                    if block < passed:
                        continue
                    numbers = np.arange(row, row + batch.num_rows, dtype=np.int64)
                    row += batch.num_rows
                    self.place = (row, group, block + 1)
                    yield numbers, batch
                passed = 0


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a column holds texts."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
