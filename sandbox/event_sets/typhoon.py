"""Synthetic typhoons by strata: no random numbers, each part of each distribution has a storm."""

import math
from collections.abc import Iterator
from itertools import pairwise

from product_factory.numbers.portable import log
from rating.hazards.event_set import EventSet, event_set
from rating.kernels.vortex import east_km, north_km, radius_of_maximum_wind
from sandbox.event_sets.parameters import Numbers, Strata, Stretch, TyphoonParameters

_GOLDEN = 0.6180339887498949  # (sqrt(5) - 1) / 2, whose multiples fill the unit interval evenly
_HERMITE = ((-math.sqrt(3.0), 1.0 / 6.0), (0.0, 2.0 / 3.0), (math.sqrt(3.0), 1.0 / 6.0))

DECIMALS = {
    "yearly_rate": 10,
    "latitude": 3,
    "longitude": 3,
    "heading": 1,
    "speed": 1,
    "max_wind": 2,
    "radius": 2,
}
UNITS = {
    "yearly_rate": "per year",
    "latitude": "degree",
    "longitude": "degree",
    "heading": "degree",
    "speed": "km/h",
    "max_wind": "m/s",
    "radius": "km",
}


def _uniform(low: float, high: float, share: float, parts: int) -> Iterator[tuple[float, float]]:
    """Give (wind, chance) for equal parts of a grade, each at its middle, which is its mean."""
    for part in range(parts):
        yield low + (high - low) * (part + 0.5) / parts, share / parts


def _below(chance: float) -> float:
    """Give chance * (1 - ln chance): the integral of 1 - ln p from 0, up to the 0 at p = 0."""
    return chance * (1.0 - log(chance)) if chance > 0.0 else 0.0


def _winds(numbers: Numbers, strata: Strata, tail: float) -> list[tuple[float, float]]:
    """Give (wind at landfall, chance) by strata; the chances add up to 1, the mean is exact.

    Even within a grade below typhoon, exponential above: the mean of an exponential excess between
    its chances p > q of being exceeded is scale * (p (1 - ln p) - q (1 - ln q)) / (p - q).
    """
    storm, severe = numbers.wind_tropical_storm.value, numbers.wind_severe_tropical_storm.value
    typhoon, scale = numbers.wind_typhoon.value, numbers.tail_scale.value * tail
    share, parts = numbers.share_tropical_storm.value, strata.tropical_storm
    winds = list(_uniform(storm, severe, share, parts))
    share, parts = numbers.share_severe_tropical_storm.value, strata.severe_tropical_storm
    winds += _uniform(severe, typhoon, share, parts)
    for p, q in pairwise(strata.typhoon):
        excess = scale * (_below(p) - _below(q)) / (p - q)
        winds.append((typhoon + excess, numbers.share_typhoon.value * (p - q)))
    return winds


def _place(stretch: Stretch, share: float) -> tuple[float, float]:
    """Give (latitude, longitude) at a share of the stretch's length from its first vertex."""
    lengths = [
        math.sqrt(east_km(*a, *b) * east_km(*a, *b) + north_km(a[0], b[0]) * north_km(a[0], b[0]))
        for a, b in pairwise(stretch.vertices)
    ]
    left = share * math.fsum(lengths)
    leg = 0
    while leg < len(lengths) - 1 and left > lengths[leg]:
        left -= lengths[leg]
        leg += 1
    (south, west), (north, east) = stretch.vertices[leg], stretch.vertices[leg + 1]
    part = min(left / lengths[leg], 1.0)
    return south + (north - south) * part, west + (east - west) * part


def _storms(stretch: Stretch, rate: float, parameters: TyphoonParameters) -> Iterator[list[float]]:
    """Give the rows of one stretch, in the order of DECIMALS; their rates add up to `rate`.

    Within its part of the coast each combination of wind and heading lands elsewhere, shifted by
    multiples of the golden section, so that no site lies on every track.
    """
    numbers = parameters.parameters
    for place in range(stretch.places):
        combination = 0
        for wind, chance in _winds(numbers, parameters.strata, stretch.tail):
            for node, weight in _HERMITE:
                shift = (combination + 0.5) * _GOLDEN
                combination += 1
                share = (place + shift - math.floor(shift)) / stretch.places
                latitude, longitude = _place(stretch, share)
                yield [
                    rate * chance * weight / stretch.places,
                    latitude,
                    longitude,
                    (stretch.heading + node * numbers.heading_spread.value) % 360.0,
                    stretch.speed,
                    wind,
                    radius_of_maximum_wind(wind, latitude),
                ]


def generate(parameters: TyphoonParameters) -> EventSet:
    """Give the storms of these parameters, rounded to the decimals of the file that holds them.

    The rates add up to `yearly_rate` but for that rounding; events are named 1, 2, 3 … in order of
    stretch, place, wind and heading.
    """
    landfalls = math.fsum(stretch.landfalls for stretch in parameters.coast)
    rows = [
        row
        for stretch in parameters.coast
        for row in _storms(
            stretch,
            parameters.parameters.yearly_rate.value * stretch.landfalls / landfalls,
            parameters,
        )
    ]
    columns = {
        name: [round(row[at], decimals) for row in rows]
        for at, (name, decimals) in enumerate(DECIMALS.items())
    }
    return event_set([str(number + 1) for number in range(len(rows))], columns)


def to_csv(events: EventSet, parameters: TyphoonParameters) -> str:
    """Give the table file of an event set: headers as every table has them, one line a storm."""
    declared = ", ".join(f"{name}: {{type: number, unit: {unit}}}" for name, unit in UNITS.items())
    lines = [
        "# title: A synthetic set of typhoons that land in China",
        f"# source: generated from hazards/{parameters.hazard}.yaml version {parameters.version}",
        "# status: illustrative",
        f"# columns: {{event: {{key: exact}}, {declared}}}",
        ",".join(["event", *DECIMALS]),
    ]
    columns = [(getattr(events, name), decimals) for name, decimals in DECIMALS.items()]
    for row, name in enumerate(events.names):
        values = (f"{column[row]:.{decimals}f}" for column, decimals in columns)
        lines.append(",".join([name, *values]))
    return "\n".join(lines) + "\n"
