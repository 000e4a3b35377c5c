"""Years in which events happen to the items of policies one by one, beside those of policies.

The loop is that of `sandbox.kernels.year`, and stands apart: so other products pay nothing for it.
"""

import math

import numpy as np
import numpy.typing as npt

from rating.kernels.account import open_account
from rating.kernels.compiled import reopen, settle_compiled
from rating.kernels.jit import kernel
from rating.kernels.random import stream_key
from rating.kernels.settle import Plan
from sandbox.kernels.annual import DAYS, Items, Risks, Storms, draw_marks, draw_storms
from sandbox.kernels.claims import draw_cell, silent
from sandbox.kernels.items import beside_items, draw_items, keep, keep_room, put, quiet
from sandbox.kernels.sizes import Sizes, sort_in
from sandbox.kernels.year import Losses, enter, happen, note, room, storm_marks

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@kernel
def simulate_items_block(
    plan: Plan,
    risks: Risks,
    items: Items,
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
    """Simulate the years first … first + len(paid) - 1; a cell is followed by rows of its items.

    items        what hits them alone, and where their rows stand
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
    none = np.empty(0, dtype=np.int64)
    nothing = np.empty(0), none, none, np.empty(0, dtype=np.uint64)
    cells = items.offsets.size - 1
    row, kept = none, keep_room(account, 0, 0)
    for y in range(paid.shape[0]):
        year = first + y
        which = np.empty(offsets[y + 1] - offsets[y], dtype=np.int64)
        when = np.empty(which.size)
        draw_storms(storms, risks.drivers, seed, year, which, when)
        day = np.floor(when * DAYS)
        for cell in range(cells):
            at, process, index, streams = nothing
            if not silent(risks, cell, keys[cell], year, times[y]):
                at, process, index, streams = draw_cell(
                    risks, cell, risks.policies[cell], keys[cell], year, times[y]
                )
            of_items = not quiet(risks, items, cell, keys[cell], year, times[y])
            if of_items:
                at, process, index, streams, row = beside_items(
                    cell,
                    (at, process, index, streams),
                    draw_items(risks, items, cell, keys[cell], year, times[y]),
                )
                size = items.offsets[cell + 1] - items.offsets[cell]
                kept = keep_room(account, at.size, size)
            if at.size == 0 and which.size == 0:
                continue
            enter(risks, cell, contract)
            opens, closes = risks.days[cell, 0], risks.days[cell, 1]
            inside = cell
            hit = False
            for s in range(which.size):
                if not hit and opens <= day[s] < closes:
                    hit = storm_marks(storms, cell, which[s], seed, year, 0, contract)
            claims_seen[y] += at.size
            claim, claimants = 0, 0
            # policies with claims one by one, then all others at once, who meet storms only
            while claim < at.size or (hit and claimants < risks.policies[cell]):
                begun = claim
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
                    of = row[claim] if of_items and not storm_next else cell
                    if of != inside:
                        enter(risks, of, contract)
                        inside = of
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
                        draw_marks(risks, of, p, streams[claim], year, index[claim], 0.0, contract)
                        t = at[claim] - policy
                        happened = which.size + claims_seen[y] - at.size + claim
                        happen(risks, of, contract, risks.event[p], t)
                        claim += 1
                    if of != cell:
                        place = of - items.offsets[cell]
                        put(account, items, items.item[of], kept, place, begun)
                    ended = settle_compiled(
                        plan, contract, account, registers, amount, trace, passing
                    )
                    if of != cell:
                        keep(account, items, items.item[of], kept, place, claim - 1)
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
