"""By whole months: whole months to come over months of the period.

银保监办发〔2020〕7号 六: net premium × (1 - months gone / months of the term). A part of a month to
come does not count.
"""

from datetime import date

from product_factory.numbers.dates import add_months, whole_months


def left(start: date, end: date, day: date) -> tuple[int, int]:
    """Give the part that is to come as a fraction: numerator, denominator."""
    total = whole_months(start, end)
    if add_months(start, total) < end:  # a period that is no whole number of months
        total += 1
    return min(max(whole_months(day, end), 0), total), total
