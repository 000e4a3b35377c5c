"""An execution as the command line asks for it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from sandbox.execution.cluster import Cluster
from sandbox.execution.execution import Execution, Executor, silent
from sandbox.execution.memory import bytes_of
from sandbox.execution.store import Store
from sandbox.execution.threads import Threads

BLOCKS = ".blocks"
"""Where blocks are kept in the folder of results, until they are written."""


@contextmanager
def opened(
    threads: int,
    cluster: str | None,
    memory: str | None,
    kept: Path | None,
    progress: Callable[[int], None] | None = None,
    tell: Callable[[str], None] = silent,
    warn: Callable[[str], None] = silent,
) -> Iterator[Execution]:
    """Give an execution; its cluster and its store are let go of at the end.

    cluster  address of a scheduler, or local:N, in place of threads
    memory   a size such as 2G;  kept: where finished blocks are kept, None for nowhere

    Raises BadInput for a cluster that does not answer, BadValue for a size that is none.
    """
    allowed = None if memory is None else float(bytes_of(memory))
    with ExitStack() as stack:
        executor: Executor = Threads(threads)
        if cluster is not None:
            executor = stack.enter_context(Cluster(cluster, allowed))
        store = None if kept is None else stack.enter_context(closing(Store(kept)))
        yield Execution(executor, store, allowed, progress=progress, tell=tell, warn=warn)
