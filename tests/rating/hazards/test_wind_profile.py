"""The vortex in space and time: published constants first, then laws."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rating.hazards.vortex import Vortex
from rating.kernels.vortex import (
    EARTH_RADIUS,
    east_km,
    holland,
    holland_shape,
    inland_wind,
    north_km,
    radius_of_maximum_wind,
)

LAST_BITS = 4e-16
KNOT = 0.514444  # m/s
PRINTED_KNOTS = 0.05
TANGENT_PLANE = 0.004  # relative, within 500 km between 15 and 42 degrees north

RADIUS = st.floats(10, 100)
SHAPE = st.floats(1.0, 2.5)


@given(radius=RADIUS, shape=SHAPE)
def test_the_wind_peaks_at_the_radius_of_maximum_wind(radius, shape):
    assert holland(radius, radius, shape) == pytest.approx(1.0, abs=LAST_BITS)
    assert holland(radius * 0.99, radius, shape) < 1.0
    assert holland(radius * 1.01, radius, shape) < 1.0


@given(radius=RADIUS, shape=SHAPE, near=st.floats(1.0, 30.0), step=st.floats(0.01, 5.0))
def test_the_wind_falls_outside_of_the_radius_of_maximum_wind(radius, shape, near, step):
    assert holland(radius * (near + step), radius, shape) < holland(radius * near, radius, shape)


@given(radius=RADIUS, shape=SHAPE, near=st.floats(0.2, 0.98), step=st.floats(0.01, 0.02))
def test_the_wind_rises_inside_of_the_radius_of_maximum_wind(radius, shape, near, step):
    assert holland(radius * (near + step), radius, shape) > holland(radius * near, radius, shape)


@given(radius=RADIUS, shape=SHAPE)
def test_the_eye_is_calm_and_the_profile_has_no_step_there(radius, shape):
    assert holland(0.0, radius, shape) == 0.0
    assert holland(radius * 1.0001e-3, radius, shape) == 0.0


def test_holland_has_the_value_of_its_formula():
    """B = 1.5 at twice the radius: u = 2 ** -1.5 = 0.3535534, sqrt(u exp(1 - u)) = 0.8214887"""
    u = 2.0**-1.5
    assert u == pytest.approx(0.3535534, abs=5e-8)
    assert holland(60.0, 30.0, 1.5) == pytest.approx(0.8214887, abs=5e-8)


@given(max_wind=st.floats(0, 130), latitude=st.floats(0, 45))
def test_the_shape_stays_in_the_range_of_holland_1980(max_wind, latitude):
    assert 1.0 <= holland_shape(max_wind, latitude) <= 2.5


def test_the_radius_is_that_of_willoughby_2006():
    """Equation 7a: 46.4 km at no wind on the equator; 46.4 exp(-0.0155 * 50 + 0.0169 * 25)"""
    assert radius_of_maximum_wind(0.0, 0.0) == 46.4
    assert radius_of_maximum_wind(50.0, 25.0) == pytest.approx(
        46.4 * math.exp(-0.3525), rel=LAST_BITS
    )


@pytest.mark.parametrize(
    ("hours", "knots"),
    [(0, 90.0), (6, 62.5), (12, 46.9), (24, 33.2)],
)
def test_a_storm_of_100_knots_decays_as_kaplan_and_demaria_1995_have_it(hours, knots):
    """26.7 + (0.9 * 100 - 26.7) exp(-0.095 t), worked by hand in knots"""
    wind = inland_wind(100 * KNOT, hours, 0.9, 26.7 * KNOT, 0.095)
    assert wind / KNOT == pytest.approx(knots, abs=PRINTED_KNOTS)


@given(max_wind=st.floats(16, 90), hours=st.floats(0, 60), step=st.floats(0.01, 10))
def test_the_wind_inland_falls_with_time_and_never_below_the_background(max_wind, hours, step):
    vortex = Vortex()
    terms = (vortex.reduction, vortex.background, vortex.decay)
    later = inland_wind(max_wind, hours + step, *terms)
    assert vortex.background <= later < inland_wind(max_wind, hours, *terms)


@given(max_wind=st.floats(0, 15.2), hours=st.floats(0, 60))
def test_a_storm_below_the_background_does_not_grow(max_wind, hours):
    assert inland_wind(max_wind, hours, 0.9, 13.74, 0.095) == 0.9 * max_wind


@given(
    latitude=st.floats(15, 42),
    longitude=st.floats(105, 125),
    bearing=st.floats(0, 2 * math.pi),
    km=st.floats(1, 500),
)
def test_the_tangent_plane_is_within_its_stated_error_of_the_great_circle(
    latitude, longitude, bearing, km
):
    arc = km / EARTH_RADIUS
    south = math.radians(latitude)
    site = math.asin(
        math.sin(south) * math.cos(arc) + math.cos(south) * math.sin(arc) * math.cos(bearing)
    )
    turned = math.atan2(
        math.sin(bearing) * math.sin(arc) * math.cos(south),
        math.cos(arc) - math.sin(south) * math.sin(site),
    )
    place = (math.degrees(site), longitude + math.degrees(turned))
    plane = math.hypot(east_km(latitude, longitude, *place), north_km(latitude, place[0]))
    assert plane == pytest.approx(km, rel=TANGENT_PLANE)
