"""Where rows are computed: block by block, on threads or on a cluster, kept as they are finished.

A task computes rows; a block of them is a pure function of the task and of which rows it is. So no
figure depends on the blocks, on who computes them, in which order, or how often one is begun.

In use:
    execution = Execution(threads=2, store=Store(folder))
    arrays = run_task(task, rows, execution)
"""

from sandbox.execution.execution import ONE_THREAD, Execution
from sandbox.execution.opened import BLOCKS, opened
from sandbox.execution.run import TooManyRows, run_task
from sandbox.execution.store import Store
from sandbox.execution.task import Arrays, Block, Task, blocks, fingerprint

__all__ = [
    "BLOCKS",
    "ONE_THREAD",
    "Arrays",
    "Block",
    "Execution",
    "Store",
    "Task",
    "TooManyRows",
    "blocks",
    "fingerprint",
    "opened",
    "run_task",
]
