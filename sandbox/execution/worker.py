"""What a worker of a cluster runs: it must be the same code, or it would not be the same bytes."""

import pickle
from functools import cache, lru_cache
from pathlib import Path
from uuid import uuid4

from product_factory.released import released
from rating.kernels.jit import salt
from sandbox.execution.task import Arrays, Task

LARGE = 1 << 20
"""Bytes of a block from which on a file is faster than a message."""


@cache
def code() -> tuple[str, str]:
    """Give what must be the same everywhere: the version, and the hash of all kernels."""
    return released(), salt()


def loaded(pickled: bytes) -> Task:
    """Make a large task, once for all blocks of a worker: what it gives is kept there."""
    task: Task = pickle.loads(pickled)  # noqa: S301 - from the one who asks, whose code is run anyway
    return task


@lru_cache(maxsize=1)
def _kept(pickled: bytes) -> Task:
    """Make a small task, which comes with each block: the last one is kept."""
    return loaded(pickled)


def compute(
    task: Task | bytes, first: int, last: int, expected: tuple[str, str], room: str | None = None
) -> Arrays | str:
    """Compute a block. Raises RuntimeError where this is another Covercast than that which asks.

    task  as it is, or what `loaded` makes it of
    room  a folder that both sides see: a large block is left there in a file, which is named
    """
    if code() != expected:
        raise RuntimeError(f"Covercast is {' '.join(code())} there, and {' '.join(expected)} here")
    arrays = (_kept(task) if isinstance(task, bytes) else task).block(first, last)
    if room is None or sum(array.nbytes for array in arrays.values()) < LARGE:
        return arrays
    path = Path(room) / f"{first}-{uuid4().hex}"
    try:
        with path.open("wb") as file:
            pickle.dump(arrays, file, protocol=5)
    except OSError:  # a full disk: the message does
        path.unlink(missing_ok=True)
        return arrays
    return str(path)


def taken(found: Arrays | str) -> Arrays:
    """Give the arrays that `compute` gave, or left in a file, which is removed."""
    if not isinstance(found, str):
        return found
    path = Path(found)
    with path.open("rb") as file:
        arrays: Arrays = pickle.load(file)  # noqa: S301 - of a process that was started here
    path.unlink()
    return arrays
