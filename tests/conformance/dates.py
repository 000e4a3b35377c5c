"""Dates as docs/export.md counts them."""

import calendar
from datetime import date, timedelta

A_DAY = timedelta(days=1)
EPOCH = date(1970, 1, 1)


def months_later(start, months):
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def whole_months(start, day):
    """The largest number of months after which the day has come."""
    months = (day.year - start.year) * 12 + day.month - start.month
    return months if months_later(start, months) <= day else months - 1


def anniversary(start, n):
    return months_later(start, 12 * n)


def policy_year(start, day):
    return whole_months(start, day) // 12 + 1


def number_of_day(day):
    return float((day - EPOCH).days)
