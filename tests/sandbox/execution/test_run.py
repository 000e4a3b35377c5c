"""Blocks of rows: every row once and in its place, whoever computes it; a stopped run ends soon."""

import re
from dataclasses import replace

import numpy as np
import pytest

from product_factory.errors import BadValue
from sandbox.execution import Execution, blocks, fingerprint, run_task
from sandbox.execution.sizes import MOST_BLOCKS, rows_in_block
from tests.sandbox.execution.counting import Counting, expected


def same(found, due):
    return found.keys() == due.keys() and all(
        found[name].tobytes() == due[name].tobytes() and found[name].shape == due[name].shape
        for name in due
    )


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("rows", "size"), [(1, 256), (256, 256), (1000, 7), (50, 1)])
def test_every_row_is_computed_once_and_stands_in_its_place(threads, rows, size):
    done = []
    task = Counting()
    found = run_task(task, rows, Execution.on(threads, size, done.append))
    assert same(found, expected(rows))
    assert sorted(task.seen) == [tuple(part) for part in blocks(rows, size)]
    assert sum(done) == rows
    assert len(done) == len(task.seen)


@pytest.mark.parametrize("threads", [1, 2])
def test_an_interrupted_run_drops_the_blocks_that_wait(threads):
    task = Counting(fails=(0,))
    with pytest.raises(KeyboardInterrupt):
        run_task(task, 100_000, Execution.on(threads, 1))
    assert len(task.seen) < 100


def test_a_block_is_some_seconds_of_work_and_there_are_not_too_many():
    class Heavy(Counting):
        work = 1 << 30

    assert rows_in_block(Heavy(), 10) == 1
    assert rows_in_block(Heavy(), 10_000_000) == 10_000_000 // MOST_BLOCKS
    assert rows_in_block(Counting(), 10) == rows_in_block(Counting(), 20) > 20


def test_a_fingerprint_tells_what_a_block_depends_on_and_nothing_else():
    task = Counting()
    task.seen.append((1, 2))
    assert fingerprint(task) == fingerprint(Counting())
    assert fingerprint(task) != fingerprint(replace(task, factor=np.nextafter(2.0, 3.0)))
    assert fingerprint(task) != fingerprint(replace(task, marks=(1,)))
    with pytest.raises(TypeError, match="expected what can be hashed, got set"):
        fingerprint(replace(task, marks={1}))


def test_arrays_of_another_type_or_shape_have_another_fingerprint():
    def of(array):
        return fingerprint(Counting(marks=(array,)))

    zeros = np.zeros(4)
    others = [zeros.astype(np.int64), zeros.reshape(2, 2), np.zeros(5), -zeros]
    assert len({of(array) for array in (zeros, *others)}) == 5
    assert of(zeros) == of(np.zeros((4, 2))[:, 0])


def test_rows_that_do_not_fit_are_refused_before_the_work_and_those_that_do_are_stated():
    task, told = Counting(), []
    with pytest.raises(BadValue, match=r"fits in 1\.00 MiB, got one of 1,000 rows, which takes"):
        run_task(task, 1_000, Execution(memory=1 << 20, tell=told.append))
    assert not task.seen
    run_task(task, 1_000, Execution(memory=1 << 40, tell=told.append))
    line, pace = told
    assert re.fullmatch(
        r"1,000 rows and 999 events in \S+ s: \S+ rows and \S+ events a second", pace
    )
    assert line.startswith("memory: at most ")
    assert line.endswith("of 1,024.00 GiB that may be taken")
