"""Before a long run its time is forecast, for its first block may take hours."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from sandbox.execution import Execution
from sandbox.execution.pace import duration
from sandbox.execution.run import run_task
from sandbox.execution.sizes import WORK_IN_BLOCK, seconds_of


@dataclass(frozen=True)
class Claimed:
    """A task that says how much work a row is, and does none."""

    work: int
    row_bytes: int = 8
    by_row: tuple[str, ...] = ("found",)
    counted: tuple[str, ...] = ()

    def block(self, first, last):
        return {"found": np.zeros(last - first)}


def said(work, rows):
    lines = []
    execution = replace(Execution.on(2, block=rows), warn=lines.append)
    run_task(Claimed(work), rows, execution)
    return lines


def test_a_long_run_is_told_before_the_work():
    (line,) = said(148_000_000, 20_000)
    assert line == (
        "a long run: 1.48e+08 steps of work in each of 20,000 rows, roughly 12 days on 2 threads; "
        "fewer years, or fewer policies, take less"
    )


def test_a_run_of_minutes_says_nothing():
    assert said(2_000, 20_000) == []


def test_more_threads_or_fewer_rows_take_less():
    task = Claimed(WORK_IN_BLOCK)
    assert seconds_of(task, 10, 1) == 2 * seconds_of(task, 10, 2) == 2 * seconds_of(task, 5, 1)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1.0 seconds"),
        (1_500.0, "25 minutes"),
        (7_200.0, "2.0 hours"),
        (172_800.0, "2.0 days"),
        (3.2e9, "37,037 days"),
    ],
)
def test_a_time_is_said_in_a_unit_that_fits(seconds, words):
    assert duration(seconds) == words
