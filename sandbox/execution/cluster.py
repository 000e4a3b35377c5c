"""Blocks on a Dask cluster: one that listens at an address, or an embedded one of local processes.

A worker that is lost costs time: the scheduler gives its blocks to others. A block that brings down
worker after worker, or a scheduler that is gone, ends the run with a line; finished blocks stay in
the store.
"""

import logging
import os
import pickle
import re
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from math import inf
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from threading import current_thread, main_thread
from time import monotonic
from types import TracebackType
from typing import Any, Self

from product_factory.errors import At, BadInput
from sandbox.execution.task import Arrays, Block, Task
from sandbox.execution.worker import code, compute, loaded, taken

LOCAL = re.compile(r"local:([1-9]\d{0,2})")
ADDRESS = re.compile(r"(tcp|tls)://[^\s/]+:\d+")
AHEAD = 2
"""Blocks that are asked for at a time, for each thread of a worker."""
PATIENCE = 10
"""Seconds in which a scheduler answers, and has a worker."""
FETCH, NEAR = 60, 10
"""Seconds in which a block that is computed is handed over, by a worker anywhere and by one of this
machine; else it is asked for anew, since the library may wait for ever for one that was lost."""
ALONE = 120
"""Seconds that a run waits for a worker where there is none."""
CLOSING = 30
"""Seconds in which a cluster ends its workers; those that hang are killed."""
SMALL = 1 << 20
"""Bytes of a task that is sent with each block; a larger one is made once for each worker."""
NEWS = 10.0
"""Seconds after which a cluster may have another number of workers."""
MOST_LOSSES = 3
"""How many local workers a block may bring down, and any be lost with, before the run ends."""


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let no worker that is started meanwhile hear of Ctrl-C: who asked for them ends them."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@dataclass
class Cluster:
    """Workers of a Dask cluster, as a context: `local:N` starts N processes here and ends them.

    memory  bytes that all local workers together may take, None for no limit
    """

    address: str
    memory: float | None = None
    _client: Any = field(default=None, init=False, repr=False)
    _local: Any = field(default=None, init=False, repr=False)
    _room: TemporaryDirectory[str] | None = field(default=None, init=False, repr=False)
    _workers: int = field(default=1, init=False, repr=False)
    _since: float = field(default=-inf, init=False, repr=False)

    def __enter__(self) -> Self:
        """Connect. Raises BadInput for an address that is none or that does not answer."""
        local = LOCAL.fullmatch(self.address)
        if local is None and not ADDRESS.fullmatch(self.address):
            raise self._wrong(
                "expected local:N with N processes of this machine, or tcp://HOST:PORT"
            )
        distributed = self._library()
        try:
            where: Any = self.address
            if local is not None:
                where = self._local = self._started(distributed, int(local[1]))
                self._room = TemporaryDirectory(prefix="covercast-", ignore_cleanup_errors=True)
            self._client = distributed.Client(where, timeout=PATIENCE, set_as_default=False)
        except (OSError, TimeoutError) as error:
            self._close()
            text = f"expected a Dask scheduler that answers within {PATIENCE} seconds: {error}"
            raise self._wrong(text) from None
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            self._close()
            raise self._wrong(f"expected a worker within {PATIENCE} seconds, got none") from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the cluster; local workers end."""
        self._close()

    @property
    def workers(self) -> int:
        """How many blocks are computed at a time."""
        if monotonic() - self._since > NEWS:
            threads: dict[str, int] = self._client.nthreads()
            self._workers, self._since = max(1, sum(threads.values())), monotonic()
        return self._workers

    def map(self, task: Task, parts: Sequence[Block]) -> Iterator[tuple[Block, Arrays]]:
        """Give each block with its arrays, as they are finished.

        Raises BadInput where the scheduler is gone, or a block fails on worker after worker.
        """
        try:
            yield from self._finished(task, parts)
        except (OSError, TimeoutError):
            raise self._wrong("the scheduler is gone") from None

    def _finished(self, task: Task, parts: Sequence[Block]) -> Iterator[tuple[Block, Arrays]]:
        """Keep every worker busy; a block that is lost with its worker is asked for anew."""
        expected, packed = code(), pickle.dumps(task)
        folder = None if self._room is None else self._room.name
        made = self._made(packed)
        waiting, asked, losses = list(reversed(parts)), dict[Any, Block](), Counter[Block]()
        done = SimpleQueue[Any]()
        while waiting or asked:
            room = AHEAD * self.workers - len(asked)
            if waiting and room > 0:
                # all in one message: the next one is sent some hundredths of a second later
                next_ones = [waiting.pop() for _ in range(min(room, len(waiting)))]
                each = [(made, *part, expected, folder) for part in next_ones]
                jobs = self._client.map(compute, *zip(*each, strict=True), pure=False)
                asked.update(zip(jobs, next_ones, strict=True))
                for job in jobs:
                    job.add_done_callback(done.put)
            job = self._next(done)
            part = asked.pop(job)
            arrays = self._arrays(job, part)
            if arrays is not None:
                yield part, arrays
                continue
            losses[part] += 1
            if losses[part] == MOST_LOSSES:
                raise self._wrong(f"the block of {part.said} was lost with {MOST_LOSSES} workers")
            made = self._made(packed)
            waiting.append(part)

    def _made(self, packed: bytes) -> Any:  # noqa: ANN401 - a library's future, or bytes
        """Give what workers make the task of: itself if it is small, else a job that makes it.

        Its making is a job too: where every worker that has it is lost, it is made again.
        """
        if len(packed) <= SMALL:
            return packed
        return self._client.submit(loaded, packed, pure=False)

    def _next(self, done: SimpleQueue[Any]) -> Any:  # noqa: ANN401 - a library's future
        """Wait for the next job. BadInput where there has been no worker for long."""
        while True:
            try:
                return done.get(timeout=ALONE)
            except Empty:
                if not self._client.nthreads():
                    raise self._wrong(f"there has been no worker for {ALONE} seconds") from None

    def _arrays(self, job: Any, part: Block) -> Arrays | None:  # noqa: ANN401 - a library's future
        """Fetch what a job has computed; None where it is lost with the worker that had it.

        Raises BadInput where the job failed, ConnectionError where the scheduler is gone.
        """
        from distributed import KilledWorker  # noqa: PLC0415 - an extra, for those who ask

        if job.status != "error":
            try:
                arrays = taken(job.result(timeout=FETCH if self._room is None else NEAR))
            except Exception as error:
                # a job whose result was lost may have run again meanwhile, and failed
                if job.status != "error":
                    if self._client.status != "running":
                        raise ConnectionError from None
                    if isinstance(error, CancelledError | OSError | TimeoutError):
                        return None
                    raise
            else:
                return arrays
        failed = job.exception()
        if isinstance(failed, KilledWorker):
            lost = failed.allowed_failures + 1
            raise self._wrong(f"the block of {part.said} brought down {lost} workers")
        raise self._wrong(f"a worker failed at {part.said}: {type(failed).__name__}: {failed}")

    def _library(self) -> Any:  # noqa: ANN401 - a module
        try:
            import distributed  # noqa: PLC0415 - an extra, for those who ask
        except ModuleNotFoundError:
            text = "expected Dask to be installed: pip install 'covercast[cluster]'"
            raise self._wrong(text) from None
        for name in list(logging.root.manager.loggerDict):
            if name.partition(".")[0] == "distributed":
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what matters is raised
        return distributed

    def _started(self, distributed: Any, workers: int) -> Any:  # noqa: ANN401 - a module and its cluster
        """Start local workers, and a scheduler in this process."""
        import dask  # noqa: PLC0415 - an extra, for those who ask

        failures = {"distributed.scheduler.allowed-failures": MOST_LOSSES - 1}
        try:
            with dask.config.set(failures), _uninterrupted():
                return distributed.LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address="localhost:0",  # any port: another run may have the usual one
                    memory_limit=None if self.memory is None else int(self.memory / workers),
                    silence_logs=logging.CRITICAL,
                )
        except RuntimeError as error:
            raise self._wrong(f"expected {workers} processes to start here: {error}") from None

    def _close(self) -> None:
        processes = [] if self._local is None else list(self._local.workers.values())
        for one in (self._client, self._local):
            if one is not None:
                with suppress(TimeoutError):
                    one.close(timeout=CLOSING)
        for one in processes:  # one that hangs is not waited for
            if getattr(one, "pid", None):
                with suppress(OSError):
                    os.kill(one.pid, signal.SIGKILL)
        if self._room is not None:
            self._room.cleanup()
        self._client = self._local = self._room = None
        self._workers, self._since = 1, -inf  # another entering may find others

    def _wrong(self, text: str) -> BadInput:
        return BadInput.one(At(f"--cluster {self.address}"), "", text)
