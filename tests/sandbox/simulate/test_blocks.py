"""Blocks of rows on threads: every row once, and an interrupted run ends soon."""

import pytest

from sandbox.simulate.blocks import blocks, run_blocks


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("rows", "size"), [(1, 256), (256, 256), (1000, 7)])
def test_every_row_is_worked_once(threads, rows, size):
    seen = [0] * rows

    def work(first, last):
        for row in range(first, last):
            seen[row] += 1

    done = []
    run_blocks(work, rows, threads, size, done.append)
    assert seen == [1] * rows
    assert sum(done) == rows
    assert len(done) == len(blocks(rows, size))


def test_an_interrupted_run_drops_the_blocks_that_wait():
    seen = []

    def work(first, _last):
        seen.append(first)
        if first == 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_blocks(work, 100_000, 2, 1)
    assert len(seen) < 100_000
