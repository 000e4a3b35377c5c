"""How many rows a block has: enough that its keeping costs nothing, few enough to lose little."""

from sandbox.execution.task import Task

WORK_IN_BLOCK = 1 << 22
"""Some seconds of one thread."""
SECONDS_OF_A_BLOCK = 3.0
"""What that much work takes one thread, by its order: for a forecast, and for nothing else."""
MOST_BLOCKS = 2_000
MOST_ROWS = 1 << 16


def rows_in_block(task: Task, rows: int) -> int:
    """Give the rows of a block: as many as are some seconds of work, so that more rows cut alike.

    Only a run that would have more than MOST_BLOCKS of them has larger ones, by its number of rows.
    """
    by_work = min(max(1, WORK_IN_BLOCK // max(1, task.work)), MOST_ROWS)
    return max(by_work, -(-rows // MOST_BLOCKS))


def seconds_of(task: Task, rows: int, threads: int) -> float:
    """Forecast what rows take so many threads, by its order."""
    return rows * task.work / WORK_IN_BLOCK * SECONDS_OF_A_BLOCK / threads
