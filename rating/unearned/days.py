"""By days (365ths): the days to come over the days of the period that the premium is for."""

from datetime import date

from product_factory.numbers.dates import days_between


def left(start: date, end: date, day: date) -> tuple[int, int]:
    """Give the part that is to come as a fraction: numerator, denominator."""
    return max(days_between(day, end), 0), days_between(start, end)
