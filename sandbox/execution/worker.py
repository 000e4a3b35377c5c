"""What a worker of a cluster runs: it must be the same code, or it would not be the same bytes."""

import pickle
from functools import cache

from product_factory.released import released
from rating.kernels.jit import salt
from sandbox.execution.task import Arrays, Task


@cache
def code() -> tuple[str, str]:
    """Give what must be the same everywhere: the version, and the hash of all kernels."""
    return released(), salt()


def loaded(pickled: bytes) -> Task:
    """Make the task once for all blocks of a worker."""
    task: Task = pickle.loads(pickled)  # noqa: S301 - from the one who asks, whose code is run anyway
    return task


def compute(task: Task | bytes, first: int, last: int, expected: tuple[str, str]) -> Arrays:
    """Compute a block. Raises RuntimeError where this is another Covercast than that which asks.

    task  as it is, or what `loaded` makes it of
    """
    if code() != expected:
        raise RuntimeError(f"Covercast is {' '.join(code())} there, and {' '.join(expected)} here")
    return (loaded(task) if isinstance(task, bytes) else task).block(first, last)
