"""Sine and cosine in degrees against mpmath at fifty digits."""

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.numbers.trigonometry import cosine_degrees, sine_degrees

ABSOLUTE = 3e-16


def references(degrees):
    with mpmath.workdps(50):
        angle = mpmath.mpf(degrees) * mpmath.pi / 180
        return mpmath.sin(angle), mpmath.cos(angle)


@given(degrees=st.floats(-720, 720))
def test_sine_and_cosine_are_right_within_two_turns(degrees):
    sine, cosine = references(degrees)
    assert abs(sine_degrees(degrees) - sine) <= ABSOLUTE
    assert abs(cosine_degrees(degrees) - cosine) <= ABSOLUTE


@given(degrees=st.floats(-1e6, 1e6))
def test_sine_and_cosine_are_right_up_to_a_million_degrees(degrees):
    """The remainder of a multiple of 90 is exact, so a far angle is no worse than a near one"""
    sine, cosine = references(degrees)
    assert abs(sine_degrees(degrees) - sine) <= ABSOLUTE
    assert abs(cosine_degrees(degrees) - cosine) <= ABSOLUTE


@pytest.mark.parametrize(
    ("degrees", "sine", "cosine"),
    [
        (0.0, 0.0, 1.0),
        (90.0, 1.0, 0.0),
        (180.0, 0.0, -1.0),
        (270.0, -1.0, 0.0),
        (360.0, 0.0, 1.0),
        (-90.0, -1.0, 0.0),
        (360090.0, 1.0, 0.0),
    ],
)
def test_quarter_turns_are_exact(degrees, sine, cosine):
    assert (sine_degrees(degrees), cosine_degrees(degrees)) == (sine, cosine)


@given(degrees=st.floats(-360, 360))
def test_the_squares_add_up_to_one(degrees):
    sine, cosine = sine_degrees(degrees), cosine_degrees(degrees)
    assert abs(sine * sine + cosine * cosine - 1.0) <= 4 * ABSOLUTE
