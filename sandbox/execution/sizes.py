"""How many rows a block has: enough that its keeping costs nothing, few enough to lose little."""

from sandbox.execution.task import Task

WORK_IN_BLOCK = 1 << 22
"""Some seconds of one thread."""
MOST_BLOCKS = 2_000
MOST_ROWS = 1 << 16


def rows_in_block(task: Task, rows: int) -> int:
    """Give the rows of a block: as many as are some seconds of work, so that more rows cut alike.

    Only a run that would have more than MOST_BLOCKS of them has larger ones, by its number of rows.
    """
    by_work = min(max(1, WORK_IN_BLOCK // max(1, task.work)), MOST_ROWS)
    return max(by_work, -(-rows // MOST_BLOCKS))
