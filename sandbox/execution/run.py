"""Run a task: take the blocks that are finished, compute the others, put all in their places."""

import hashlib
import json
from collections.abc import Callable, Mapping

from product_factory.errors import BadValue
from sandbox.execution.execution import Execution
from sandbox.execution.memory import peak, resident, said
from sandbox.execution.pace import Pace, duration
from sandbox.execution.sizes import rows_in_block, seconds_of
from sandbox.execution.store import Store
from sandbox.execution.task import Arrays, Block, Task, blocks, fingerprint
from sandbox.execution.whole import Whole
from sandbox.execution.worker import code

LATER = 512 << 20
"""Bytes of what is loaded or compiled after this: kernels, measures, files, plots."""
BESIDES = 88
"""Bytes that they take of each row: a figure, its parts, its order, its deviations."""


LONG = 1_200.0
"""Seconds beyond which a forecast of the time is told before the work."""


class TooManyRows(BadValue):
    """The rows of a run do not fit in memory."""


Watch = Callable[[Arrays, int], None]


def run_task(
    task: Task,
    rows: int,
    execution: Execution,
    *,
    inputs: Mapping[str, str] | None = None,
    watch: Watch | None = None,
) -> Arrays:
    """Give the arrays of all rows, the same to the bit for any execution.

    inputs  what the task was made of, by names that a person knows
    watch   called with the arrays of each block and how many rows it has; raises to stop the run

    Raises TooManyRows where they do not fit in memory, and BadInput where a block cannot be kept or
    computed. Blocks that were finished are kept in the store, however the run ends.
    """
    _state_memory(task, rows, execution)
    _warn_of_time(task, rows, execution)
    parts = blocks(rows, execution.block or rows_in_block(task, rows))
    whole = Whole(task.by_row, rows)
    store = execution.store

    def place(block: Block, arrays: Arrays) -> None:
        if watch is not None:
            watch(arrays, block.rows)
        whole.place(block, arrays)
        if execution.progress is not None:
            execution.progress(block.rows)

    if store is not None:
        for line in store.open(_key(task, inputs or {}), inputs or {}):
            execution.tell(line)
        parts = _left(store, parts, execution, place)
    pace = Pace(task.counted)
    try:
        for block, arrays in execution.executor.map(task, parts):
            if store is not None:
                store.keep(block, arrays)
            pace.count(block, arrays)
            place(block, arrays)
    except BaseException:
        if store is not None and store.finished():
            kept = f"{store.finished():,} finished blocks are kept in {store.folder}"
            execution.tell(f"{kept}: the same command goes on from them")
        raise
    execution.tell(pace.told())
    return whole.arrays()


def _key(task: Task, inputs: Mapping[str, str]) -> str:
    """Give the hash of all that a block depends on: its task, the code, the versions."""
    parts = (fingerprint(task), *code(), json.dumps(dict(inputs), sort_keys=True))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _left(
    store: Store,
    parts: list[Block],
    execution: Execution,
    place: Callable[[Block, Arrays], None],
) -> list[Block]:
    """Put the blocks that are there in their places, and give those that are not."""
    left = []
    for block in parts:
        arrays = store.take(block)
        if arrays is None:
            left.append(block)
        else:
            place(block, arrays)
    if len(left) < len(parts):
        taken = f"{len(parts) - len(left):,} of {len(parts):,} blocks are taken"
        execution.tell(f"{taken} from {store.folder}, where an earlier run left them")
    if store.damaged:
        many = (
            "1 damaged block is" if store.damaged == 1 else f"{store.damaged:,} damaged blocks are"
        )
        execution.tell(f"{many} computed again")
    return left


def _state_memory(task: Task, rows: int, execution: Execution) -> None:
    """Say how much memory the run may take, and refuse one that would take more than there is."""
    needed = max(peak(), resident() + LATER + rows * (task.row_bytes + BESIDES))
    most = execution.allowed
    if needed > most:
        raise TooManyRows(
            f"memory: expected a run that fits in {said(most)}, got one of {rows:,} rows, which "
            f"takes {said(needed)}; simulate fewer, or allow more if there is more"
        )
    execution.tell(f"memory: at most {said(needed)}, of {said(most)} that may be taken")


def _warn_of_time(task: Task, rows: int, execution: Execution) -> None:
    """Say before a long run how long it is: its first block may take hours, and say nothing."""
    seconds = seconds_of(task, rows, execution.threads)
    if seconds >= LONG:
        many = "1 thread" if execution.threads == 1 else f"{execution.threads} threads"
        execution.warn(
            f"a long run: {task.work:,.3g} steps of work in each of {rows:,} rows, roughly "
            f"{duration(seconds)} on {many}; fewer years, or fewer policies, take less"
        )
