"""A twin of BasicTerm_M with tables and points of our own, and numpy month by month."""

import numpy as np

from tests.benchmarks.lifelib.package import interest_table, mortality_table

FIRST_AGE, LAST_AGE, YEARS = 20, 59, 20
MONTHS = 12


def mortality():
    """Gompertz by age, a tenth more in each year since entry, five years select."""
    age, year = np.arange(18, 121)[:, None], np.arange(6)[None, :]
    return np.minimum(0.00025 * 1.08 ** (age - 18) * 1.1**year, 1.0).round(9)


def interest():
    return (0.03 * (1.0 - 0.9 ** np.arange(YEARS + 1))).round(5)


def tables():
    return {
        "mort_table": mortality_table(mortality(), 18),
        "disc_rate_ann": interest_table(interest()),
    }


def points(count, seed=1):
    """Age at entry, term in years, sum assured."""
    rng = np.random.default_rng(seed)
    return (
        rng.integers(FIRST_AGE, LAST_AGE + 1, count),
        rng.choice(np.array([10, 15, 20]), count),
        1_000.0 * rng.integers(100, 1_000, count),
    )


def by_numpy(death, lapse, worth, spent, age, term, sum_assured):
    """Net cash flow of each point: the slow textbook, and what numpy does without a kernel.

    death  [age, min(year, 5)] and lapse [year] a month; worth, spent: [month]; age: row of death
    """
    p = np.ones(len(age))
    due, first, claims, expenses = (np.zeros(len(age)) for _ in range(4))
    for month in range(MONTHS * int(term.max())):
        year = month // MONTHS
        # a point beyond its term reads some row, and counts for nothing
        q = death[np.minimum(age + year, len(death) - 1), min(year, 5)]
        there = p * (worth[month] * (year < term))
        due += there
        claims += there * q
        expenses += there * spent[month]
        if year == 0:
            first += there
        p = p * (1.0 - q) * (1.0 - lapse[year])
    claims = claims * sum_assured
    premium = np.around(1.5 * claims / due, 2)
    return premium * (due - first) - claims - expenses
