"""Finished blocks in a folder, so that a run that was stopped goes on from them.

Each run has a folder of its own below, named by the hash of all that its figures depend on: what is
found there is of the very same run. What a run computes behind its first pass, such as policy
years, stands below the folder of that. A block is written whole under another name and renamed; its
file begins with the SHA-256 of the rest, so that a damaged one is computed again.
"""

import fcntl
import hashlib
import io
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from product_factory.errors import At, BadInput
from sandbox.execution.task import Arrays, Block
from sandbox.files import ready, write_whole

INPUTS = "inputs.json"
LOCK = "lock"
MOST_BYTES = 1_000_000
KEY_DIGITS = 16


class Store:
    """A folder of finished blocks; `open` before all else.

    damaged  how many blocks were there and are not what their hash says
    rows     of the blocks that were taken
    """

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is made before `open`."""
        self.folder = folder
        self.damaged = 0
        self.rows = 0
        self._opened: dict[str, IO[bytes]] = {}
        self._parts: dict[str, Store] = {}
        self._place = folder

    def part(self, name: str) -> "Store":
        """Give the store of a part of the run, one below this one, which is let go of with it."""
        return self._parts.setdefault(name, Store(self.folder / name))

    def open(self, key: str, inputs: Mapping[str, str]) -> list[str]:
        """Begin or go on with the run of this key; tell what other runs have left here.

        inputs  what the key was made of, by names that a person knows

        Raises BadInput where the folder cannot be written to, or another process is at this run.
        """
        self._place = ready(self._folder_of(key))
        if key not in self._opened:
            self._opened[key] = self._locked()
        text = json.dumps(dict(inputs), sort_keys=True, indent=2, ensure_ascii=False)
        write_whole(self._place / INPUTS, f"{text}\n".encode())
        return [self._other(place, inputs) for place in self._others()]

    def take(self, block: Block) -> Arrays | None:
        """Give a block that is finished; None where it is not there, or damaged."""
        path = self._path(block)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise BadInput.one(At(str(path)), "", f"cannot be read: {error.strerror}") from None
        seal, _, rest = content.partition(b"\n")
        if hashlib.sha256(rest).hexdigest().encode() != seal:
            self.damaged += 1
            return None
        self.rows += block.rows
        with np.load(io.BytesIO(rest), allow_pickle=False) as arrays:
            return dict(arrays)

    def keep(self, block: Block, arrays: Arrays) -> None:
        """Write a block that is finished. Raises BadInput where that cannot be."""
        file = io.BytesIO()
        # numpy's own parameters are none of the names of arrays
        np.savez(file, **arrays)  # type: ignore[arg-type]
        rest = file.getvalue()
        write_whole(self._path(block), hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest)

    def taken(self) -> float:
        """Give how many rows have been taken; of a run of several parts, of one in the mean."""
        parts = [part.rows for part in self._parts.values()]
        return self.rows + (sum(parts) / len(parts) if parts else 0.0)

    def finished(self) -> int:
        """Give how many blocks of the open run are finished."""
        return _finished(self._place)

    def close(self) -> None:
        """Let go of the folder; what is finished stays."""
        for part in self._parts.values():
            part.close()
        for lock in self._opened.values():
            lock.close()
        self._opened.clear()

    def clear(self) -> None:
        """Remove the blocks of the run that was opened, for its results are written."""
        for part in self._parts.values():
            part.clear()
        if self._opened:
            shutil.rmtree(self._run(), ignore_errors=True)
        self.close()
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def _run(self) -> Path:
        """Give the folder of the run: of what was opened first."""
        return self.folder / next(iter(self._opened))[:KEY_DIGITS]

    def _folder_of(self, key: str) -> Path:
        run = self._run() if self._opened else self.folder
        return run if self._opened and key == next(iter(self._opened)) else run / key[:KEY_DIGITS]

    def _path(self, block: Block) -> Path:
        return self._place / f"{block.first:08}-{block.last:08}.npz"

    def _locked(self) -> IO[bytes]:
        """Hold the folder for this process; the system lets go of it however that ends."""
        path = self._place / LOCK
        try:
            file = path.open("wb")
        except OSError as error:
            text = f"expected to write this file, got: {error.strerror}"
            raise BadInput.one(At(str(path)), "", text) from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            text = "another process is at this very run; wait for it, or name another folder"
            if not isinstance(error, BlockingIOError):
                text = f"expected a folder that can be locked, got: {error.strerror}"
            raise BadInput.one(At(str(self._place)), "", text) from None
        return file

    def _others(self) -> list[Path]:
        own = self._run()
        found = (place for place in self.folder.iterdir() if place != own)
        return sorted(place for place in found if place.is_dir() and _finished(place))

    def _other(self, place: Path, inputs: Mapping[str, str]) -> str:
        """Say how another run differs; its blocks stay, for they were work."""
        then = _read(place / INPUTS)
        names = sorted({*then, *inputs})
        moved = [
            f"{name} was {then.get(name) or 'none'}, and is {inputs.get(name) or 'none'}"
            for name in names
            if (then.get(name) or "") != (inputs.get(name) or "")
        ]
        why = "; ".join(moved) or "the code is another"
        count = f"{_finished(place):,} finished blocks"
        return f"{place}: holds {count} of another run ({why}); remove it if it is not wanted"


def _finished(place: Path) -> int:
    return sum(1 for _ in place.glob("[0-9]*.npz"))


def _read(path: Path) -> Mapping[str, Any]:
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
