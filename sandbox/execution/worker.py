"""What a worker of a cluster runs: it must be the same code, or it would not be the same bytes."""

import pickle
from functools import cache, lru_cache

from product_factory.released import released
from rating.kernels.jit import salt
from sandbox.execution.task import Arrays, Task


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


def compute(task: Task | bytes, first: int, last: int, expected: tuple[str, str]) -> Arrays:
    """Compute a block. Raises RuntimeError where this is another Covercast than that which asks.

    task  as it is, or what `loaded` makes it of
    """
    if code() != expected:
        raise RuntimeError(f"Covercast is {' '.join(code())} there, and {' '.join(expected)} here")
    return (_kept(task) if isinstance(task, bytes) else task).block(first, last)
