"""The damage curve: published values first, then laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.errors import BadValue
from rating.hazards.emanuel import Emanuel
from rating.kernels.emanuel import emanuel

PRINTED = 5e-5  # four decimals
WIND = st.floats(0, 150)
THRESHOLD = st.floats(0, 40)
ABOVE = st.floats(1, 200)


@pytest.mark.parametrize(
    ("v_half", "damage"),
    [(74.7, 0.8770), (66.3, 0.9261), (112.8, 0.5593), (188.4, 0.1630), (190.5, 0.1578)],
)
def test_damage_at_120_metres_a_second_is_as_published(v_half, damage):
    """Threshold 25.7 m/s. 74.7 is the curve for the United States after Emanuel 2011, the others
    are regional fits of Eberenz, Luethi and Bresch 2021 (NHESS 21, 393-415): Caribbean and Mexico,
    mainland China, Philippines, north-west Pacific; damages as listed for CLIMADA's curves
    """
    assert emanuel(120.0, 25.7, v_half) == pytest.approx(damage, abs=PRINTED)


@given(threshold=THRESHOLD, above=ABOVE)
def test_damage_is_half_at_the_wind_of_half_damage(threshold, above):
    v_half = threshold + above
    assert emanuel(v_half, threshold, v_half) == 0.5


@given(wind=WIND, threshold=THRESHOLD, above=ABOVE)
def test_damage_is_nought_up_to_the_threshold_and_never_whole(wind, threshold, above):
    ratio = emanuel(wind, threshold, threshold + above)
    assert 0.0 <= ratio < 1.0
    assert (ratio == 0.0) or wind > threshold


@given(wind=WIND, step=st.floats(0, 50), threshold=THRESHOLD, above=ABOVE)
def test_more_wind_never_damages_less(wind, step, threshold, above):
    v_half = threshold + above
    assert emanuel(wind + step, threshold, v_half) >= emanuel(wind, threshold, v_half)


@given(winds=st.lists(WIND, max_size=20), threshold=THRESHOLD, above=ABOVE)
def test_the_object_gives_the_bits_of_the_plain_function(winds, threshold, above):
    curve = Emanuel(threshold, threshold + above)
    plain = [emanuel(wind, curve.v_threshold, curve.v_half) for wind in winds]
    assert curve.damage(np.array(winds, dtype=float)).tolist() == plain


def test_the_object_keeps_the_shape_of_the_winds():
    assert Emanuel(25.7, 74.7).damage(np.zeros((3, 2))).shape == (3, 2)


@pytest.mark.parametrize(
    ("threshold", "half", "says"),
    [
        (-1.0, 70.0, "v_threshold: expected 0 or more, got -1.0"),
        (float("nan"), 70.0, "v_threshold: expected 0 or more, got nan"),
        (30.0, 30.0, "v_half: expected above v_threshold 30.0, got 30.0"),
        (30.0, float("inf"), "v_half: expected above v_threshold 30.0, got inf"),
    ],
)
def test_a_curve_that_makes_no_sense_is_refused(threshold, half, says):
    with pytest.raises(BadValue) as refused:
        Emanuel(threshold, half)
    assert str(refused.value) == says
