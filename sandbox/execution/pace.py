"""How fast a run went, rows and claims a second; and a time as a person says it."""

from collections.abc import Sequence
from time import monotonic

from sandbox.execution.task import Arrays, Block

UNITS = (("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0))
WHOLE = 10.0
"""From so many units on a time is said in whole ones."""


def duration(seconds: float) -> str:
    """Say a time to two digits, in a unit that fits; 1 second at least."""
    for word, length in UNITS:
        if seconds >= 2.0 * length:
            return f"{_digits(seconds / length)} {word}"
    return f"{_digits(max(seconds, 1.0))} seconds"


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value >= WHOLE else f"{value:.1f}"


class Pace:
    """Counts what is computed, from its making on; blocks that were taken are not counted."""

    def __init__(self, counted: Sequence[str]) -> None:
        """Take the names of arrays of counts."""
        self._since = monotonic()
        self._found = {"rows": 0, **dict.fromkeys(counted, 0)}

    def count(self, block: Block, arrays: Arrays) -> None:
        """Count a block."""
        self._found["rows"] += block.rows
        for name in self._found:
            if name != "rows":
                self._found[name] += int(arrays[name].sum())

    def told(self) -> str:
        """Say it to a person; a count of nothing is not said."""
        seconds = max(monotonic() - self._since, 1e-3)
        found = {name: count for name, count in self._found.items() if count or name == "rows"}
        whole = " and ".join(f"{count:,} {name}" for name, count in found.items())
        rates = " and ".join(f"{count / seconds:,.0f} {name}" for name, count in found.items())
        return f"{whole} in {seconds:,.1f} s: {rates} a second"
