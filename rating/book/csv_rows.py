"""A CSV in blocks of whole rows: every row is either in a block or a reject with its reason."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from product_factory.errors import At, BadInput
from rating.book.reasons import no_text, ragged, too_long, unclosed
from rating.book.rejects import Reject
from rating.book.text import Utf8, encoding_of
from rating.kernels import csv_rows as kernels

MOST_BYTES = 1 << 20
"""Bytes of a row; what is longer is a slip, such as a quote that nobody closed."""
HEADER_BYTES = 1 << 20
Place = tuple[int, ...]
"""Where a block begins: the number of its first row, bytes of UTF-8 before it, 1 within a row."""
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cut:
    """Rows of a text: where each starts and ends, its cells, and what is wrong with it."""

    starts: Integers
    ends: Integers
    cells: Integers
    kinds: Integers
    used: int
    goes_on: bool


def cut(text: bytes, *, last: bool) -> Cut:
    """Cut a text into rows; see the kernel."""
    data = np.frombuffer(text, dtype=np.uint8)
    most = text.count(b"\n") + text.count(b"\r") + 1
    arrays = np.empty((4, most), dtype=np.int64)
    starts, ends, cells, kinds = arrays
    count, used, goes_on = kernels.cut_rows(data, last, MOST_BYTES, starts, ends, cells, kinds)
    found = slice(0, count)
    return Cut(starts[found], ends[found], cells[found], kinds[found], int(used), bool(goes_on))


def header_of(path: Path, asked: str) -> list[str]:
    """Read the names of the columns. Raises BadInput where there are none."""
    codec, mark = encoding_of(path, asked)
    with path.open("rb") as file:
        text = Utf8(file, codec, mark).read(HEADER_BYTES)
    if not text.strip():
        raise BadInput.one(At(str(path)), "", "expected a line with the names of columns, got none")
    rows = cut(text, last=len(text) < HEADER_BYTES)
    line = text[rows.starts[0] : rows.ends[0]] if rows.starts.size else text
    if rows.starts.size == 0 or rows.kinds[0] != kernels.WHOLE:
        raise BadInput.one(At(str(path), 1, 1), "", "expected a line with the names of columns")
    if b"\0" in line:
        text_ = "expected text in UTF-8, got signs of two bytes: save as CSV UTF-8, or say"
        raise BadInput.one(At(str(path), 1, 1), "", f"{text_} `--encoding utf-16`")
    try:
        names = next(csv.reader(io.StringIO(line.decode(), newline="")))
    except (UnicodeDecodeError, csv.Error):
        text_ = "expected text in UTF-8; save the book as CSV UTF-8, or say `--encoding gbk`"
        raise BadInput.one(At(str(path), 1, 1), "", text_) from None
    for other, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(names) == 1 and other in names[0]:
            text_ = f"expected columns apart by commas, got {name}"
            raise BadInput.one(At(str(path), 1, 1), "", text_)
    return names


class CsvRows:
    """The rows of one file below its header.

    rejects  rows that are no rows of this table, since the last block
    """

    def __init__(self, path: Path, names: Sequence[str], asked: str, size: int) -> None:
        """Read in blocks of about `size` bytes."""
        self.path = path
        self.names = names
        self.size = size
        self.rejects = list[Reject]()
        self.place: Place = (1, 0, 0)
        self._codec, self._mark = encoding_of(path, asked)
        self._options = pa.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=False,
            check_utf8=False,
        )

    def blocks(self, start: Place | None) -> Iterator[tuple[Integers, pa.RecordBatch]]:
        """Give the numbers of rows and the rows, from a place that an earlier run told."""
        with self.path.open("rb") as file:
            text = Utf8(file, self._codec, self._mark)
            self.place = start or (1, 0, 0)
            row, before, within = self.place
            text.skip(before)
            held = b""
            fresh = start is None
            last = False
            size = self.size
            while not last:
                # no more than is asked for, so that blocks are the same after a break
                while len(held) < size and not last:
                    more = text.read(size - len(held))
                    held += more
                    last = not more
                held, passed, within = _passed(held, within=bool(within))
                before += passed
                if within:
                    continue
                rows = cut(held, last=last)
                body = slice(1, None) if fresh and rows.starts.size else slice(None)
                fresh = fresh and not rows.starts.size
                numbers, batch = self._block(held, rows, body, row)
                row += len(rows.starts[body])
                before, within = before + rows.used, int(rows.goes_on)
                self.place = (row, before, within)
                held = held[rows.used :]
                size = self.size if rows.used else size + self.size  # a row may be longer
                if numbers.size or self.rejects:
                    yield numbers, batch

    def _block(
        self, text: bytes, rows: Cut, body: slice, first: int
    ) -> tuple[Integers, pa.RecordBatch]:
        starts, ends, cells, kinds = (
            part[body] for part in (rows.starts, rows.ends, rows.cells, rows.kinds)
        )
        numbers = np.arange(first, first + len(starts), dtype=np.int64)
        good = (kinds == kernels.WHOLE) & (cells == len(self.names))
        for place in np.flatnonzero(~good).tolist():
            line = text[starts[place] : ends[place]]
            number, kind = int(numbers[place]), int(kinds[place])
            if kind == kernels.WHOLE:
                reject = ragged(number, line, int(cells[place]), len(self.names))
            else:
                reject = (unclosed if kind == kernels.UNCLOSED else too_long)(number, line)
            self.rejects.append(reject)
        for place in _no_text(text, starts, ends):
            if good[place]:
                good[place] = False
                line = text[starts[place] : ends[place]]
                self.rejects.append(no_text(int(numbers[place]), line, self.names, self._codec))
        self.rejects.sort(key=lambda entry: entry.row)
        return numbers[good], self._read(_joined(text, starts, ends, good), int(good.sum()))

    def _read(self, text: bytes | memoryview, count: int) -> pa.RecordBatch:
        if not count:
            columns = [pa.array([], pa.string())] * len(self.names)
            return pa.record_batch(columns, names=list(self.names))
        table = pa.csv.read_csv(
            pa.BufferReader(text),
            read_options=pa.csv.ReadOptions(
                use_threads=False, block_size=len(text) + 1, column_names=list(self.names)
            ),
            parse_options=pa.csv.ParseOptions(newlines_in_values=True),
            convert_options=self._options,
        )
        if table.num_rows != count:
            found = f"expected {count} rows, Arrow read {table.num_rows}"
            raise BadInput.one(At(str(self.path)), "", f"the book cannot be read: {found}")
        return table.combine_chunks().to_batches()[0]


def _passed(held: bytes, *, within: bool) -> tuple[bytes, int, int]:
    """Pass over the rest of a row that is too long: what is left, bytes passed, whether still."""
    if not within:
        return held, 0, 0
    end = int(kernels.line_end(np.frombuffer(held, dtype=np.uint8), 0, len(held)))
    if end < 0:
        return b"", len(held), 1
    return held[end:], end, 0


def _no_text(text: bytes, starts: Integers, ends: Integers) -> Iterator[int]:
    """Give the places of rows that are no UTF-8."""
    if text.isascii():
        return
    view = memoryview(text)
    place = 0
    while place < len(starts):
        first = int(starts[place])
        try:
            codecs.utf_8_decode(view[first : int(ends[-1])], "strict", True)  # noqa: FBT003 - takes no keywords
        except UnicodeDecodeError as error:
            place = int(np.searchsorted(ends, first + error.start, side="right"))
            yield place
            place += 1
        else:
            return


def _joined(
    text: bytes, starts: Integers, ends: Integers, good: npt.NDArray[np.bool_]
) -> bytes | memoryview:
    """Join the good rows, stretch by stretch; without a copy where all stand in one."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], good, [False]]).astype(np.int8)))
    stretches = [
        memoryview(text)[int(starts[a]) : int(ends[b - 1])]
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]
    return stretches[0] if len(stretches) == 1 else b"".join(stretches)
