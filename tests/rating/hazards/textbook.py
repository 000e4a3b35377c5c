"""A slow footprint in the words of the papers: every storm, site and hour, no short cut."""

import math

EARTH_RADIUS = 6371.0


def shape_of(max_wind, latitude):
    return min(max(0.886 + 0.0177 * max_wind - 0.0094 * latitude, 1.0), 2.5)


def wind_at(storm, site, hours, vortex):
    """The surface wind that one storm brings to one site at one time, in m/s."""
    latitude, longitude, heading, speed, max_wind, radius = storm
    middle = math.radians((latitude + site[0]) / 2)
    x = EARTH_RADIUS * math.cos(middle) * math.radians(site[1] - longitude)
    y = EARTH_RADIUS * math.radians(site[0] - latitude)
    direction = math.radians(heading)
    eye = (speed * hours * math.sin(direction), speed * hours * math.cos(direction))
    away = (x - eye[0], y - eye[1])
    distance = math.hypot(*away)
    if distance == 0:
        return 0.0
    strength = vortex.reduction * max_wind
    if hours > 0 and strength > vortex.background:
        faded = math.exp(-vortex.decay * hours)
        strength = vortex.background + (strength - vortex.background) * faded
    # the right of the motion is the direction turned clockwise by a quarter
    right = (away[0] * math.cos(direction) - away[1] * math.sin(direction)) / distance
    strength = max(strength - vortex.asymmetry * speed / 3.6 * (1 - right), 0.0)
    ratio = (radius / distance) ** shape_of(max_wind, latitude)
    return strength * math.sqrt(ratio * math.exp(1 - ratio))


def footprint(storms, sites, vortex):
    """The highest wind of each storm (rows) at each site (columns), in m/s."""
    points = round((vortex.before + vortex.after) / vortex.step) + 1
    times = [k * vortex.step - vortex.before for k in range(points)]
    return [
        [max(wind_at(storm, site, time, vortex) for time in times) for site in sites]
        for storm in storms
    ]
