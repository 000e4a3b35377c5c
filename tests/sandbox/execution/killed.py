"""Kill a run twenty times at random moments, then let it end: `python -m … NAME FOLDER THREADS`.

This process has one thread, so that it may fork; a child is killed as `kill -9` does, somewhere
between two blocks or while one is computed or written. Prints what the test wants to know.
"""

import itertools
import os
import random
import select
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sandbox.business.write import business_contents
from sandbox.execution import Execution, Store
from sandbox.execution.threads import Threads
from sandbox.files import in_memory
from sandbox.run import simulate
from tests.sandbox.business.mixed import TWO, made
from tests.sandbox.shipped import product, small

KILLS, BLOCK, ROWS, SEED = 20, 2, 240, 5
BUSINESS = "business"
"""In the place of a product: two of them, of half as many years each."""
PAUSE = 0.02
"""Seconds, at most, after a block, until the child is killed."""
MOST = 5
"""New blocks after which a child waits to be killed, so that twenty leave work for the last."""


def run(name: str, execution: Execution) -> tuple[dict[str, bytes], Callable[[], None]]:
    """Give the data files, and what removes the blocks."""
    if name == BUSINESS:
        whole = made(TWO, years=ROWS // 2, execution=execution)
        files = {name: in_memory(content) for name, content in business_contents(whole).items()}
        return files, execution.finish
    alone = simulate(product(name), small(name), years=ROWS, seed=SEED, execution=execution)
    return alone.data(), execution.finish


def kept(folder: Path) -> list[Path]:
    """Give the files of the blocks that are finished."""
    return sorted(folder.rglob("[0-9]*.npz"))


def child(name: str, folder: Path, threads: int, finished: Callable[[], None]) -> None:
    """Run with a store in a process of its own; say each block that is finished."""
    seen = itertools.count(1)
    enough = len(kept(folder)) + MOST

    def step(_rows: int) -> None:
        finished()
        if next(seen) == enough:
            signal.pause()

    store = Store(folder)
    run(name, Execution(Threads(threads), store, block=BLOCK, progress=step))


def killed(name: str, folder: Path, threads: int, dice: random.Random) -> None:
    """Let a child compute a few new blocks, and kill it."""
    wanted = len(kept(folder)) + dice.randint(0, 3)
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        child(name, folder, threads, lambda: os.write(writing, b".") and None)
        os._exit(0)
    os.close(writing)
    seen = 0
    while seen < wanted and (more := os.read(reading, wanted - seen)):
        seen += len(more)
    time.sleep(dice.uniform(0.0, PAUSE))
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    select.select([reading], [], [])  # the pipe is closed: the child is gone
    os.close(reading)


def main(name: str, folder: Path, threads: int) -> None:
    plain, _ = run(name, Execution())
    dice = random.Random(SEED)  # noqa: S311 - a moment needs no secret
    for _ in range(KILLS):
        killed(name, folder, threads, dice)
    left = kept(folder)
    told: list[str] = []
    store = Store(folder)
    how = Execution(Threads(threads), store, block=BLOCK, tell=told.append)
    again, finish = run(name, how)
    taken = [line.split()[:3:2] for line in told if "are taken" in line]
    some, all_ = (sum(map(int, numbers)) for numbers in zip(*taken, strict=True))
    finish()
    store.clear()
    said = "same" if again == plain else "DIFFERENT"
    print(f"{len(left)} left; {some} of {all_} blocks are taken; {said}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
