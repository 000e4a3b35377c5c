"""Policy years of those who are still in force: their events drawn and paid, year after year."""

import math

import numpy as np
import numpy.typing as npt

from rating.kernels.account import open_account
from rating.kernels.compiled import reopen, settle_compiled
from rating.kernels.jit import kernel
from rating.kernels.random import stream_key
from rating.kernels.settle import Plan
from sandbox.kernels.annual import Risks, draw_marks
from sandbox.kernels.claims import draw_cell
from sandbox.kernels.year import enter, happen, room

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@kernel
def in_force(begun: Integers, first: int, there: Integers) -> None:
    """Count the policies that began each step of a year, and in there[0] those of its first.

    begun  [steps + 1] policies by how many steps they began in all;  first: the year's first step
    """
    for step in range(there.size):
        count = 0
        for steps in range(first + step + 1, begun.size):
            count += begun[steps]
        there[step] = count


@kernel
def pay_years(
    plan: Plan,
    risks: Risks,
    seed: np.uint64,
    first_run: int,
    cell_of: Integers,
    year_of: Integers,
    per_year: int,
    begun: Integers,
    worth: Floats,
    settling: Floats,
    segment: Integers,
    weights: Floats,
    paid: Floats,
    spent: Floats,
    by_segment: Floats,
    seen: Integers,
    weighed: Floats,
    yearly: Floats,
) -> None:
    """Pay the policy years of runs; a row of `risks` is a policy year of a cell.

    cell_of, year_of  [row];  begun: [run, cell, steps + 1] policies by how many steps they began
    worth       [step] present value of 1 that is paid for a step
    settling    [cell, step] what settling costs, as a share of what is paid
    segment     [classification, cell] place in by_segment
    weights     [weighing, cell, entry] what a weighing counts of what is paid
    paid        [run, entry];  spent: [run];  by_segment: [run, segment];  seen: [run, process]
    weighed     [run, weighing]
    yearly      [run, policy year, 2] what is paid and what is spent; no year: nobody asks
    A policy that ends in a step has the events of that step, and none after it.
    """
    slots = plan.slot_entry.size
    registers = np.zeros((1, slots, plan.registers.shape[1]))
    amount = np.zeros((1, slots))
    passing = np.empty((slots, 2), dtype=np.int64)
    account = open_account(plan, risks.present.shape[0])
    trace = np.zeros((1, slots, 0))
    contract = room(risks)
    there = np.zeros(per_year, dtype=np.int64)
    usual = np.ones(risks.event.size)
    for row in range(cell_of.size):
        cell, before = cell_of[row], (year_of[row] - 1) * per_year
        key = stream_key(seed, risks.keys[row])
        enter(risks, row, contract)
        for r in range(paid.shape[0]):
            in_force(begun[r, cell], before, there)
            if there[0] == 0:
                continue
            run = first_run + r
            at, process, index, streams = draw_cell(risks, row, there[0], key, run, usual)
            policy = -1.0
            for claim in range(at.size):
                if math.floor(at[claim]) != policy:
                    policy = math.floor(at[claim])
                    reopen(account)
                t = at[claim] - policy
                step = min(int(t * per_year), per_year - 1)
                if policy >= there[step]:
                    continue
                p = process[claim]
                draw_marks(risks, row, p, streams[claim], run, index[claim], 0.0, contract)
                happen(risks, row, contract, risks.event[p], t)
                settle_compiled(plan, contract, account, registers, amount, trace, passing)
                seen[r, p] += 1
                for slot in range(slots):
                    value = amount[0, slot]
                    if math.isnan(value) or value == 0.0:
                        continue
                    value *= worth[before + step]
                    paid[r, plan.slot_entry[slot]] += value
                    spent[r] += value * settling[cell, before + step]
                    for grouping in range(segment.shape[0]):
                        by_segment[r, segment[grouping, cell]] += value
                    for weighing in range(weighed.shape[1]):
                        part = weights[weighing, cell, plan.slot_entry[slot]]
                        weighed[r, weighing] += part * value
                    if yearly.shape[1] > 0:
                        yearly[r, year_of[row] - 1, 0] += value
                        yearly[r, year_of[row] - 1, 1] += value * settling[cell, before + step]
