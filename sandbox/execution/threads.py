"""Blocks on threads of this process: kernels release the lock of the interpreter."""

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from product_factory.numbers.domains import require
from sandbox.execution.task import Arrays, Block, Task

AHEAD = 2
"""Blocks that are asked for at a time, for each thread: what is finished takes memory."""


@dataclass(frozen=True)
class Threads:
    """So many threads of this process."""

    workers: int = 1

    def __post_init__(self) -> None:
        """Refuse to have nobody who works."""
        require("threads", self.workers, "1 or more", holds=self.workers >= 1)

    def map(self, task: Task, parts: Sequence[Block]) -> Iterator[tuple[Block, Arrays]]:
        """Give each block with its arrays, as they are finished."""
        if self.workers == 1:
            for part in parts:
                yield part, task.block(part.first, part.last)
            return
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                yield from self._finished(pool, task, parts)
            except BaseException:
                # whoever stops the run, or a block that fails, need not wait for all the others
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _finished(
        self, pool: ThreadPoolExecutor, task: Task, parts: Sequence[Block]
    ) -> Iterator[tuple[Block, Arrays]]:
        asked: dict[Future[Arrays], Block] = {}
        waiting = iter(parts)
        while True:
            while len(asked) < AHEAD * self.workers and (part := next(waiting, None)) is not None:
                asked[pool.submit(task.block, part.first, part.last)] = part
            if not asked:
                return
            done, _ = wait(asked, return_when=FIRST_COMPLETED)
            for job in sorted(done, key=asked.__getitem__):
                yield asked.pop(job), job.result()
