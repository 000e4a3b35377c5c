"""By half months (24ths): contracts of a month begin in its middle, on average.

At the end of the month in which a contract of a year began 23 of 24 parts are to come, a month
later 21, and so on: what 银保监办发〔2020〕7号 十六 calls 1/24. It is a reserve of a portfolio;
within a month the figure is that of the month's end.
"""

from datetime import date

from product_factory.numbers.dates import MONTHS_IN_YEAR, whole_months


def left(start: date, end: date, day: date) -> tuple[int, int]:
    """Give the part that is to come as a fraction: numerator, denominator."""
    months = max(whole_months(start, end), 1)
    since = (day.year - start.year) * MONTHS_IN_YEAR + day.month - start.month
    return min(max(2 * (months - since) - 1, 0), 2 * months), 2 * months
