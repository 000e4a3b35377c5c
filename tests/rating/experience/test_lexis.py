"""Counting lives: the fast way against a walk day by day, and the conventions at the edges."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.numbers.dates import anniversary
from product_factory.types import day_number
from rating.experience.lexis import anniversaries, count

FIRST = date(1995, 1, 1)
DAYS = st.integers(0, 3_000)
LIVES = st.lists(
    st.tuples(DAYS, st.integers(0, 2_500), st.integers(0, 400), st.booleans(), st.integers(0, 1)),
    min_size=1,
    max_size=8,
)


def day_by_day(lives, places):
    """Walk every life one day at a time; each day is a share of the year that it stands in."""
    exposure, events = np.zeros((2, len(places))), np.zeros((2, len(places)))
    for enters, leaves, clock, happened, group in lives:
        for column, place in enumerate(places):
            opens, closes = anniversary(clock, place), anniversary(clock, place + 1)
            day = enters
            while day < leaves:
                if opens <= day < closes:
                    exposure[group, column] += 1.0 / (closes - opens).days
                day += timedelta(days=1)
            inside = opens < leaves <= closes
            inside |= leaves == enters == opens == clock
            events[group, column] += inside and happened
    return exposure, events


@given(LIVES)
def test_exposure_and_events_are_those_of_a_walk_day_by_day(drawn):
    lives = []
    for late, lasted, before, happened, group in drawn:
        enters = FIRST + timedelta(days=late)
        clock = enters - timedelta(days=before)
        lives.append((enters, enters + timedelta(days=lasted), clock, happened, group))
    days = [[day_number(one[k]) for one in lives] for k in range(3)]
    counted = count(
        *(np.array(days[k]) for k in range(2)),
        np.array([one[3] for one in lives]),
        np.array(days[2]),
        np.array([one[4] for one in lives]),
        2,
        range(12),
    )
    exposure, events = day_by_day(lives, range(12))
    np.testing.assert_allclose(counted.exposure, exposure, atol=1e-12)
    np.testing.assert_array_equal(counted.events, events)


@pytest.mark.parametrize("years", [0, 1, 3, 4, 100])
def test_anniversaries_are_those_of_the_house(years):
    days = [date(1996, 2, 29), date(1995, 12, 31), date(2000, 2, 28), date(1999, 3, 1)]
    found = anniversaries(np.array([day_number(day) for day in days]), years)
    assert list(found) == [day_number(anniversary(day, years)) for day in days]


def test_a_whole_year_counts_one_and_its_last_day_closes_it():
    """From 1 March 2023 to the anniversary in a leap year: exposure 1, the event in year 1."""
    start, end = (np.array([day_number(day)]) for day in (date(2023, 3, 1), date(2024, 3, 1)))
    counted = count(start, end, np.array([True]), start, np.array([0]), 1, range(3))
    assert counted.exposure.tolist() == [[1.0, 0.0, 0.0]]
    assert counted.events.tolist() == [[1.0, 0.0, 0.0]]


def test_a_life_that_ends_on_its_first_day_is_an_event_of_the_first_year():
    start = np.array([day_number(date(2023, 3, 1))])
    counted = count(start, start, np.array([True]), start, np.array([0]), 1, range(2))
    assert counted.events.tolist() == [[1.0, 0.0]]
    assert counted.exposure.tolist() == [[0.0, 0.0]]
