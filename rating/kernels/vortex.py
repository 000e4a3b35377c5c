"""The parts of a typhoon's wind, as plain functions that the interpreter and numba share.

Lengths in km, speeds of wind in m/s, speeds of travel in km/h, time in hours, angles in degrees.
"""

import math

from product_factory.numbers.portable import exp, power
from product_factory.numbers.trigonometry import cosine_degrees

EARTH_RADIUS = 6371.0  # km, mean radius
RADIANS_PER_DEGREE = 0.017453292519943295  # pi / 180, nearest double
CALM = 1e-3  # of the radius of maximum wind: inside, exp(1 - u) with u >= 1000 is exactly 0.0
LEAST_SHAPE = 1.0  # Holland 1980 finds shapes from 1 to 2.5
GREATEST_SHAPE = 2.5


def holland_shape(max_wind: float, latitude: float) -> float:
    """Give Holland's shape B of a storm: 0.886 + 0.0177 max_wind - 0.0094 latitude.

    Willoughby and Rahn 2004 (Mon. Wea. Rev. 132, 3033-3048), held within the range of Holland 1980.
    """
    shape = 0.886 + 0.0177 * max_wind - 0.0094 * latitude
    return min(max(shape, LEAST_SHAPE), GREATEST_SHAPE)


def radius_of_maximum_wind(max_wind: float, latitude: float) -> float:
    """Give 46.4 exp(-0.0155 max_wind + 0.0169 latitude), in km.

    Willoughby, Darling and Rahn 2006 (Mon. Wea. Rev. 134, 1102-1120), equation 7a.
    """
    return 46.4 * exp(-0.0155 * max_wind + 0.0169 * latitude)


def holland(distance: float, radius: float, shape: float) -> float:
    """Give the wind at a distance from the eye as a share of the maximum wind.

    sqrt(u exp(1 - u)) with u = (radius / distance) ** shape: Holland 1980 (Mon. Wea. Rev. 108,
    1212-1218) in cyclostrophic balance. 0 at the eye, 1 at `radius`, then falling.
    """
    if distance <= radius * CALM:
        return 0.0
    u = power(radius / distance, shape)
    return math.sqrt(u * exp(1.0 - u))


def inland_wind(
    max_wind: float, hours: float, reduction: float, background: float, decay: float
) -> float:
    """Give the maximum surface wind over land, `hours` after landfall.

    background + (reduction * max_wind - background) exp(-decay * hours): Kaplan and DeMaria 1995
    (J. Appl. Meteor. 34, 2499-2512) without their correction for distance from the coast. Before
    landfall the value of landfall itself stands, as the sites that feel it are on land. A storm
    that comes ashore below the background keeps its wind: the formula would make it grow.
    """
    ashore = reduction * max_wind
    if hours <= 0.0 or ashore <= background:
        return ashore
    return background + (ashore - background) * exp(-decay * hours)


def east_km(
    latitude: float, longitude: float, site_latitude: float, site_longitude: float
) -> float:
    """Give how far a site lies east of a place, on the local tangent plane, in km.

    The parallel is that of the middle latitude; longitudes do not cross the date line.
    """
    parallel = cosine_degrees(0.5 * (latitude + site_latitude))
    return EARTH_RADIUS * RADIANS_PER_DEGREE * parallel * (site_longitude - longitude)


def north_km(latitude: float, site_latitude: float) -> float:
    """Give how far a site lies north of a place, along the meridian, in km."""
    return EARTH_RADIUS * RADIANS_PER_DEGREE * (site_latitude - latitude)
