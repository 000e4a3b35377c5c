"""Progress where nobody looks at a terminal: a plain line now and then, for logs."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from types import TracebackType
from typing import Self

EVERY = 30.0
"""Seconds from one line to the next; what is done sooner says nothing."""


def advancing(step: Callable[[int], None]) -> Callable[[int], None]:
    """Take how many rows are done in all, and tell a step how many more these are."""
    done = 0

    def told(rows: int) -> None:
        nonlocal done
        step(rows - done)
        done = rows

    return told


class Lines:
    """Says how far, how fast and how long still, at most every half minute.

    In use as the bar on a terminal: `with lines: lines.step(rows)`.
    """

    def __init__(
        self,
        what: str,
        total: int | None,
        say: Callable[[str], None],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Take what is done, how many rows there are (None: not known), and who says a line."""
        self._what, self._total, self._say, self._clock = what, total, say, clock
        self._done = 0
        self._since = self._said = clock()

    def __enter__(self) -> Self:
        """Begin to count the time."""
        self._since = self._said = self._clock()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End without a word: what came of it is told elsewhere."""

    def expect(self, total: int) -> None:
        """Take how many rows there are, once that is known."""
        self._total = total

    def step(self, rows: int) -> None:
        """Count rows that are done; say a line where it is time."""
        self._done += rows
        now = self._clock()
        if now - self._said >= EVERY:
            self._said = now
            self._say(self._line(now - self._since))

    def _line(self, seconds: float) -> str:
        rate = self._done / seconds
        if self._total is None:
            return f"{self._what}: {self._done:,} done, {rate:,.3g}/s"
        left = ""
        if rate > 0.0:
            time = timedelta(seconds=round(max(self._total - self._done, 0) / rate))
            left = f", {time} left"
        return f"{self._what}: {self._done:,} of {self._total:,}, {rate:,.3g}/s{left}"
