"""The parameters of a travelling, decaying vortex."""

from dataclasses import astuple, dataclass

import numpy as np

from product_factory.errors import BadValue

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Vortex:
    """Surface wind of a storm on a straight track: Holland 1980 in space, Kaplan-DeMaria in time.

    reduction: share of the sea wind that is left on land, Kaplan and DeMaria 1995: 0.9.
    background: wind to which a storm decays over land, m/s; 26.7 kt = 13.74 m/s, the same.
    decay: rate of that decay, per hour; 0.095, the same.
    asymmetry: share of the storm's motion that the left side loses twice and the right side not at
        all, so that max_wind stands to the right of the track; 0 makes the vortex round.
    before, after: hours of track before and after landfall; step: hours between its points.
    """

    reduction: float = 0.9
    background: float = 13.74
    decay: float = 0.095
    asymmetry: float = 0.5
    before: float = 12.0
    after: float = 48.0
    step: float = 0.25

    def __post_init__(self) -> None:
        """Refuse what is not finite or lies outside of its domain."""
        for name, low, high in (
            ("reduction", 0.0, 1.0),
            ("background", 0.0, 100.0),
            ("decay", 0.0, 10.0),
            ("asymmetry", 0.0, 1.0),
            ("before", 0.0, 240.0),
            ("after", 0.0, 240.0),
            ("step", 0.01, 6.0),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                message = f"{name}: expected {low:g} to {high:g}, got {value}"
                raise BadValue(message)

    def as_array(self) -> Floats:
        """Give the fields in the order written, as the kernel reads them."""
        return np.array(astuple(self), dtype=np.float64)
