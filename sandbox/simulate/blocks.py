"""The same blocks of rows on any number of threads: a row is computed whole by one of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

ROWS_IN_BLOCK = 256


def blocks(rows: int, size: int = ROWS_IN_BLOCK) -> list[tuple[int, int]]:
    """Cut rows into blocks (first, last)."""
    return [(first, min(first + size, rows)) for first in range(0, rows, size)]


def run_blocks(
    work: Callable[[int, int], None],
    rows: int,
    threads: int,
    size: int = ROWS_IN_BLOCK,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Call `work(first, last)` for every block; each writes rows of its own and nothing else.

    progress  called with the number of rows that a block has finished
    """
    parts = blocks(rows, size)
    if threads == 1:
        for first, last in parts:
            work(first, last)
            if progress is not None:
                progress(last - first)
        return
    with ThreadPoolExecutor(threads) as pool:
        jobs = [(pool.submit(work, first, last), last - first) for first, last in parts]
        try:
            for job, size_done in jobs:
                job.result()
                if progress is not None:
                    progress(size_done)
        except BaseException:
            # whoever stops the run, or a block that fails, need not wait for all the others
            pool.shutdown(wait=False, cancel_futures=True)
            raise
