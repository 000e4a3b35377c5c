"""Event sets and vortices refuse what is not a storm."""

import pytest

from product_factory.errors import BadValue
from rating.hazards.event_set import event_set
from rating.hazards.vortex import Vortex

COLUMNS = {
    "yearly_rate": [0.1, 0.2],
    "latitude": [24.0, 25.0],
    "longitude": [118.0, 119.0],
    "heading": [300.0, 310.0],
    "speed": [20.0, 20.0],
    "max_wind": [40.0, 50.0],
    "radius": [40.0, 30.0],
}


def test_an_event_set_gives_its_storms_in_the_order_of_the_kernel_and_cannot_be_written():
    events = event_set(["a", "b"], COLUMNS)
    assert len(events) == 2
    assert events.storms()[1].tolist() == [25.0, 119.0, 310.0, 20.0, 50.0, 30.0]
    with pytest.raises(ValueError, match="read-only"):
        events.max_wind[0] = 1.0


@pytest.mark.parametrize(
    ("names", "change", "says"),
    [
        (["a", "a"], {}, "event: expected every event once, got 'a' twice"),
        (["a", "b"], {"radius": [40.0]}, "radius: expected 2 values, got 1"),
        (
            ["a", "b"],
            {"max_wind": [40.0, float("nan")]},
            "max_wind of event 'b': expected 0 to 130, got nan",
        ),
        (
            ["a", "b"],
            {"yearly_rate": [-0.1, 0.1]},
            "yearly_rate of event 'a': expected 0 to 100, got -0.1",
        ),
    ],
)
def test_a_column_that_holds_no_storm_is_refused(names, change, says):
    with pytest.raises(BadValue) as refused:
        event_set(names, COLUMNS | change)
    assert str(refused.value) == says


def test_a_missing_column_is_named():
    short = {name: values for name, values in COLUMNS.items() if name != "speed"}
    with pytest.raises(BadValue, match="expected a column 'speed', got yearly_rate, latitude"):
        event_set(["a", "b"], short)


def test_a_vortex_outside_of_its_domain_is_refused():
    with pytest.raises(BadValue) as refused:
        Vortex(reduction=1.1)
    assert str(refused.value) == "reduction: expected 0 to 1, got 1.1"
