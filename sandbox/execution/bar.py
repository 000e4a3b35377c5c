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


class Rate(ProgressColumn):
    """Rows a second, of the last half minute."""

    def render(self, task: Task) -> Text:
        """Show nothing before the first block is finished."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:,.3g}/s", style="progress.data.speed")


def columns() -> tuple[ProgressColumn, ...]:
    """Give the columns, within 80 signs."""
    return (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
    )
