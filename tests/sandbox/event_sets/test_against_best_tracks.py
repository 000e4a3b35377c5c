"""Storms that pass a city: the synthetic set against JTWC best tracks, 1949-2019."""

from pathlib import Path

import numpy as np
import pytest

from rating.hazards.vortex import Vortex
from rating.kernels.vortex import inland_wind
from tests.sandbox.event_sets.tables import events_in, manual_table, table

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[3]
FILE = "shared/data/typhoon_jtwc_wp/jtwc_best_track_wp_1945_2021.parquet"
TRACKS = next((path for path in (ROOT / FILE, ROOT.parent / FILE) if path.is_file()), None)
CITIES = ("sanya", "haikou", "zhanjiang", "shenzhen", "shantou", "xiamen", "fuzhou", "wenzhou")
YEARS = 71
NEAR = 100.0  # km
KNOT = 0.514444  # m/s
KM_PER_DEGREE = 111.195
ORDER_OF_MAGNITUDE = 3.0  # either way

needs_tracks = pytest.mark.skipif(
    TRACKS is None, reason=f"{FILE} is neither in the repository nor beside it"
)


def places():
    _, columns = table("cities")
    at = [columns["city"].index(city) for city in CITIES]
    return [(float(columns["latitude"][k]), float(columns["longitude"][k])) for k in at]


def near(latitudes, longitudes, place):
    middle = np.radians((latitudes + place[0]) / 2)
    north, east = latitudes - place[0], (longitudes - place[1]) * np.cos(middle)
    return KM_PER_DEGREE * np.hypot(north, east) <= NEAR


def observed(grade):
    import pandas as pd

    tracks = pd.read_parquet(TRACKS).query("1949 <= Year <= 2019")
    parts = tracks[["Year", "Month", "Day", "Hour"]].rename(columns=str.lower)
    time = (pd.to_datetime(parts) - pd.Timestamp("1940-01-01")).dt.total_seconds() / 3600
    counts = np.zeros(len(CITIES))
    for _, storm in tracks.assign(time=time).groupby("SN"):
        fixes = storm.drop_duplicates("time").sort_values("time")
        hours = np.arange(fixes.time.min(), fixes.time.max() + 0.5)
        latitude, longitude, wind = (
            np.interp(hours, fixes.time, fixes[column]) for column in ("Lat", "Lon", "VMax")
        )
        for k, place in enumerate(places()):
            counts[k] += np.any(near(latitude, longitude, place) & (wind * KNOT >= grade))
    return counts / YEARS


def modelled(grade):
    events, vortex = events_in("typhoon_events"), Vortex()
    terms = (vortex.reduction, vortex.background, vortex.decay)
    rates = np.zeros(len(CITIES))
    hours = np.arange(-12.0, 48.5)
    for rate, storm in zip(events.yearly_rate, events.storms(), strict=True):
        heading = np.radians(storm[2])
        latitude = storm[0] + np.cos(heading) * storm[3] * hours / KM_PER_DEGREE
        parallel = np.cos(np.radians((latitude + storm[0]) / 2))
        longitude = storm[1] + np.sin(heading) * storm[3] * hours / KM_PER_DEGREE / parallel
        wind = np.array([storm[4] if t <= 0 else inland_wind(storm[4], t, *terms) for t in hours])
        for k, place in enumerate(places()):
            rates[k] += rate * np.any(near(latitude, longitude, place) & (wind >= grade))
    return rates


@needs_tracks
@pytest.mark.parametrize("grade", [24.5, 32.7])
def test_the_manual_prints_what_was_measured(grade):
    rows = manual_table("city", "24.5 set", "24.5 observed", "32.7 set", "32.7 observed")
    for column, values in (("set", modelled(grade)), ("observed", observed(grade))):
        printed = [rows[city][f"{grade} {column}"] for city in CITIES]
        assert printed == [f"{value:.3f}" for value in values]


@needs_tracks
@pytest.mark.parametrize("grade", [17.2, 24.5, 32.7])
def test_storms_pass_the_coast_as_often_as_observed_within_a_factor_of_three(grade):
    ratio = modelled(grade) / observed(grade)
    assert np.all(ratio > 1 / ORDER_OF_MAGNITUDE), dict(zip(CITIES, ratio, strict=True))
    assert np.all(ratio < ORDER_OF_MAGNITUDE), dict(zip(CITIES, ratio, strict=True))
