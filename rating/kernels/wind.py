"""The highest wind of each storm at each site, compiled."""

import math

import numpy as np

from product_factory.numbers.trigonometry import cosine_degrees, sine_degrees
from rating.kernels.jit import kernel, register_module
from rating.kernels.vortex import east_km, holland, holland_shape, inland_wind, north_km

register_module("rating.kernels.vortex")

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@kernel
def strongest_winds(
    storms: Floats,
    latitudes: Floats,
    longitudes: Floats,
    field: Floats,
    wind: Floats,
) -> None:
    """Fill wind[storm, site] with the highest surface wind along each storm's track, in m/s.

    storms: one row a storm: latitude, longitude, heading, speed, max_wind, radius.
    field: reduction, background, decay, asymmetry, hours before and after landfall, step.
    The eye moves straight on the tangent plane at the landfall. At time t and distance r from it,
    the wind is holland(r) * (V(t) - asymmetry * speed * (1 - right)), at least 0, where `right` is
    the sine of the angle between the motion and the site: +1 to its right, -1 to its left.
    """
    reduction, background, decay, asymmetry = field[0], field[1], field[2], field[3]
    before, step = field[4], field[6]
    steps = math.floor((before + field[5]) / step + 0.5) + 1
    along = np.empty(steps)
    strength = np.empty(steps)
    for storm in range(storms.shape[0]):
        latitude, longitude = storms[storm, 0], storms[storm, 1]
        east, north = sine_degrees(storms[storm, 2]), cosine_degrees(storms[storm, 2])
        speed, max_wind, radius = storms[storm, 3], storms[storm, 4], storms[storm, 5]
        shape = holland_shape(max_wind, latitude)
        motion = asymmetry * speed / 3.6
        for k in range(steps):
            hours = k * step - before
            along[k] = speed * hours
            strength[k] = inland_wind(max_wind, hours, reduction, background, decay)
        for site in range(latitudes.shape[0]):
            x = east_km(latitude, longitude, latitudes[site], longitudes[site])
            y = north_km(latitude, latitudes[site])
            ahead = x * east + y * north
            aside = x * north - y * east  # to the right of the track
            highest = 0.0
            for k in range(steps):
                behind = ahead - along[k]
                distance = math.sqrt(behind * behind + aside * aside)
                if distance > 0.0:
                    here = strength[k] - motion * (1.0 - aside / distance)
                    # the profile is at most 1, so a weaker storm cannot raise the highest wind
                    if here > highest:
                        highest = max(highest, here * holland(distance, radius, shape))
            wind[storm, site] = highest
