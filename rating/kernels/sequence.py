"""Claims paid one after the other from balances that last all year, on a lattice.

A contract stands below its deductible with part of it used up, or beyond it with part of its limit
used up, so that one number says where it stands: the first `steps` states are 0, h, 2h, … of the
deductible, the states after them 0, k, 2k, … of the limit. Amounts between two points are shared by
them so that their mean is kept (Gerber 1982, as in `aggregate`). Sums run in the order written.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rating.kernels.account import PASSED, open_account
from rating.kernels.aggregate import limited
from rating.kernels.compiled import reopen, settle_compiled
from rating.kernels.jit import kernel
from rating.kernels.settle import Claims, Plan

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
NOBODY, SEVERAL = -1, -2


class Step(NamedTuple):
    """What one event does to a contract, by where it stands.

    own     [step] chances that an event uses up 0, h, 2h, … of the deductible and stays below it
    across  [point, step] chances to get from below the deductible to a point of the limit
    beyond  [point] chances that an event uses up 0, k, 2k, … of the limit, the rest at the last
    gain    [step, slot] what an event is paid below the deductible, in currency
    more    [point, slot] what it is paid beyond it
    """

    own: Floats
    across: Floats
    beyond: Floats
    gain: Floats
    more: Floats


@kernel
def arrivals(
    plan: Plan,
    claims: Claims,
    marks: Floats,
    item_marks: Floats,
    deductible: int,
    limit: int,
    arrived: Floats,
    kept: Floats,
    slot_of: Integers,
) -> None:
    """Find what each node brings to a yearly deductible, and what is kept of it once that is gone.

    deductible, limit  their stages, -1 for none; the limit is taken to last for ever
    arrived, kept, slot_of  [node], written; slot_of is NOBODY where nothing is paid, SEVERAL where
                       one event is paid by more than one slot
    """
    slots, stages = plan.slot_entry.size, plan.stages.shape[0]
    registers = np.zeros((1, slots, plan.registers.shape[1]))
    amount = np.zeros((1, slots))
    passing = np.empty((slots, 2), dtype=np.int64)
    account = open_account(plan, claims.present.size)
    trace = np.zeros((1, slots, stages))
    for node in range(marks.shape[0]):
        claims.marks[0, :] = marks[node]
        claims.item_marks[0, :, :] = item_marks[node]
        reopen(account)
        if deductible >= 0:
            account.used[deductible, :] = PASSED
        if limit >= 0:
            account.used[limit, :] = -PASSED
        settle_compiled(plan, claims, account, registers, amount, trace, passing)
        arrived[node], kept[node], slot_of[node] = 0.0, 0.0, NOBODY
        for slot in range(slots):
            if math.isnan(amount[0, slot]):
                continue
            last = trace[0, slot, stages - 1]
            comes = trace[0, slot, deductible] if deductible >= 0 else last
            if comes > 0.0:
                slot_of[node] = slot if slot_of[node] == NOBODY else SEVERAL
                arrived[node], kept[node] = comes, last


@kernel
def step_of(
    weight: Floats,
    arrived: Floats,
    kept: Floats,
    slot_of: Integers,
    slots: int,
    deductible: float,
    limit: float,
    steps: int,
    points: int,
) -> Step:
    """Make the step of one event from weighted nodes; see `arrivals`.

    deductible, limit  in currency;  steps: 0 without a deductible;  points: 0 without a limit
    """
    own = np.zeros(steps)
    across = np.zeros((points + 1, steps))
    beyond = np.zeros(points + 1)
    gain = np.zeros((steps, slots))
    more = np.zeros((points + 1, slots))
    by_slot = np.zeros((slots, points + 1))
    k = limit / points if points > 0 else 1.0
    for node in range(weight.size):
        w, x, y, slot = weight[node], arrived[node], kept[node], slot_of[node]
        if slot < 0:
            beyond[0] += w
            if steps > 0:
                own[0] += w
            continue
        put(beyond, y / k, w, points)
        put(by_slot[slot], y / k, w, points)
        if points == 0:
            more[0, slot] += w * y
        if steps == 0:
            continue
        place = x * steps / deductible
        low = min(math.floor(place), steps)
        put(own, place, w, steps)
        if low < steps:
            across[0, steps - 1 - low] += w * (place - low)
        share = deductible / (steps * x)
        for i in range(steps - low, steps):
            paid = max(0.0, y * (1.0 - share * (steps - i)))
            if points > 0:
                paid = min(paid, limit)
            gain[i, slot] += w * paid
            point = paid / k
            at = min(math.floor(point), points)
            above = min(point - at, 1.0) if at < points else 0.0
            across[at, i] += w * (1.0 - above)
            if at < points:
                across[at + 1, i] += w * above
    if points > 0:
        for slot in range(slots):
            # E[min(Y, m k)] is that of the lattice, since min bends at a point of it only
            more[:, slot] = k * limited(by_slot[slot])[::-1]
    return Step(own, across, beyond, gain, more)


@kernel
def put(chances: Floats, place: float, weight: float, last: int) -> None:
    """Share a weight between the two points around a place; what is beyond goes to the last.

    A last point that `chances` does not have takes its share away with it.
    """
    low = math.floor(place)
    if low >= last:
        if last < chances.size:
            chances[last] += weight
        return
    above = place - low
    chances[low] += weight * (1.0 - above)
    if low + 1 < chances.size:
        chances[low + 1] += weight * above


@kernel
def gains(
    step: Step,
    below: Floats,
    after: Floats,
    paid: Floats,
    stands_below: Floats,
    stands_after: Floats,
) -> None:
    """Let one event after the other happen to a contract.

    below, after  [step], [point] where the contract stands before the first
    paid          [event, slot] what each event is paid on average, written
    stands_below, stands_after  [event + 1, …] the same before each event and at the end, written
    """
    steps, points = step.gain.shape[0], step.more.shape[0]
    stands_below[0, :] = below
    stands_after[0, :] = after
    for event in range(paid.shape[0]):
        for slot in range(paid.shape[1]):
            value = 0.0
            for i in range(steps):
                value += stands_below[event, i] * step.gain[i, slot]
            for p in range(points):
                value += stands_after[event, p] * step.more[p, slot]
            paid[event, slot] = value
        for i in range(steps):
            chance = stands_below[event, i]
            if chance == 0.0:
                continue
            for j in range(steps - i):
                stands_below[event + 1, i + j] += chance * step.own[j]
        for p in range(points):
            for i in range(steps):
                stands_after[event + 1, p] += stands_below[event, i] * step.across[p, i]
        for p in range(points):
            chance = stands_after[event, p]
            if chance == 0.0:
                continue
            for j in range(points - p):
                stands_after[event + 1, p + j] += chance * step.beyond[j]
            for j in range(points - p, points):
                stands_after[event + 1, points - 1] += chance * step.beyond[j]
