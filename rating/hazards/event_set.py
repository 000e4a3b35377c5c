"""A set of storms, each with a yearly rate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from product_factory.errors import BadValue

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

_DOMAIN = {
    "yearly_rate": (0.0, 100.0),
    "latitude": (-60.0, 60.0),
    "longitude": (-180.0, 180.0),
    "heading": (0.0, 360.0),
    "speed": (0.0, 150.0),
    "max_wind": (0.0, 130.0),
    "radius": (1.0, 500.0),
}


@dataclass(frozen=True, eq=False)
class EventSet:
    """Storms, one to a row; every array has one value for each of `names` and cannot be written.

    names: what the storms are called, each once.       yearly_rate: expected number a year.
    latitude, longitude: of landfall, degrees.          heading: towards, clockwise from north.
    speed: of travel, km/h.                             max_wind: surface wind at landfall, m/s.
    radius: of maximum wind, km.
    """

    names: tuple[str, ...]
    yearly_rate: Floats
    latitude: Floats
    longitude: Floats
    heading: Floats
    speed: Floats
    max_wind: Floats
    radius: Floats

    def __len__(self) -> int:
        """Give the number of storms."""
        return len(self.names)

    def storms(self) -> Floats:
        """Give latitude, longitude, heading, speed, max_wind, radius: one row a storm."""
        return np.column_stack(
            [self.latitude, self.longitude, self.heading, self.speed, self.max_wind, self.radius]
        )


def event_set(names: Sequence[str], columns: Mapping[str, Sequence[float] | Floats]) -> EventSet:
    """Make an event set from columns by name; columns beyond those of `EventSet` are left aside.

    Raises BadValue where a column is missing, has another length, or holds a value that is outside
    of its domain, and where a name stands twice.
    """
    if len(set(names)) != len(names):
        twice = next(name for name in names if list(names).count(name) > 1)
        message = f"event: expected every event once, got '{twice}' twice"
        raise BadValue(message)
    arrays = {}
    for column, (low, high) in _DOMAIN.items():
        if column not in columns:
            message = f"expected a column '{column}', got {', '.join(columns)}"
            raise BadValue(message)
        values = np.array(columns[column], dtype=np.float64)
        if values.shape != (len(names),):
            message = f"{column}: expected {len(names)} values, got {values.size}"
            raise BadValue(message)
        outside = np.flatnonzero(~((values >= low) & (values <= high)))
        if outside.size:
            first = int(outside[0])
            message = (
                f"{column} of event '{names[first]}': "
                f"expected {low:g} to {high:g}, got {values[first]:g}"
            )
            raise BadValue(message)
        values.flags.writeable = False
        arrays[column] = values
    return EventSet(names=tuple(names), **arrays)
