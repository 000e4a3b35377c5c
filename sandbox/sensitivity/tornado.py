"""One assumption at a time, low and high: how far the measure moves, on the same random numbers."""

from dataclasses import dataclass

from sandbox.figures import difference
from sandbox.measures import Measured
from sandbox.sensitivity.watched import Watch
from sandbox.uncertainty.assumption import Assumption

LOW, HIGH = 0.1, 0.9
"""An assumption is moved to where a tenth of its values lie beyond."""


@dataclass(frozen=True)
class Moved:
    """An assumption at its low and high value, and what that moves; each has a paired error."""

    assumption: Assumption
    low: float
    high: float
    down: Measured
    up: Measured

    @property
    def swing(self) -> float:
        """How far the measure moves between the two."""
        return abs(self.up.value - self.down.value)


@dataclass(frozen=True)
class Tornado:
    """The measure as it is, and every assumption, the widest first."""

    base: Measured
    moved: tuple[Moved, ...]


def tornado(watch: Watch) -> Tornado:
    """Move every assumption alone."""
    base = watch.sample((), ())
    found = []
    for place, one in enumerate(watch.assumptions):
        low, high = one.value(LOW), one.value(HIGH)
        down, up = (
            difference(watch.watched.measure, base, watch.sample((place,), (value,)))
            for value in (low, high)
        )
        found.append(Moved(one, low, high, down, up))
    found.sort(key=lambda moved: (-moved.swing, moved.assumption.name))
    return Tornado(watch.measured(base), tuple(found))
