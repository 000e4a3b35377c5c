"""What a contract pays for the events of one date: triggers, amounts, then line by line.

One plain function, `settle`: `claim` runs it as it stands, the sandbox compiles it, so that there
is one definition of what a claim pays. Amounts live in `amount[event, slot]`; a slot is a cover
and one of its items (or the cover alone). Exclusions are entries of their own, read before covers.

Stages stand in an order that keeps every cover's own lines in theirs. Claims that meet at a stage
share its balance in proportion to what the lines above left.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from product_factory.numbers.rounding import round_half_up
from rating.kernels.scalar import execute
from rating.kernels.terms import apply

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

WHERE, WAITS, UNLESS, MEANWHILE, AMOUNT, LINES = 0, 1, 2, 3, 4, 5
FACT, ITEM_FACT, MARK, ITEM_MARK, CONTEXT, SO_FAR, ITEM = 0, 1, 2, 3, 4, 5, 6
CLAIM, EVENT, POLICY_YEAR, CONTRACT = 0, 1, 2, 3
NOTHING, PAYS, INSTEAD = 0, 1, 2
NO_END, END_COVER, END_CONTRACT = 0, 1, 2


class Plan(NamedTuple):
    """A contract's promises as arrays; an entry is an exclusion or a cover.

    exclusions        the first so many entries are exclusions
    listens           [entry, event] 1 where the entry listens
    ends              [entry] what a payment ends
    slot_entry        [slot] its entry;  slot_item: its item, -1 for none
    parts             [entry, part, 3] first operation, last, register of the result (-1: no such part)
    code              [operation, 4] op, a, b, c, registers being those of the entry
    first_register    [entry] register of the entry's first operation;  first_code: of the first row
    registers         [entry, register] constants in place, the rest zero
    sources           [entry, input, 2] where an input comes from, and which one
    inputs            [entry] number of inputs
    data              keys and cells of all tables
    stages            [stage, 3] operation, per, each
    stage_line        [stage, entry] number of the line that stands there, -1 for none
    """

    exclusions: int
    listens: Integers
    ends: Integers
    slot_entry: Integers
    slot_item: Integers
    parts: Integers
    code: Integers
    first_register: Integers
    first_code: Integers
    registers: Floats
    sources: Integers
    inputs: Integers
    data: Floats
    stages: Integers
    stage_line: Integers


class Claims(NamedTuple):
    """The events of one date, and the contract that they meet.

    event       [event] which event of the plan
    facts       [fact] of the policy;  item_facts: [fact, item];  present: [item] 1 if insured
    marks       [event, mark];  item_marks: [event, mark, item], NaN where not hit
    context     [event, name] the closed list, in the order of `rating.payout.CONTEXT`
    """

    event: Integers
    facts: Floats
    item_facts: Floats
    present: Integers
    marks: Floats
    item_marks: Floats
    context: Floats


def fill(plan: Plan, claims: Claims, k: int, slot: int, r: Floats) -> None:
    """Put constants and inputs into the registers of a slot."""
    entry, item = plan.slot_entry[slot], plan.slot_item[slot]
    for number in range(r.size):
        r[number] = plan.registers[entry, number]
    for number in range(plan.inputs[entry]):
        kind, place = plan.sources[entry, number, 0], plan.sources[entry, number, 1]
        value = math.nan
        if kind == FACT:
            value = claims.facts[place]
        elif kind == MARK:
            value = claims.marks[k, place]
        elif kind == CONTEXT:
            value = claims.context[k, place]
        elif kind == ITEM:
            value = float(item)
        elif kind == ITEM_FACT and item >= 0:
            value = claims.item_facts[place, item]
        elif kind == ITEM_MARK and item >= 0:
            value = claims.item_marks[k, place, item]
        r[number] = value


def evaluate(plan: Plan, entry: int, part: int, r: Floats) -> float:
    """Run one part of an entry and give its result; NaN when there is no such part."""
    first, last, result = plan.parts[entry, part, 0], plan.parts[entry, part, 1], plan.parts[entry, part, 2]
    if result < 0:
        return math.nan
    base = plan.first_register[entry] + first - plan.first_code[entry]
    execute(plan.code, first, last, base, r, plan.data)
    return float(r[result])


def trigger(plan: Plan, entry: int, r: Floats) -> tuple[int, float]:
    """Tell whether an entry pays, and the amount before its lines.

    Gives NOTHING, PAYS, or INSTEAD: within the waiting period what is paid meanwhile, which passes
    no line. A waiting period of n days covers the days 0 … n - 1 since first inception.
    """
    if evaluate(plan, entry, WHERE, r) == 0.0:
        return NOTHING, 0.0
    inside = evaluate(plan, entry, WAITS, r) == 1.0
    excused = evaluate(plan, entry, UNLESS, r) == 1.0
    meanwhile = evaluate(plan, entry, MEANWHILE, r)
    amount = evaluate(plan, entry, AMOUNT, r)
    if inside and not excused:
        return (NOTHING, 0.0) if math.isnan(meanwhile) else (INSTEAD, meanwhile)
    return (NOTHING, 0.0) if math.isnan(amount) else (PAYS, amount)


def settle(
    plan: Plan,
    claims: Claims,
    used: Floats,
    alive: Integers,
    registers: Floats,
    amount: Floats,
    trace: Floats,
) -> int:
    """Pay the events of one date.

    used       [stage, item + 1] what is used up of yearly and contract balances; changed
    alive      [entry] 1 while the cover lasts; changed by what a payment ends
    registers  [event, slot, register] room to work in
    amount     [event, slot] what is paid, to the cent; NaN where an entry has nothing to do with it
    trace      [event, slot, stage] what each stage left, where it has room for it

    Returns 1 when the contract ended, else 0.
    """
    events, slots = amount.shape
    final = np.zeros(slots * events, dtype=np.int64).reshape(events, slots)
    ends = NO_END
    for k in range(events):
        taken = False
        for slot in range(slots):
            entry, item = plan.slot_entry[slot], plan.slot_item[slot]
            amount[k, slot] = math.nan
            listens = plan.listens[entry, claims.event[k]] == 1 and alive[entry] == 1
            if not listens or (entry >= plan.exclusions and taken):
                continue
            if item >= 0 and claims.present[item] == 0:
                continue
            fill(plan, claims, k, slot, registers[k, slot])
            pays, value = trigger(plan, entry, registers[k, slot])
            if pays == NOTHING:
                continue
            if entry < plan.exclusions:
                taken = True
            if entry < plan.exclusions or pays == INSTEAD:
                final[k, slot] = 1
            amount[k, slot] = value
            if plan.ends[entry] > ends:
                ends = plan.ends[entry]
            if plan.ends[entry] == END_COVER:
                alive[entry] = 0
    for stage in range(plan.stages.shape[0]):
        adjust(plan, stage, used, registers, amount, final)
        if trace.shape[2] > stage:
            for k in range(events):
                for slot in range(slots):
                    trace[k, slot, stage] = amount[k, slot]
    for k in range(events):
        for slot in range(slots):
            amount[k, slot] = round_half_up(amount[k, slot], 1.0, 100.0)
    return 1 if ends == END_CONTRACT else 0


def adjust(
    plan: Plan, stage: int, used: Floats, registers: Floats, amount: Floats, final: Integers
) -> None:
    """Apply one stage to all claims that meet there."""
    events, slots = amount.shape
    per, each = plan.stages[stage, 1], plan.stages[stage, 2]
    groups = used.shape[1] if each == 1 else 1
    rounds = events if per <= EVENT else 1
    for k in range(rounds):
        first, last = (k, k + 1) if per <= EVENT else (0, events)
        for group in range(groups):
            if plan.stages[stage, 0] <= 2:  # noqa: PLR2004 - share and average act on each claim alone
                for slot in range(slots):
                    one_balance(plan, stage, used, registers, amount, final, first, last, slot, -1)
            else:
                item = group if each == 1 else -1
                one_balance(plan, stage, used, registers, amount, final, first, last, -1, item)


def meets(
    plan: Plan, stage: int, amount: Floats, final: Integers, k: int, slot: int, only: int, item: int
) -> int:
    """Give the number of the line at which a claim meets this stage, -1 when it does not."""
    if (only >= 0 and slot != only) or (item >= 0 and plan.slot_item[slot] + 1 != item):
        return -1
    if final[k, slot] == 1 or math.isnan(amount[k, slot]):
        return -1
    return int(plan.stage_line[stage, plan.slot_entry[slot]])


def one_balance(  # noqa: PLR0913 - the arrays of one contract
    plan: Plan,
    stage: int,
    used: Floats,
    registers: Floats,
    amount: Floats,
    final: Integers,
    first: int,
    last: int,
    only: int,
    item: int,
) -> None:
    """Apply a line once to the sum of the claims that share it, and share the result in proportion.

    first, last  the events that share it;  only: one slot, or -1;  item: one item + 1, or -1
    """
    slots = amount.shape[1]
    total, claims, value = 0.0, 0, math.nan
    for k in range(first, last):
        for slot in range(slots):
            line = meets(plan, stage, amount, final, k, slot, only, item)
            if line >= 0 and applies(plan, line, slot, registers[k, slot]):
                total += amount[k, slot]
                claims += 1
    if claims == 0:
        return
    place = item if item >= 0 else 0
    per = plan.stages[stage, 1]
    before = used[stage, place] if per >= POLICY_YEAR else 0.0
    kept, after = 0.0, before
    for k in range(first, last):
        for slot in range(slots):
            line = meets(plan, stage, amount, final, k, slot, only, item)
            if line < 0 or not applies(plan, line, slot, registers[k, slot]):
                continue
            if math.isnan(value):  # the first claim gives the value of the line
                value = line_value(plan, line, slot, total, registers[k, slot])
                kept, after = apply(plan.stages[stage, 0], total, value, before)
            if claims == 1:
                amount[k, slot] = kept
            elif total > 0.0:
                amount[k, slot] = amount[k, slot] * kept / total
    if per >= POLICY_YEAR:
        used[stage, place] = after


def applies(plan: Plan, line: int, slot: int, r: Floats) -> bool:
    """Tell whether the `when` of a line holds; a line without one always does."""
    return evaluate(plan, plan.slot_entry[slot], LINES + 2 * line, r) != 0.0


def line_value(plan: Plan, line: int, slot: int, so_far: float, r: Floats) -> float:
    """Give the value of a line, which may read `so_far`, what the lines above left."""
    entry = plan.slot_entry[slot]
    for number in range(plan.inputs[entry]):
        if plan.sources[entry, number, 0] == SO_FAR and plan.sources[entry, number, 1] == line:
            r[number] = so_far
    return evaluate(plan, entry, LINES + 2 * line + 1, r)
