"""A result under way: its bytes and its rejects under names of their own, and their journal."""

import os
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from product_factory.csv_text import lines_of
from product_factory.errors import At, BadInput, BadValue
from rating.book.journal import Journal, Part
from rating.book.parts import CsvParts, ParquetParts, Parts
from rating.book.rejects import HEADER, Reject
from rating.book.source import SUFFIXES, Place

DONE = (-1,)
"""The place behind the ending of a result."""
Counts = npt.NDArray[np.int64]


class Unfinished:
    """Becomes the result and its rejects once it is closed; until then a stopped run can go on.

    resumed  whether parts of an earlier run are kept
    complete whether the earlier run was stopped when only the names were left to give
    changed  what is another than in the earlier run, whose parts are therefore dropped
    """

    def __init__(
        self, target: Path, rejects: Path, schema: pa.Schema, of: Mapping[str, object]
    ) -> None:
        """Open for rows of a schema.

        of  what is being made, as plain values: parts of the same are kept

        Raises BadInput for a name of another kind, or when another run writes this result.
        """
        if target.suffix not in SUFFIXES:
            text = "expected a result named .parquet or .csv"
            raise BadInput.one(At(str(target)), "", text)
        self.target, self.rejects = target, rejects
        self._names = (target, rejects)
        self._under_way = tuple(path.with_name(path.name + ".part") for path in self._names)
        try:
            self._parts: Parts = (CsvParts if target.suffix == ".csv" else ParquetParts)(schema)
        except BadValue as error:
            raise BadInput.one(At(str(target)), "", str(error)) from None
        self._full = False
        named = zip(self._under_way, self._names, strict=True)
        held = [path if path.exists() else name for path, name in named]
        self._journal = Journal(target.with_name(target.name + ".journal"), held)
        was = self._journal.of
        self.changed = [] if was is None else _changed(was, of)
        self.resumed = bool(self._journal.parts) and not self.changed
        self.complete = self.resumed and self.place == DONE
        if not self.complete and held != [*self._under_way]:
            self.resumed = False
        try:
            self._files = self._opened(of)
        except OSError as error:
            self._journal.close()
            raise self._broken(error) from None

    def _opened(self, of: Mapping[str, object]) -> tuple[BinaryIO, ...]:
        if not self.resumed:
            self._journal.begin(of)
            beginnings = (self._parts.beginning(), lines_of([HEADER]))
            for path, beginning in zip(self._under_way, beginnings, strict=True):
                path.write_bytes(beginning)
            sums = tuple(map(zlib.crc32, beginnings))
            self._journal.add(Part((), (), tuple(map(len, beginnings)), sums, b""))
            return tuple(path.open("ab", buffering=0) for path in self._under_way)
        if self.complete:
            return ()
        self._journal.go_on()
        files = tuple(path.open("ab", buffering=0) for path in self._under_way)
        for file, end in zip(files, self._journal.parts[-1].ends, strict=True):
            file.truncate(end)
        return files

    @property
    def place(self) -> Place:
        """Where in the book the next part begins."""
        return self._journal.parts[-1].place

    def counts(self, kinds: int) -> Counts:
        """Sum the counts of the parts that stand."""
        found = np.zeros(kinds, dtype=np.int64)
        for part in self._journal.parts:
            found += part.counts or 0
        return found

    def add(self, rows: pa.Table, rejects: Iterable[Reject], counts: Counts, place: Place) -> None:
        """Add a part: rows of the result, rejects, and where in the book the next part begins.

        Raises BadInput where the disk is full; what stands is kept.
        """
        before = self._journal.parts[-1]
        number = sum(bool(part.note) for part in self._journal.parts)
        body, note = pa.py_buffer(b""), b""
        if rows.num_rows:
            body, note = self._parts.part(rows, before.ends[0], number)
        texts = (body, lines_of(entry.cells() for entry in rejects))
        try:
            for file, text in zip(self._files, texts, strict=True):
                _write(file, memoryview(text))
            ends = tuple(a + len(b) for a, b in zip(before.ends, texts, strict=True))
            sums = tuple(zlib.crc32(text) for text in texts)
            self._journal.add(Part(place, tuple(map(int, counts)), ends, sums, note))
        except OSError as error:
            raise self._broken(error) from None

    def _broken(self, error: OSError) -> BadInput:
        self._full = True
        # the place behind the ending is no row
        rows = max([1, *(part.place[0] for part in self._journal.parts if part.place)]) - 1
        text = f"cannot be written: {error.strerror}"
        if rows:
            text += f"; {rows:,} rows are done and kept: say the same again to go on"
        return BadInput.one(At(str(self.target)), "", text)

    def finish(self, rows: int) -> None:
        """Write the ending, and give the files their names."""
        try:
            if not self.complete:
                self._end(rows)
            for path, name in zip(self._under_way, self._names, strict=True):
                if path.exists():
                    path.replace(name)
        except OSError as error:
            raise self._broken(error) from None
        self._journal.remove()

    def _end(self, rows: int) -> None:
        last = self._journal.parts[-1]
        notes = [part.note for part in self._journal.parts if part.note]
        ending = self._parts.ending(notes, rows)
        _write(self._files[0], memoryview(ending))
        for file in self._files:
            os.fsync(file.fileno())
        ends, sums = (last.ends[0] + len(ending), last.ends[1]), (zlib.crc32(ending), 0)
        self._journal.add(Part(DONE, (0,) * len(last.counts), ends, sums, b""))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._files:
            file.close()
        # a book that cannot be read on has no use for its parts; a full disk and a stop have
        useless = isinstance(error, BadInput) and not self._full
        if useless or (kind is not None and len(self._journal.parts) == 1):
            for path in self._under_way:
                path.unlink(missing_ok=True)
            self._journal.remove()
        self._journal.close()


def _write(file: BinaryIO, text: memoryview) -> None:
    """Write all of it; an unbuffered file may take less at a time."""
    while text:
        text = text[file.write(text) :]


def _changed(was: Mapping[str, object], of: Mapping[str, object]) -> list[str]:
    """Name what is not the same."""
    return [name for name in dict.fromkeys([*was, *of]) if was.get(name) != of.get(name)]
