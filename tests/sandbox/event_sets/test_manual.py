"""The figures of docs/typhoon.md are those of the committed event set."""

from hashlib import blake2b

import numpy as np

from rating.hazards.emanuel import Emanuel
from rating.hazards.footprint import footprint
from tests.sandbox.event_sets.tables import events_in, manual_table, table

HEADS = ("site", "24.5 m/s", "32.7 m/s", "v_half 110", "v_half 95", "v_half 74.7")


GOLDEN = (
    "b11927c63d4d4c27"  # of the winds of every storm at every city; a release that moves it says so
)


def test_the_footprint_is_the_same_to_the_bit_on_every_machine():
    _, columns = table("cities")
    latitudes, longitudes = (np.array(columns[c], dtype=float) for c in ("latitude", "longitude"))
    winds = footprint(events_in("typhoon_events"), latitudes, longitudes)
    assert blake2b(winds.astype("<f8").tobytes(), digest_size=8).hexdigest() == GOLDEN


def measured():
    events = events_in("typhoon_events")
    _, columns = table("cities")
    latitudes, longitudes = (np.array(columns[c], dtype=float) for c in ("latitude", "longitude"))
    winds = footprint(events, latitudes, longitudes)
    rates = events.yearly_rate
    figures = {}
    for k, city in enumerate(columns["city"]):
        wind = winds[:, k]
        passed = [f"{rates[wind >= grade].sum():.4f}" for grade in (24.5, 32.7)]
        lost = [
            f"{1000 * (rates * Emanuel(25.7, v_half).damage(wind)).sum():.3f}"
            for v_half in (110.0, 95.0, 74.7)
        ]
        figures[city] = passed + lost
    return figures


def test_the_manual_prints_the_hazard_and_the_damage_at_the_cities():
    figures, rows = measured(), manual_table(*HEADS)
    assert len(rows) >= 12
    for city, cells in rows.items():
        assert [cells[head] for head in HEADS[1:]] == figures[city], city


def test_hazard_falls_from_the_south_coast_inland_and_northward():
    figures = measured()
    average = {city: float(values[-1]) for city, values in figures.items()}
    assert average["zhanjiang"] > average["guangzhou"] > average["changsha"]
    assert average["xiamen"] > average["shanghai"] > average["beijing"]


def test_the_average_damage_on_the_coast_is_some_tenths_of_a_per_mille():
    """The order of a home insurer's typhoon rate for concrete: neither per cents nor nothing"""
    assert 0.03 < float(measured()["xiamen"][2]) < 0.5
