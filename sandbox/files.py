"""Files that are either whole or absent."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from product_factory.errors import At, BadInput


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


def write_whole(path: Path, content: bytes) -> None:
    """Write the file under another name beside it and rename it: a stop leaves old or new, whole.

    BadInput where the folder cannot be written to, the disk is full or a folder is in the way;
    what stood at `path` before then stands there still.
    """
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            part = Path(file.name)
            try:
                file.write(content)
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
