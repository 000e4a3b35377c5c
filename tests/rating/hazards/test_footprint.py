"""The compiled footprint: the slow textbook first, then laws."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from product_factory.errors import BadValue
from rating.hazards.event_set import event_set
from rating.hazards.footprint import footprint
from rating.hazards.vortex import Vortex
from rating.kernels import vortex as plain
from tests.rating.hazards import textbook

KERNEL_AND_TEXTBOOK = 1e-12  # relative
COLUMNS = ("latitude", "longitude", "heading", "speed", "max_wind", "radius")

STORM = st.tuples(
    st.floats(18, 40),
    st.floats(108, 124),
    st.floats(0, 360),
    st.floats(0, 60),
    st.floats(10, 85),
    st.floats(15, 90),
)
SITE = st.tuples(st.floats(17, 42), st.floats(106, 126))


def events_of(storms):
    columns = dict(zip(COLUMNS, zip(*storms, strict=True), strict=True))
    return event_set(
        [str(k) for k in range(len(storms))], {"yearly_rate": [0.01] * len(storms)} | columns
    )


def winds_of(storms, sites, vortex=None):
    places = np.array(sites, dtype=float)
    return footprint(events_of(storms), places[:, 0], places[:, 1], vortex)


MERANTI = (24.6, 118.3, 315.0, 22.0, 48.0, 33.0)


@settings(max_examples=30)
@given(
    storms=st.lists(STORM, min_size=1, max_size=3),
    sites=st.lists(SITE, min_size=1, max_size=3),
    asymmetry=st.sampled_from([0.0, 0.5, 1.0]),
)
def test_the_kernel_agrees_with_the_slow_textbook(storms, sites, asymmetry):
    vortex = Vortex(asymmetry=asymmetry, step=0.5)
    slow = np.array(textbook.footprint(storms, sites, vortex))
    np.testing.assert_allclose(
        winds_of(storms, sites, vortex), slow, rtol=KERNEL_AND_TEXTBOOK, atol=1e-250
    )


@given(storm=STORM, site=SITE)
def test_at_landfall_the_kernel_has_the_bits_of_the_plain_functions(storm, site):
    latitude, longitude, _, _, max_wind, radius = storm
    vortex = Vortex(before=0.0, after=0.0, asymmetry=0.0)
    # a storm that heads north: the turn into its direction is then exact
    storm = (latitude, longitude, 0.0, *storm[3:])
    aside = plain.east_km(latitude, longitude, *site)
    ahead = plain.north_km(latitude, site[0])
    distance = math.sqrt(ahead * ahead + aside * aside)
    share = plain.holland(distance, radius, plain.holland_shape(max_wind, latitude))
    strength = plain.inland_wind(max_wind, 0.0, 0.9, 13.74, 0.095)
    assert winds_of([storm], [site], vortex)[0, 0] == strength * share


def test_a_site_is_struck_in_the_same_way_alone_and_among_others():
    """Bit for bit: blocks of events or sites change nothing"""
    sites = [(24.48, 118.09), (26.07, 119.3), (23.35, 116.68)]
    storms = [MERANTI, (26.0, 119.5, 300.0, 20.0, 35.0, 40.0)]
    whole = winds_of(storms, sites)
    for row, storm in enumerate(storms):
        for column, site in enumerate(sites):
            assert winds_of([storm], [site])[0, 0] == whole[row, column]


def test_no_wind_exceeds_the_storms_own_wind_ashore():
    around = [(24.6 + a / 10, 118.3 + b / 10) for a in range(-9, 10) for b in range(-9, 10)]
    highest = winds_of([MERANTI], around).max()
    assert 0.85 * 0.9 * 48.0 < highest <= 0.9 * 48.0


@given(storm=STORM, site=SITE, factor=st.floats(1.0, 1.5))
@settings(max_examples=50)
def test_a_faster_decay_never_brings_more_wind(storm, site, factor):
    slow, fast = Vortex(), Vortex(decay=0.095 * factor)
    assert winds_of([storm], [site], fast)[0, 0] <= winds_of([storm], [site], slow)[0, 0]


def test_places_along_the_track_see_less_and_less_wind():
    north = (24.0, 118.0, 0.0, 20.0, 45.0, 35.0)
    inland = [(24.0 + 0.5 * k, 118.3) for k in range(1, 10)]
    winds = winds_of([north], inland)[0]
    assert np.all(np.diff(winds) < 0)


def test_the_right_of_the_track_is_windier_by_the_motion_and_a_round_vortex_is_not():
    north = (24.0, 118.0, 0.0, 36.0, 45.0, 35.0)
    sides = [(24.0, 118.4), (24.0, 117.6)]
    right, left = winds_of([north], sides)[0]
    assert right > left + 5.0
    right, left = winds_of([north], sides, Vortex(asymmetry=0.0))[0]
    assert right == pytest.approx(left, rel=KERNEL_AND_TEXTBOOK)


def test_the_step_of_a_quarter_hour_is_within_one_per_cent_of_a_fine_one():
    """Places at 0.25 degree around Meranti, where the wind is above 17.2 m/s"""
    around = [(23.0 + a / 4, 116.0 + b / 4) for a in range(13) for b in range(17)]
    coarse = winds_of([MERANTI], around)[0]
    fine = winds_of([MERANTI], around, Vortex(step=0.01))[0]
    windy = fine > 17.2
    assert windy.sum() > 30
    assert np.all(coarse[windy] > 0.99 * fine[windy])


def test_sites_that_are_no_places_are_refused():
    events = events_of([MERANTI])
    with pytest.raises(BadValue, match="expected as many latitudes as longitudes"):
        footprint(events, np.zeros(2), np.zeros(3))
    with pytest.raises(BadValue, match="latitude of a site: expected -90 to 90"):
        footprint(events, np.array([91.0]), np.array([0.0]))
    with pytest.raises(BadValue, match="longitude of a site: expected -180 to 180"):
        footprint(events, np.array([0.0]), np.array([float("nan")]))
