"""Columns of a progress bar: how far, how fast, how long still."""

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

FAST = 100.0
"""Rows a second from which on parts of one are not said."""


class Rate(ProgressColumn):
    """Rows a second, of the last half minute."""

    def render(self, task: Task) -> Text:
        """Show nothing before the first block is finished."""
        speed = task.finished_speed or task.speed
        text = "" if speed is None else f"{speed:,.0f}/s" if speed >= FAST else f"{speed:.3g}/s"
        return Text(text, style="progress.data.speed")


def columns() -> tuple[ProgressColumn, ...]:
    """Give the columns, within 80 signs."""
    return (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
    )
