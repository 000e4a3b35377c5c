"""What of a result is finished, beside it, so that a stopped run can go on: `OUT.journal`.

The first line says what is being made; every line below tells of a part: where its block of the
book ends, where its bytes end and what their checksum is, and the counts so far; and the checksum
of the line itself. A line that was cut off or changed, or whose bytes are not there, tells of
nothing, and nor do those behind it.
"""

import fcntl
import json
import os
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from product_factory.errors import At, BadInput

STRETCH = 1 << 20


@dataclass(frozen=True)
class Part:
    """A finished part.

    place   where in the book the next part begins
    counts  of rows by what became of them, of this part
    ends    bytes of the result and of the rejects up to the end of the part
    sums    CRC-32 of the bytes of the part, in each
    note    for the ending of the result
    """

    place: tuple[int, ...]
    counts: tuple[int, ...]
    ends: tuple[int, ...]
    sums: tuple[int, ...]
    note: bytes

    def line(self) -> bytes:
        """Write it as a line."""
        told = json.dumps({**vars(self), "note": b64encode(self.note).decode()}).encode()
        return b"%s %08x\n" % (told, zlib.crc32(told))

    @classmethod
    def read(cls, line: bytes) -> Self:
        """Read a line. Raises ValueError for one that was cut off or changed."""
        said, _, checksum = line.rpartition(b" ")
        if checksum != b"%08x\n" % zlib.crc32(said):
            raise ValueError("expected a line that ends with its checksum")
        told = json.loads(said)
        names = ("place", "counts", "ends", "sums")
        found = {name: tuple(int(number) for number in told[name]) for name in names}
        return cls(**found, note=b64decode(told["note"]))


class Journal:
    """An open journal; no other run can hold the same.

    of     what the earlier run was making; None where there was none
    parts  that it had finished, as far as their bytes are there
    """

    def __init__(self, path: Path, held: Sequence[Path]) -> None:
        """Open it and read what it tells of the files that it holds.

        Raises BadInput when another run holds it, or it cannot be written.
        """
        self.path = path
        try:
            self._file = _locked(path)
        except OSError as error:
            raise BadInput.one(At(str(path)), "", f"cannot be written: {error.strerror}") from None
        first, *lines = self._file.read().splitlines(keepends=True) or [b""]
        self.of = _mapping(first)
        self.parts = _whole(lines, held) if self.of else []

    def begin(self, of: Mapping[str, object]) -> None:
        """Say what is being made, and forget what was."""
        self.of, self.parts = dict(of), []
        self._rewrite()

    def go_on(self) -> None:
        """Forget what is behind the last whole part."""
        self._rewrite()

    def _rewrite(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._file.write(json.dumps(self.of).encode() + b"\n")
        self._file.writelines(part.line() for part in self.parts)
        self._file.flush()

    def add(self, part: Part) -> None:
        """Tell of a part whose bytes stand."""
        self._file.write(part.line())
        self._file.flush()
        self.parts.append(part)

    def remove(self) -> None:
        """Delete it."""
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let others have it."""
        self._file.close()


def _locked(path: Path) -> BinaryIO:
    while True:
        file = path.open("a+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            text = "another run is writing this result; wait until it is done"
            raise BadInput.one(At(str(path)), "", text) from None
        # the run that held it until now may have finished, and deleted it
        if path.exists() and path.stat().st_ino == os.fstat(file.fileno()).st_ino:
            file.seek(0)
            return file
        file.close()


def _mapping(line: bytes) -> dict[str, object] | None:
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) and line.endswith(b"\n") else None


def _whole(lines: Sequence[bytes], held: Sequence[Path]) -> list[Part]:
    """Give the parts in order, up to the first that is cut off or whose bytes are others."""
    found: list[Part] = []
    starts = [0] * len(held)
    for line in lines:
        try:
            part = Part.read(line)
        except ValueError:
            break
        spans = zip(held, starts, part.ends, part.sums, strict=True)
        if not all(_checksum(path, start, end) == total for path, start, end, total in spans):
            break
        found.append(part)
        starts = list(part.ends)
    return found


def _checksum(path: Path, start: int, end: int) -> int | None:
    """Give the CRC-32 of a stretch of a file, or None where it ends before."""
    total = 0
    try:
        with path.open("rb") as file:
            file.seek(start)
            while start < end and (block := file.read(min(STRETCH, end - start))):
                total = zlib.crc32(block, total)
                start += len(block)
    except OSError:
        return None
    return total if start == end else None
