"""Rates that fall with the calendar year."""

import numpy as np

from product_factory.errors import BadValue
from rating.engines.multistate.chain import Floats, Integers


def improved(base: Floats, reductions: Floats) -> Floats:
    """Give the rates by age and calendar year: q(age, base + j) = q(age) × Π (1 - reduction).

    base        [age] rates of the base year
    reductions  [age, j] relative fall from year base + j to the next
    Shape [age, years + 1]; the first column is the base year.
    """
    if not (reductions < 1.0).all():
        raise BadValue("expected reductions below 100%")
    found = np.empty((len(base), reductions.shape[1] + 1))
    found[:, 0] = base
    for year in range(reductions.shape[1]):
        found[:, year + 1] = found[:, year] * (1.0 - reductions[:, year])
    return found


def diagonal(table: Floats, age: Integers, year: Integers, years: int) -> Floats:
    """Follow lives through a table by age and calendar year: [life, year].

    age, year  places in the table at the start. A life beyond the last calendar year keeps its
    rates; beyond the last age is an error, since the table ends too early.
    """
    along = np.arange(years)
    ages, calendar = age[:, None] + along, year[:, None] + along
    if years and (ages.min() < 0 or ages.max() >= table.shape[0] or calendar.min() < 0):
        raise BadValue(f"the table of {table.shape[0]} ages ends too early, or begins too late")
    found: Floats = table[ages, np.minimum(calendar, table.shape[1] - 1)]
    return found
