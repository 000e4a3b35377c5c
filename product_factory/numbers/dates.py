"""Dates: every convention of the house, once.

- A day is counted from midnight: a cover that starts on the 1st and ends on the 31st, both
  days included, is in force for 31 days (``days_in_force``), and there are 30 days between them.
- A month later is the same day of the month, or the last day of a month that has no such day (the
  rule of Civil Code of the PRC art. 202 for periods of months and years).
- So an anniversary of 29 February, birthdays too, falls on 28 February in a common year.
- The first policy year is 1. Age is age last birthday (周岁): the anniversaries of birth passed.
"""

import calendar
from datetime import date

MONTHS_IN_YEAR = 12


def days_between(start: date, end: date) -> int:
    """Return the days from start to end: 1 from one day to the next, negative backwards."""
    return (end - start).days


def days_in_force(first: date, last: date) -> int:
    """Return the days of cover from first to last, both included; 0 if last is before first."""
    return max(0, days_between(first, last) + 1)


def add_months(start: date, months: int) -> date:
    """Return the date so many months later (or earlier), at most the last day of its month."""
    year, month = divmod(start.year * MONTHS_IN_YEAR + start.month - 1 + months, MONTHS_IN_YEAR)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day)


def anniversary(start: date, n: int) -> date:
    """Return the nth anniversary of start; start itself at 0."""
    return add_months(start, n * MONTHS_IN_YEAR)


def whole_months(start: date, on: date) -> int:
    """Return the number of whole months from start to on: the largest n with start + n <= on."""
    months = (on.year - start.year) * MONTHS_IN_YEAR + on.month - start.month
    return months if add_months(start, months) <= on else months - 1


def whole_years(start: date, on: date) -> int:
    """Return the number of anniversaries of start up to and including on; negative before."""
    years = on.year - start.year
    return years if anniversary(start, years) <= on else years - 1


def policy_year(start: date, on: date) -> int:
    """Return the policy year that contains on: 1 from start to the eve of its anniversary."""
    return whole_years(start, on) + 1


def due_so_far(start: date, on: date, times: int) -> int:
    """Return how many due dates there are up to and including on, so many times a year."""
    return whole_months(start, on) // (MONTHS_IN_YEAR // times) + 1


def age_last_birthday(birth: date, on: date) -> int:
    """Return the age in completed years (周岁) on a day; the birthday itself counts."""
    return whole_years(birth, on)
