"""Files that are either whole or absent."""

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TypeAlias

from product_factory.errors import At, BadInput

Content: TypeAlias = bytes | Callable[[IO[bytes]], None]
"""Bytes, or what writes them piece by piece, where all at once would take too much memory."""


class Hashing(io.RawIOBase):
    """Takes bytes, hands them on where there is a file to hand them to, and hashes them."""

    def __init__(self, file: IO[bytes] | None = None) -> None:
        """Begin with nothing."""
        super().__init__()
        self._file = file
        self._digest = hashlib.sha256()
        self._size = 0

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def tell(self) -> int:
        """Give how many bytes came."""
        return self._size

    def write(self, given: object, /) -> int:
        """Take bytes."""
        piece = memoryview(given)  # type: ignore[arg-type]
        self._digest.update(piece)
        if self._file is not None:
            self._file.write(piece)
        self._size += piece.nbytes
        return piece.nbytes

    def take(self, content: Content) -> str:
        """Take all of a content; give the SHA-256."""
        if isinstance(content, bytes):
            self.write(content)
        else:
            content(self)  # type: ignore[arg-type]
        return self._digest.hexdigest()


def sha256(content: Content) -> str:
    """Give the SHA-256 of a content, without keeping its bytes."""
    return Hashing().take(content)


def in_memory(content: Content) -> bytes:
    """Give all bytes of a content."""
    if isinstance(content, bytes):
        return content
    file = io.BytesIO()
    content(file)
    return file.getvalue()


def ready(folder: Path) -> Path:
    """Give the folder, made if need be; BadInput where nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        text = "expected a folder for results, got a path that is or leads through a file"
        raise BadInput.one(At(str(folder)), "", text) from None
    except OSError as error:
        text = f"expected a folder that can be made, got: {error.strerror}"
        raise BadInput.one(At(str(folder)), "", text) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput.one(At(str(folder)), "", "expected a folder that can be written to")
    return folder


def write_whole(path: Path, content: Content) -> str:
    """Write the file under another name beside it and rename it: a stop leaves old or new, whole.

    Gives the SHA-256 of what was written.

    BadInput where the folder cannot be written to, the disk is full or a folder is in the way;
    what stood at `path` before then stands there still.
    """
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            part = Path(file.name)
            try:
                digest = Hashing(file).take(content)
                file.flush()
                os.fsync(file.fileno())
                part.chmod(0o644)  # a temporary file is its owner's alone; a result is not
                part.replace(path)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
    except OSError as error:
        text = f"expected to write this file, got: {error.strerror}"
        raise BadInput.one(At(str(path)), "", text) from None
    return digest
