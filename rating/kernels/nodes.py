"""What a contract pays for single events at given marks: the integrand of an expected cost."""

import math

import numpy as np
import numpy.typing as npt

from rating.kernels.account import PASSED, open_account
from rating.kernels.compiled import reopen, settle_compiled
from rating.kernels.distributions import drawn
from rating.kernels.jit import kernel
from rating.kernels.settle import POLICY_YEAR, Claims, Plan
from rating.kernels.terms import CORRIDOR

Floats = npt.NDArray[np.float64]


@kernel
def pay_at(plan: Plan, claims: Claims, marks: Floats, item_marks: Floats) -> Floats:
    """Pay each event by itself under fresh balances: [node, slot], 0 where nothing is paid.

    A corridor that outlasts the event takes nothing here: it begins above a sum of events.

    claims      the contract and the event;  marks: [node, mark];  item_marks: [node, mark, item],
                NaN where a mark is to be computed
    """
    slots = plan.slot_entry.size
    paid = np.zeros((marks.shape[0], slots))
    registers = np.zeros((1, slots, plan.registers.shape[1]))
    amount = np.zeros((1, slots))
    passing = np.empty((slots, 2), dtype=np.int64)
    account = open_account(plan, claims.present.size)
    trace = np.zeros((1, slots, 0))
    for node in range(marks.shape[0]):
        claims.marks[0, :] = marks[node]
        claims.item_marks[0, :, :] = item_marks[node]
        reopen(account)
        for stage in range(plan.stages.shape[0]):
            if plan.stages[stage, 0] == CORRIDOR and plan.stages[stage, 1] >= POLICY_YEAR:
                account.used[stage, :] = PASSED
        settle_compiled(plan, claims, account, registers, amount, trace, passing)
        for slot in range(slots):
            if not math.isnan(amount[0, slot]):
                paid[node, slot] = amount[0, slot]
    return paid


@kernel
def quantiles(
    pieces: Floats, code: int, parameters: Floats, factor: float, u: Floats, most: float
) -> Floats:
    """Give `factor` times what a severity gives at each u, at most `most`.

    pieces  as ``drawn`` takes them
    """
    found = np.empty(u.size)
    for node in range(u.size):
        value = drawn(pieces, code, parameters[0], parameters[1], parameters[2], u[node])
        found[node] = min(value * factor, most)
    return found


@kernel
def weighted(weights: Floats, paid: Floats) -> Floats:
    """Give the weighted sum of each column, rows added first to last."""
    total = np.zeros(paid.shape[1])
    for node in range(paid.shape[0]):
        for slot in range(paid.shape[1]):
            total[slot] += weights[node] * paid[node, slot]
    return total
