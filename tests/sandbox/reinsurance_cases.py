"""Contracts of every kind, losses of every sort, and the slow textbook of a recovery."""

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from sandbox.reinsurance import (
    ExcessOfLoss,
    Exposure,
    Facultative,
    Occurrences,
    Programme,
    QuotaShare,
    StopLoss,
    Surplus,
)
from sandbox.reinsurance.occurrences import CEILING, STEP

EXPOSURE = Exposure(np.array([800.25, 0.0, 1_200.0]), np.array([500.0, 0.0, 9_000.0]))
PAID = {"attachment": 40, "limit": 300, "premium": 90, "reinstatements": (1, 0.5)}
EXAMPLES = [
    QuotaShare(name="quota", cession=0.3),
    QuotaShare(name="all", cession=1.0),
    Surplus(name="surplus", line=700, lines=2.5),
    Facultative(name="large", above=1_000, cession=0.6),
    ExcessOfLoss(name="layer", attachment=1_000, limit=5_000),
    ExcessOfLoss(name="once", attachment=100, limit=700, reinstatements=0),
    ExcessOfLoss(name="twice", attachment=0, limit=333.33, reinstatements=1),
    ExcessOfLoss(name="placed", attachment=50, limit=400, share=0.35, reinstatements=2),
    ExcessOfLoss(name="each_risk", attachment=10, limit=90, per="risk", reinstatements=3),
    ExcessOfLoss(
        name="aggregate", attachment=10, limit=900, aggregate_deductible=500, aggregate_limit=1_500
    ),
    ExcessOfLoss(name="paid", **PAID),
    ExcessOfLoss(name="paid_by_time", **PAID, pro_rata="amount_and_time"),
    ExcessOfLoss(name="paid_by_time_alone", **PAID, pro_rata="time", aggregate_deductible=70),
    ExcessOfLoss(name="paid_each_risk", **PAID, pro_rata="amount_and_time", per="risk", share=0.35),
    ExcessOfLoss(name="stop", attachment=2_500.5, limit=10_000, per="year", share=0.9),
    StopLoss(name="ratio", attachment=0.8, limit=1.5, share=0.75),
]


def occurrences(rows, years=None):
    """Give events of (year, amount) rows, one each."""
    rows = sorted(rows, key=lambda row: row[0])
    year = np.array([row[0] for row in rows], dtype=np.int64)
    amount = np.array([row[1] for row in rows], dtype=np.float64)
    return Occurrences(year, amount, years or (int(year[-1]) + 1 if len(year) else 1))


@st.composite
def yearly_losses(draw):
    """Awkward amounts: tiny, huge, with every last bit in use; several risks in one event."""
    amount = st.one_of(
        st.floats(0, 20_000), st.floats(0, CEILING / 64), st.sampled_from([0.0, 5e-324, 0.1, 1 / 3])
    )
    row = st.tuples(
        st.integers(0, 4), st.integers(0, 3), amount, st.integers(1, 7), st.floats(0, 20_000)
    )
    rows = sorted(draw(st.lists(row, max_size=24)), key=lambda row: row[:2])
    columns = [np.array([row[k] for row in rows]) for k in range(5)]
    return Occurrences(
        columns[0].astype(np.int64),
        columns[2].astype(np.float64),
        5,
        event=columns[1].astype(np.int64),
        risks=columns[3].astype(np.float64),
        time=columns[1].astype(np.float64) / 4,
        sum_insured=columns[4].astype(np.float64),
    )


def recovered(contract, events, exposure=EXPOSURE):
    """Give what a contract by itself takes of each row: exact, for it is on the grid."""
    return events.amount - Programme(contracts=(contract,)).leaves(events, exposure)


def events_of(events):
    """Give the rows of each event, [first, last)."""
    keys = list(zip(events.year.tolist(), events.event.tolist(), strict=True))
    edges = [i for i in range(len(keys)) if i == 0 or keys[i] != keys[i - 1]] + [len(keys)]
    return list(pairwise(edges))


def by_event(events, rows):
    return [float(sum(rows[first:last])) for first, last in events_of(events)]


def part_of(contract, size):
    """Give the part of a risk of some size that a proportional contract takes."""
    if isinstance(contract, QuotaShare):
        return contract.cession
    if isinstance(contract, Facultative):
        return contract.cession if size > contract.above else 0.0
    over = min(max(size - contract.line, 0.0), contract.line * contract.lines)
    return over / size if size > 0 else 0.0


def charge_of(contract, used, found, time):
    """What it costs, currency, to fill up a layer that has paid `used` as it pays `found`."""
    limit, cost = round(contract.limit / STEP), Fraction(0)
    for place, part in enumerate(contract.reinstatements or ()):
        filled = [min(max(paid - place * limit, 0), limit) for paid in (used, used + found)]
        if contract.pro_rata == "time":
            cost += Fraction(part) * (filled[0] == 0 < filled[1])
        else:
            cost += Fraction(part) * (filled[1] - filled[0]) / limit
    if contract.pro_rata != "amount":
        cost *= 1 - Fraction(float(time))
    return cost * Fraction(contract.premium) * Fraction(contract.share)


def slow(contract, events):
    """The textbook: one year at a time, in whole steps of the grid, Python integers.

    Gives what is recovered, [event], and exactly what reinstatements cost, [year].
    """

    def steps(x):
        return math.floor(x / STEP)

    amounts = events.amount.tolist()
    if isinstance(contract, QuotaShare | Surplus | Facultative):
        sizes = events.sum_insured.tolist()
        parts = [part_of(contract, size) for size in sizes]
        found = [steps(x * part) * STEP for x, part in zip(amounts, parts, strict=True)]
        return by_event(events, found), [Fraction(0)] * events.years
    scale = EXPOSURE.total() if isinstance(contract, StopLoss) else 1.0
    attachment, limit = (
        round(contract.attachment * scale / STEP),
        round(contract.limit * scale / STEP),
    )
    by_year = isinstance(contract, StopLoss) or contract.per == "year"
    ceded, year, charge = [], -1, [Fraction(0)] * events.years
    for first, last in events_of(events):
        if events.year[first] != year:
            year, so_far, used, waits = events.year[first], 0, 0, 0
            if not by_year:
                waits = round(contract.aggregate_deductible / STEP)
        if by_year:
            paid = steps(min(max(so_far - attachment, 0), limit) * STEP * contract.share)
            so_far += sum(steps(x) for x in amounts[first:last])
            due = steps(min(max(so_far - attachment, 0), limit) * STEP * contract.share)
            ceded.append((due - paid) * STEP)
            continue
        groups = [range(i, i + 1) for i in range(first, last)]
        groups = groups if contract.per == "risk" else [range(first, last)]
        recovered = 0
        for group in groups:
            if contract.per == "risk":
                (i,) = group
                one = math.floor(Fraction(amounts[i]) / int(events.risks[i]) / Fraction(STEP))
                found = min(max(one - attachment, 0), limit) * int(events.risks[i])
            else:
                loss = sum(steps(amounts[i]) for i in group)
                found = min(max(loss - attachment, 0), limit)
            kept = min(waits, found)
            waits, found = waits - kept, found - kept
            if contract.reinstatements is not None:
                found = min(found, limit * (1 + len(contract.reinstatements)) - used)
            if contract.aggregate_limit is not None:
                found = min(found, round(contract.aggregate_limit / STEP) - used)
            charge[year] += charge_of(contract, used, found, events.time[group[0]])
            used += found
            recovered += steps(found * STEP * contract.share)
        ceded.append(recovered * STEP)
    return ceded, charge
