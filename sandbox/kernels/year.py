"""The years of a block: draw, pay in order of time, add up."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rating.kernels.account import open_account
from rating.kernels.compiled import reopen, settle_compiled
from rating.kernels.emanuel import emanuel
from rating.kernels.jit import borrower, kernel
from rating.kernels.random import stream_key, uniform
from rating.kernels.settle import Claims, Plan
from sandbox.kernels.annual import Risks, Storms, choose, draw_marks, draw_storms
from sandbox.kernels.claims import draw_cell, silent_cells
from sandbox.kernels.sizes import Sizes, sort_in
from sandbox.kernels.strata import twin_of

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
DAYS = 365.0


class RiskLosses(NamedTuple):
    """Losses of equal policies in one event, a row each, as reinsurance sees them.

    year, event, cell  [row] the event's number in its year; the year's storms come first
    policies           [row] how many policies lost the same;  amount: all of them together
    time               [row] part of the year gone by
    """

    year: Integers
    event: Integers
    cell: Integers
    policies: Floats
    time: Floats
    amount: Floats


class Losses(NamedTuple):
    """Room for what policies are paid by some entries.

    protects  [entry] 1 for an entry that counts;  used: [1] rows that there are, or would be
    """

    protects: Integers
    used: Integers
    rows: RiskLosses


@borrower
def note(
    losses: Losses, year: int, event: int, cell: int, policies: float, t: float, amount: float
) -> None:
    """Add a row; where there is no room it is counted only."""
    row, rows = losses.used[0], losses.rows
    losses.used[0] += 1
    if row < rows.year.size:
        rows.year[row] = year
        rows.event[row] = event
        rows.cell[row] = cell
        rows.policies[row] = policies
        rows.time[row] = t
        rows.amount[row] = amount


@kernel
def room(risks: Risks) -> Claims:
    """Make room for one event of one contract."""
    items = risks.present.shape[0]
    return Claims(
        np.zeros(1, dtype=np.int64),
        np.zeros(risks.facts.shape[0]),
        np.zeros((risks.item_facts.shape[0], items)),
        np.zeros(items, dtype=np.int64),
        np.zeros((1, risks.marks)),
        np.zeros((1, risks.item_marks, items)),
        np.zeros((1, risks.context.shape[1])),
    )


@borrower
def enter(risks: Risks, cell: int, contract: Claims) -> None:
    """Put the facts of a cell into the contract."""
    for fact in range(contract.facts.size):
        contract.facts[fact] = risks.facts[fact, cell]
    for item in range(contract.present.size):
        contract.present[item] = risks.present[item, cell]
        for fact in range(contract.item_facts.shape[0]):
            contract.item_facts[fact, item] = risks.item_facts[fact, item, cell]
    for name in range(contract.context.shape[1]):
        contract.context[0, name] = risks.context[cell, name]


@borrower
def happen(risks: Risks, cell: int, claims: Claims, event: int, t: float) -> None:
    """Say which event happens and on which day; the contract began on day 0.

    t  part of the year gone by; rounding may move it over midnight, but not out of the time on risk
    """
    claims.event[0] = event
    day = float(max(min(math.floor(t * DAYS), risks.days[cell, 1] - 1), risks.days[cell, 0]))
    for place in risks.clock:
        claims.context[0, place] = risks.context[cell, place] + day


@borrower
def storm_marks(
    storms: Storms, cell: int, storm: int, seed: np.uint64, year: int, number: int, claims: Claims
) -> bool:
    """Give the marks of a storm at a cell; False where it destroys nothing."""
    wind = storms.intensity[storm, storms.place[cell]]
    hit = False
    claims.marks[:] = math.nan
    claims.item_marks[:] = math.nan
    if storms.intensity_mark >= 0:
        claims.marks[0, storms.intensity_mark] = wind
    for item in range(claims.present.size):
        if claims.present[item] == 1 and not math.isnan(storms.damage[cell, item, 0]):
            damage = emanuel(wind, storms.damage[cell, item, 0], storms.damage[cell, item, 1])
            claims.item_marks[0, storms.mark, item] = damage
            hit = hit or damage > 0.0
    if hit:
        key = stream_key(seed, np.uint64(0))
        for c in range(storms.chance_mark.size):
            index = np.uint64(1_000_000 + number * storms.chance_mark.size + c)
            u = uniform(key, np.uint64(storms.stream), np.uint64(year), index)
            claims.marks[0, storms.chance_mark[c]] = float(choose(storms.chances[c], u))
    return hit


@kernel
def simulate_block(
    plan: Plan,
    risks: Risks,
    storms: Storms,
    seed: np.uint64,
    first: int,
    times: Floats,
    offsets: Integers,
    segment: Integers,
    paid: Floats,
    by_segment: Floats,
    storm_paid: Floats,
    claims_seen: Integers,
    losses: Losses,
    sizes: Sizes,
) -> None:
    """Simulate the years first … first + len(paid) - 1.

    times        [year, process] what the mean counts of a year are multiplied by
    offsets      [year + 1] where the storms of each year stand in storm_paid
    segment      [classification, cell] which column of by_segment a cell belongs to
    paid         [year, entry];  by_segment: [year, segment];  storm_paid: [storm], all in currency
    claims_seen  [year] how many claims were drawn, storms apart
    losses       what entries that are protected pay, risk by risk
    sizes        the largest claims, and claims by size where asked
    """
    slots = plan.slot_entry.size
    registers = np.zeros((1, slots, plan.registers.shape[1]))
    amount = np.zeros((1, slots))
    passing = np.empty((slots, 2), dtype=np.int64)
    account = open_account(plan, risks.present.shape[0])
    trace = np.zeros((1, slots, 0))
    contract = room(risks)
    keys = np.array([stream_key(seed, key) for key in risks.keys])
    silences = np.empty(keys.size, dtype=np.bool_)
    none = np.empty(0, dtype=np.int64)
    nothing = np.empty(0), none, none, np.empty(0, dtype=np.uint64)
    for y in range(paid.shape[0]):
        year = first + y
        which = np.empty(offsets[y + 1] - offsets[y], dtype=np.int64)
        when = np.empty(which.size)
        twin, mirror = twin_of(risks.drivers, year)
        draw_storms(storms, risks.drivers, seed, year, which, when)
        day = np.floor(when * DAYS)
        silent_cells(risks, keys, year, times[y], silences)
        for cell in range(risks.policies.size):
            at, process, index, streams = nothing
            if not silences[cell]:
                at, process, index, streams = draw_cell(
                    risks, cell, risks.policies[cell], keys[cell], year, times[y]
                )
            elif which.size == 0:
                continue
            enter(risks, cell, contract)
            opens, closes = risks.days[cell, 0], risks.days[cell, 1]
            hit = False
            for s in range(which.size):
                if not hit and opens <= day[s] < closes:
                    hit = storm_marks(storms, cell, which[s], seed, year, 0, contract)
            claims_seen[y] += at.size
            claim, claimants = 0, 0
            # policies with claims one by one, then all others at once, who meet storms only
            while claim < at.size or (hit and claimants < risks.policies[cell]):
                last = claim
                weight = 1.0
                policy = -1.0
                if claim < at.size:
                    policy = math.floor(at[claim])
                    while last < at.size and math.floor(at[last]) == policy:
                        last += 1
                else:
                    weight = float(risks.policies[cell] - claimants)
                claimants += 1 if policy >= 0.0 else risks.policies[cell] - claimants
                reopen(account)
                s = 0
                while claim < last or (hit and s < which.size):
                    storm_next = (
                        hit and s < which.size and (claim >= last or when[s] < at[claim] - policy)
                    )
                    if storm_next:
                        number = s
                        s += 1
                        if not opens <= day[number] < closes or not storm_marks(
                            storms, cell, which[number], seed, year, number, contract
                        ):
                            continue
                        t, happened = when[number], number
                        happen(risks, cell, contract, storms.event, t)
                    else:
                        number = -1
                        p = process[claim]
                        draw_marks(
                            risks, cell, p, streams[claim], twin, index[claim], mirror, contract
                        )
                        t = at[claim] - policy
                        happened = which.size + claims_seen[y] - at.size + claim
                        happen(risks, cell, contract, risks.event[p], t)
                        claim += 1
                    ended = settle_compiled(
                        plan, contract, account, registers, amount, trace, passing
                    )
                    sort_in(sizes, plan, y, weight, registers, amount)
                    protected = 0.0
                    for slot in range(slots):
                        value = amount[0, slot]
                        if math.isnan(value) or value == 0.0:
                            continue
                        paid[y, plan.slot_entry[slot]] += value * weight
                        if losses.protects[plan.slot_entry[slot]] == 1:
                            protected += value * weight
                        if number >= 0:
                            storm_paid[offsets[y] - offsets[0] + number] += value * weight
                        for kind in range(segment.shape[0]):
                            by_segment[y, segment[kind, cell]] += value * weight
                    if protected > 0.0:
                        note(losses, year, happened, cell, weight, t, protected)
                    if ended == 1:
                        break
                claim = last
