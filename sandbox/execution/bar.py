"""A progress bar on a terminal: how far, how fast, how long still."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
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


class Bar(Progress):
    """A bar of one task. In use: `with bar: bar.step(rows)`."""

    def step(self, rows: int) -> None:
        """Count rows that are done."""
        self.advance(self.task_ids[0], rows)

    def expect(self, total: int) -> None:
        """Take how many rows there are, once that is known."""
        self.update(self.task_ids[0], total=total)


def bar_on(what: str, total: int | None) -> Bar:
    """Make the bar of a task on the error stream; one without an end shows no rate."""
    shown = () if total is None else columns()
    bar = Bar(*shown, console=Console(stderr=True), transient=True)
    bar.add_task(what, total=total)
    return bar
