"""Finished blocks are kept, taken again, never trusted blindly, and never lost."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from product_factory.errors import BadInput
from sandbox.execution import Execution, Store, run_task
from tests.sandbox.execution.counting import Counting, expected
from tests.sandbox.execution.test_run import same

ROWS, SIZE = 100, 7
INPUTS = {"product": "home", "seed": "1"}


def run(folder, task=None, told=None, *, inputs=INPUTS, rows=ROWS, threads=1):
    tell = [].append if told is None else told.append
    on = Execution.on(threads, SIZE)
    store = Store(folder)
    how = Execution(on.executor, store, memory=1 << 40, block=SIZE, tell=tell)
    try:
        return run_task(task or Counting(), rows, how, inputs=inputs), store
    finally:
        store.close()


def stopped(folder, row=50, told=None):
    """Leave the blocks that come before a row."""
    with pytest.raises(KeyboardInterrupt):
        run(folder, Counting(fails=(row,)), told)


def kept(folder):
    return sorted(Path(folder).rglob("[0-9]*.npz"))


def test_a_stopped_run_goes_on_from_its_finished_blocks(tmp_path):
    told = []
    stopped(tmp_path, told=told)
    assert len(kept(tmp_path)) == 50 // SIZE
    assert told[-1] == (
        f"7 finished blocks are kept in {tmp_path}: the same command goes on from them"
    )
    task, told = Counting(), []
    found, _ = run(tmp_path, task, told)
    assert same(found, expected(ROWS))
    assert min(first for first, _ in task.seen) == 49
    assert f"7 of 15 blocks are taken from {tmp_path}" in told[1]


def test_a_run_whose_results_are_written_leaves_no_blocks(tmp_path):
    folder = tmp_path / "blocks"
    stopped(folder)
    store = Store(folder)
    run_task(Counting(), ROWS, Execution(store=store, block=SIZE), inputs=INPUTS)
    assert len(kept(folder)) == 15
    store.clear()
    assert not folder.exists()


def test_a_run_that_was_stopped_in_its_second_pass_knows_its_own_blocks(tmp_path):
    """Run-offs by policy year are a second pass of one run, with a key of its own."""
    folder, then = tmp_path / "blocks", {**INPUTS, "by": "policy_year"}

    def both(second, told):
        store = Store(folder)
        how = Execution(store=store, block=SIZE, tell=told.append)
        try:
            run_task(Counting(), ROWS, how, inputs=INPUTS)
            return run_task(second, ROWS, how, inputs=then), store
        finally:
            store.close()

    with pytest.raises(KeyboardInterrupt):
        both(Counting(fails=(50,)), [])
    assert len(kept(folder)) == 15 + 7
    task, told = Counting(), []
    found, _ = both(task, told)
    assert same(found, expected(ROWS))
    assert min(first for first, _ in task.seen) == 49
    assert not [line for line in told if "another run" in line]
    store = Store(folder)
    how = Execution(store=store, block=SIZE)
    for inputs in (INPUTS, then):
        run_task(Counting(), ROWS, how, inputs=inputs)
    store.clear()
    assert not folder.exists()


def test_more_rows_take_the_whole_blocks_of_fewer(tmp_path):
    run(tmp_path, rows=50)
    task = Counting()
    found, _ = run(tmp_path, task, rows=ROWS)
    assert same(found, expected(ROWS))
    assert min(first for first, _ in task.seen) == 49


@pytest.mark.parametrize("damage", [b"", b"\n", b"no hash\nnor arrays", "half", "bit"])
def test_a_damaged_block_is_computed_again_and_told(tmp_path, damage):
    stopped(tmp_path)
    victim = kept(tmp_path)[2]
    content = bytearray(victim.read_bytes())
    if damage == "half":
        content = content[: len(content) // 2]
    elif damage == "bit":
        content[-20] ^= 1
    else:
        content = damage
    victim.write_bytes(bytes(content))
    task, told = Counting(), []
    found, _ = run(tmp_path, task, told)
    assert same(found, expected(ROWS))
    assert task.seen[0] == (14, 21)
    assert "1 damaged block is computed again" in told


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"inputs": {"product": "home", "seed": "2"}}, "seed was 1, and is 2"),
        ({"inputs": {"product": "home"}}, "seed was 1, and is none"),
        ({"task": Counting(3.0)}, "the code is another"),
    ],
)
def test_blocks_of_other_inputs_are_told_left_alone_and_not_taken(tmp_path, change, why):
    stopped(tmp_path)
    before = kept(tmp_path)
    task, told = change.pop("task", Counting()), []
    found, _ = run(tmp_path, task, told, **change)
    assert same(found, expected(ROWS, task.factor))
    (line,) = (line for line in told if "of another run" in line)
    assert line == (
        f"{before[0].parent}: holds 7 finished blocks of another run ({why}); "
        "remove it if it is not wanted"
    )
    assert set(before) < set(kept(tmp_path))


def test_two_processes_are_not_at_one_run_at_a_time(tmp_path):
    class Twice(Counting):
        def block(self, first, last):
            with pytest.raises(BadInput, match="another process is at this very run"):
                run(tmp_path, Twice())
            return super().block(first, last)

    found, _ = run(tmp_path, Twice(), rows=SIZE)
    assert same(found, expected(SIZE))


def test_a_full_disk_loses_nothing_that_was_finished(tmp_path, monkeypatch):
    real, left = os.fsync, [5]

    def full(file):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(file)

    monkeypatch.setattr(os, "fsync", full)
    told = []
    with pytest.raises(BadInput, match=r"npz: expected to write this file, got: No space left"):
        run(tmp_path, told=told)
    assert len(kept(tmp_path)) == 4  # the fifth file says what the run is made of
    assert told[-1].startswith("4 finished blocks are kept in")
    monkeypatch.undo()
    task = Counting()
    found, _ = run(tmp_path, task)
    assert same(found, expected(ROWS))
    assert len(task.seen) == 11


def test_a_folder_that_vanishes_or_cannot_be_written_stops_the_run_with_its_place(tmp_path):
    class Vandal(Counting):
        def block(self, first, last):
            if first == 49:
                shutil.rmtree(tmp_path / "blocks")
            return super().block(first, last)

    with pytest.raises(BadInput, match=r"00000049-00000056.npz: expected to write this file"):
        run(tmp_path / "blocks", Vandal())
    (tmp_path / "file").write_text("a file")
    with pytest.raises(BadInput, match="a path that is or leads through a file"):
        run(tmp_path / "file" / "blocks")
