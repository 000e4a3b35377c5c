"""The frequencies that a basis names, for each cell."""

from typing import TYPE_CHECKING

from rating.engines.collective.columns import Columns
from rating.frequencies import FREQUENCIES, Frequency

if TYPE_CHECKING:
    from rating.frequencies.frequency import Given


def count_of(given: Columns, cell: int) -> Frequency:
    """Return the frequency of a cell. Raises BadValue for parameters that it cannot have."""
    named: dict[str, Given] = {
        **given.values(cell),
        **{name: [count_of(one, cell) for one in parts] for name, parts in given.parts.items()},
    }
    return FREQUENCIES[given.spec.kind].from_form(**named)
