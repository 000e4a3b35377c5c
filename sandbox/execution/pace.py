"""How fast a run went: rows and claims a second."""

from collections.abc import Sequence
from time import monotonic

from sandbox.execution.task import Arrays, Block


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
