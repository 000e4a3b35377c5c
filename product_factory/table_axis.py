"""One key of a table: its name, how a value finds its row, and the key values."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from product_factory.types import Type

Floats = npt.NDArray[np.float64]
INTERPOLATED = ("linear", "log_linear")
KEYS = ("exact", "step", "band", *INTERPOLATED)


@dataclass(frozen=True)
class Axis:
    """One key of a table.

    name    the variable that it reads
    key     exact, step, band, linear or log_linear
    type    numeric, or a choice among `labels`
    labels  the key values as written, in order
    values  the same as numbers (places 0, 1, … for a choice; the lower ends of bands)
    below   the upper ends of bands, else empty
    """

    name: str
    key: str
    type: Type
    labels: tuple[str, ...]
    values: tuple[float, ...]
    below: tuple[float, ...] = ()

    @property
    def size(self) -> int:
        """The number of key values."""
        return len(self.values)

    @cached_property
    def _grid(self) -> Floats:
        return np.array(self.values + self.below, dtype=np.float64)

    @property
    def interpolated(self) -> bool:
        """Whether a value is found between two rows."""
        return self.key in INTERPOLATED

    @cached_property
    def widths(self) -> Floats:
        """The way from each key value to the next; 1 from the last, where nothing is beyond."""
        return np.append(np.diff(self.values), 1.0)

    def until(self, place: int) -> float:
        """Give the key value after one, or the last again."""
        return self.values[min(place + 1, self.size - 1)]

    def beyond(self, cells: Floats, place: int) -> Floats:
        """Give for each cell the one at the next key value; this axis is axis `place` of them."""
        return np.take(cells, [*range(1, self.size), self.size - 1], axis=place)

    def grid(self) -> Floats:
        """Give the key values, then for bands the upper ends."""
        return self._grid

    def spans(self) -> Floats:
        """Give where the ways to the next key value begin, then where they end.

        The last key value is a span of its own, so that nothing stands beyond it.
        """
        return np.array([*self.values, *self.values[1:], np.nextafter(self.values[-1], np.inf)])
