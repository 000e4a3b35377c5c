"""The conventions of dates, by cases that the docstring states and by laws."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from product_factory.numbers.dates import (
    add_months,
    age_last_birthday,
    anniversary,
    days_between,
    days_in_force,
    policy_year,
    whole_months,
    whole_years,
)

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def test_an_anniversary_of_the_leap_day_is_the_last_of_february():
    leap = date(2024, 2, 29)
    assert anniversary(leap, 1) == date(2025, 2, 28)
    assert anniversary(leap, 4) == date(2028, 2, 29)
    assert anniversary(leap, -1) == date(2023, 2, 28)


def test_who_is_born_on_the_leap_day_is_a_year_older_on_the_28th():
    born = date(2004, 2, 29)
    assert age_last_birthday(born, date(2022, 2, 27)) == 17
    assert age_last_birthday(born, date(2022, 2, 28)) == 18
    assert age_last_birthday(born, date(2024, 2, 28)) == 19
    assert age_last_birthday(born, date(2024, 2, 29)) == 20


def test_the_birthday_counts():
    born = date(1990, 7, 15)
    assert age_last_birthday(born, date(2025, 7, 14)) == 34
    assert age_last_birthday(born, date(2025, 7, 15)) == 35
    assert age_last_birthday(born, born) == 0


def test_a_policy_year_begins_on_the_anniversary():
    start = date(2026, 3, 1)
    assert policy_year(start, start) == 1
    assert policy_year(start, date(2027, 2, 28)) == 1
    assert policy_year(start, date(2027, 3, 1)) == 2


@pytest.mark.parametrize(
    ("start", "months", "later"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 31), 3, date(2025, 4, 30)),
        (date(2025, 11, 15), 2, date(2026, 1, 15)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
        (date(2025, 1, 1), -1, date(2024, 12, 1)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last(start: date, months: int, later: date):
    assert add_months(start, months) == later


def test_days_are_counted_from_midnight_and_in_force_with_both_ends():
    assert days_between(date(2024, 2, 28), date(2024, 3, 1)) == 2
    assert days_between(date(2025, 3, 1), date(2025, 2, 28)) == -1
    assert days_in_force(date(2026, 1, 1), date(2026, 12, 31)) == 365
    assert days_in_force(date(2024, 1, 1), date(2024, 12, 31)) == 366
    assert days_in_force(date(2026, 1, 2), date(2026, 1, 1)) == 0


@given(start=days, on=days)
def test_a_day_lies_between_the_anniversaries_that_its_age_names(start: date, on: date):
    years = whole_years(start, on)
    assert anniversary(start, years) <= on < anniversary(start, years + 1)


@given(start=days, on=days)
def test_a_day_lies_between_the_months_that_its_count_names(start: date, on: date):
    months = whole_months(start, on)
    assert add_months(start, months) <= on < add_months(start, months + 1)


@given(start=days, on=days)
def test_age_rises_by_at_most_one_from_a_day_to_the_next(start: date, on: date):
    step = whole_years(start, on + timedelta(days=1)) - whole_years(start, on)
    assert step in (0, 1)
