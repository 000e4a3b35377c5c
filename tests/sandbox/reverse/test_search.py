"""The search: where a measured function first reaches its limit, against closed forms."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from sandbox.measures import Measured
from sandbox.reverse.search import Limit, most_steps, search, turns


def measured(value, error=0.0):
    return Measured.normal(value, error, "given", 100, "")


class Counted:
    """A function that counts how often it is asked."""

    def __init__(self, function, error=0.0):
        self.function, self.error, self.asked = function, error, []

    def __call__(self, size):
        self.asked.append(size)
        return measured(self.function(size), self.error)


FUNCTIONS = {
    "line": lambda x: 0.6 * x,
    "cube": lambda x: x**3 - 30.0,
    "steep": lambda x: math.tanh(20.0 * (x - 2.7)),
    "flat": lambda x: (x - 2.2) ** 9,
    "steps": lambda x: math.floor(10.0 * x) - 23.5,
    "root": lambda x: math.sqrt(x) - 1.3,
}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_bracket_holds_the_place_and_is_as_narrow_as_asked(name):
    function, width = FUNCTIONS[name], 0.001
    limit = 1.0 if name == "line" else 0.0
    asked = Counted(function)
    found = search(asked, (1.0, 5.0), Limit(limit, upwards=True), width)
    left, right = found.bracket
    assert found.status == "found"
    assert 0.0 < right - left <= width
    assert function(left) < limit <= function(right)
    assert left <= found.size <= right
    if name not in ("steps", "flat"):  # which have no root that a library finds to a digit
        root = brentq(lambda x: function(x) - limit, 1.0, 5.0, xtol=1e-12)
        assert left - 1e-9 <= root <= right + 1e-9
    assert len(asked.asked) == len(set(asked.asked)) <= most_steps((1.0, 5.0), width)


def test_a_line_is_found_at_once_and_far_sooner_than_by_halving():
    asked = Counted(FUNCTIONS["line"])
    found = search(asked, (1.0, 5.0), Limit(1.0, upwards=True), 1e-6)
    assert math.isclose(found.size, 1.0 / 0.6, rel_tol=1e-12)
    assert len(asked.asked) < 6 + 10  # halving takes 6 and 20


@settings(max_examples=60, deadline=None)
@given(st.floats(0.05, 0.95), st.floats(0.001, 0.05), st.booleans())
def test_the_interval_is_where_the_measure_and_1_96_errors_cross(share, error, falling):
    """A line with one error everywhere: the ends are (limit ∓ 1.96 errors) / slope."""
    ends = (3.0, 1.0) if falling else (1.0, 3.0)
    sign = -1.0 if falling else 1.0
    limit = Limit(share * 2.0 + 1.0, upwards=not falling)
    found = search(Counted(lambda x: x, error), ends, limit, 1e-4)
    reach = 1.959963984540054 * error
    assert math.isclose(found.size, limit.value, abs_tol=1e-4)
    low, high = found.interval
    for end, side in ((low, -sign), (high, sign)):
        expected = limit.value + side * reach
        if min(ends) < expected < max(ends):
            assert math.isclose(end, expected, abs_tol=1.1e-4)
            assert (end - expected) * side >= -1e-12  # outwards
    assert low is not None
    if not min(ends) < limit.value + sign * reach < max(ends):
        assert high is None


def test_what_is_broken_at_the_start_is_asked_once():
    asked = Counted(lambda x: x)
    found = search(asked, (1.0, 5.0), Limit(0.5, upwards=True), 0.01)
    assert (found.status, found.size, len(asked.asked)) == ("broken_already", None, 1)


def test_not_reached_is_an_answer_and_says_whether_it_may_be():
    surely = search(Counted(lambda x: x), (1.0, 5.0), Limit(6.0, upwards=True), 0.01)
    assert (surely.status, surely.size, surely.may, surely.interval) == (
        "not_reached",
        None,
        None,
        (None, None),
    )
    perhaps = search(Counted(lambda x: x, 1.0), (1.0, 5.0), Limit(6.0, upwards=True), 0.01)
    assert perhaps.status == "not_reached"
    assert math.isclose(perhaps.interval[0], 6.0 - 1.96, abs_tol=0.02)
    assert perhaps.interval[1] is None


def test_an_infinite_error_bounds_nothing_and_stops_nothing():
    found = search(Counted(lambda x: x, math.inf), (1.0, 5.0), Limit(3.0, upwards=True), 0.01)
    assert found.status == "found"
    assert math.isclose(found.size, 3.0, abs_tol=0.01)
    assert found.interval == (1.0, None)


def test_a_measure_that_goes_back_is_told_with_the_stretch():
    found = search(Counted(math.sin, 0.001), (0.0, 3.0), Limit(0.5, upwards=True), 0.1)
    assert math.isclose(found.size, math.asin(0.5), abs_tol=0.1)

    def difference(left, right):
        return measured(math.sin(right) - math.sin(left), 0.001)

    back = turns(found.measured, difference, Limit(0.5, upwards=True))
    assert [(left, right) for left, right, _ in back] == [(1.8, 2.4), (2.4, 3.0)]
    assert turns(found.measured, lambda *_: measured(-1.0, 1.0), Limit(0.5, upwards=True)) == ()
