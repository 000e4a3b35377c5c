"""What a contract pays for single events at given marks: the integrand of an expected cost."""

import math

import numpy as np
import numpy.typing as npt

from rating.kernels.compiled import settle_compiled
from rating.kernels.distributions import severity_quantile
from rating.kernels.jit import kernel
from rating.kernels.settle import Claims, Plan

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@kernel
def pay_one(plan: Plan, claims: Claims, registers: Floats, amount: Floats, used: Floats) -> None:
    """Pay one event under fresh balances."""
    used[:] = 0.0
    alive = np.ones(plan.ends.size, dtype=np.int64)
    settle_compiled(plan, claims, used, alive, registers, amount, np.zeros((1, amount.shape[1], 0)))


@kernel
def pay_at(
    plan: Plan,
    claims: Claims,
    mark: int,
    each: int,
    values: Floats,
) -> Floats:
    """Pay an event at each row of values; [node, slot], an amount that is not paid is 0.

    mark    which mark is varied;  each: 1 for a mark of each item, values[node, item]
    """
    slots = plan.slot_entry.size
    paid = np.zeros((values.shape[0], slots))
    registers = np.zeros((1, slots, plan.registers.shape[1]))
    amount = np.zeros((1, slots))
    used = np.zeros((plan.stages.shape[0], claims.present.size + 1))
    for node in range(values.shape[0]):
        claims.item_marks[:] = math.nan
        if each == 1:
            for item in range(claims.present.size):
                claims.item_marks[0, mark, item] = values[node, item]
        else:
            claims.marks[0, mark] = values[node, 0]
        # computed marks were filled for the node before
        pay_one(plan, claims, registers, amount, used)
        for slot in range(slots):
            if not math.isnan(amount[0, slot]):
                paid[node, slot] = amount[0, slot]
    return paid


@kernel
def quantiles(code: Integers, parameters: Floats, u: Floats) -> Floats:
    """Give the severity quantile of each item at each u: [node, item], NaN where there is none."""
    found = np.full((u.size, code.size), math.nan)
    for item in range(code.size):
        if code[item] >= 0:
            p = parameters[item]
            for node in range(u.size):
                found[node, item] = severity_quantile(code[item], p[0], p[1], p[2], u[node])
    return found
