"""The damage curve of Emanuel 2011."""

from dataclasses import dataclass

import numpy as np

from product_factory.errors import BadValue

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Emanuel:
    """Damage ratio v**3 / (1 + v**3), v = max(wind - v_threshold, 0) / (v_half - v_threshold).

    v_threshold: wind below which nothing is damaged, m/s, 0 or more.
    v_half: wind at which half of the value is lost, m/s, above v_threshold.
    Emanuel 2011 (Weather, Climate, and Society 3, 261-268) for one-minute winds at 10 m.
    """

    v_threshold: float
    v_half: float

    def __post_init__(self) -> None:
        """Refuse a threshold below 0 and a half-damage wind that is not above it."""
        if not self.v_threshold >= 0:
            message = f"v_threshold: expected 0 or more, got {self.v_threshold}"
            raise BadValue(message)
        if not self.v_threshold < self.v_half < np.inf:
            message = f"v_half: expected above v_threshold {self.v_threshold}, got {self.v_half}"
            raise BadValue(message)

    def damage(self, wind: Floats) -> Floats:
        """Give the damage ratio at each wind (m/s), in the shape of `wind`."""
        v = np.maximum(wind - self.v_threshold, 0.0) / (self.v_half - self.v_threshold)
        cube = v * v * v
        return np.asarray(cube / (1.0 + cube), dtype=np.float64)
