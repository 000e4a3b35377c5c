"""The limits of projecting life policies by month: one fused loop a model, written for it alone."""

import numpy as np
from numba import njit

from tests.benchmarks.limits.stretches import stretches

MONTHS = 12
LAST_SELECT = 5


@njit(nogil=True, error_model="numpy")
def term_assurance(death, lapse, worth, spent, age, term, sum_assured, out, lo, hi):
    """Net cash flow of BasicTerm_M: out[c] for lo <= c < hi.

    death  [age, min(year, 5)] and lapse [year] a month; worth, spent: [month]
    """
    for c in range(lo, hi):
        p, due, first, claims, expenses = 1.0, 0.0, 0.0, 0.0, 0.0
        for year in range(term[c]):
            q = death[age[c] + year, min(LAST_SELECT, year)]
            stay, there = (1.0 - q) * (1.0 - lapse[year]), 0.0
            for month in range(MONTHS * year, MONTHS * year + MONTHS):
                now = p * worth[month]
                there += now
                expenses += now * spent[month]
                p *= stay
            due += there
            claims += there * q
            if year == 0:
                first = there
        claims *= sum_assured[c]
        premium = np.floor(1.5 * claims / due * 100.0 + 0.5) / 100.0
        out[c] = premium * (due - first) - claims - expenses


@njit(nogil=True, error_model="numpy")
def disability(rates, worth, age, term, income, out, lo, hi):
    """Value of an income while sick, less a premium of 1 while healthy: out[c] for lo <= c < hi.

    rates  [age, (sick, dead, well, gone)] a month
    """
    for c in range(lo, hi):
        healthy, sick, paid, due = 1.0, 0.0, 0.0, 0.0
        for year in range(term[c]):
            falls, dies, recovers, goes = rates[age[c] + year]
            for month in range(MONTHS * year, MONTHS * year + MONTHS):
                due += healthy * worth[month]
                paid += sick * worth[month]
                ill = healthy * falls
                well = sick * recovers
                healthy = healthy * (1.0 - falls - dies) + well
                sick = sick * (1.0 - recovers - goes) + ill
        out[c] = income[c] * paid - due


def run(kernel, arrays, threads):
    """Every point's value, each thread one stretch of them; the last array has one a point."""
    out = np.empty(len(arrays[-1]))
    stretches(lambda lo, hi: kernel(*arrays, out, lo, hi), len(out), threads)
    return out
