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
from rating.kernels.account import Account
from rating.kernels.effects import follow, restore_due
from rating.kernels.scalar import execute
from rating.kernels.terms import CORRIDOR, apply

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

WHERE, WAITS, UNLESS, MEANWHILE, AMOUNT, GAP, TIMES, LINES = 0, 1, 2, 3, 4, 5, 6, 7
FACT, ITEM_FACT, MARK, ITEM_MARK, CONTEXT, SO_FAR, ITEM = 0, 1, 2, 3, 4, 5, 6
LINE = 3
"""Parts of each line, from LINES on: its `when`, its value, and what a corridor begins above."""
CLAIM, EVENT, POLICY_YEAR, CONTRACT = 0, 1, 2, 3
NOTHING, PAYS, INSTEAD = 0, 1, 2
NO_END, END_COVER, END_CONTRACT = 0, 1, 2
FRESH, MET, UNLISTED = 0, 1, 2


class Plan(NamedTuple):
    """A contract's promises as arrays; an entry is an exclusion or a cover.

    exclusions        the first so many entries are exclusions
    listens           [entry, event] 1 where the entry listens
    ends              [entry] what a payment ends;  waives: 1 where it waives premiums
    effects           [effect, 4] what else follows a payment, see `rating.kernels.effects`
    sum_insured       which fact, and which fact of items, is the sum insured; -1 for none
    once              [entry] the mark of its `once`, -1 for none
    listed            [entry, choice] 1 where the entry pays for that choice of it
    outranks          [event, event] 1 where the first, if it is answered, leaves the second of the
                      same date without an answer
    date              the place of the event's date in the context
    slot_entry        [slot] its entry;  slot_item: its item, -1 for none
    parts             [entry, part, 3] first operation, last, register of the result (-1: none)
    code              [operation, 4] op, a, b, c, registers being those of the entry
    first_register    [entry] register of the entry's first operation;  first_code: of the first row
    registers         [entry, register] constants in place, the rest zero
    sources           [entry, input, 2] where an input comes from, and which one
    inputs            [entry] number of inputs
    data              keys and cells of all tables
    stages            [stage, 3] operation, per, each
    stage_line        [stage, entry] number of the line that stands there, -1 for none
    computed          [mark, 3] entry that computes it, which mark, 1 for a mark of each item
    """

    exclusions: int
    listens: Integers
    ends: Integers
    waives: Integers
    effects: Integers
    sum_insured: Integers
    once: Integers
    listed: Integers
    outranks: Integers
    date: int
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
    computed: Integers


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


def fill(plan: Plan, claims: Claims, k: int, entry: int, item: int, r: Floats) -> None:
    """Put constants and inputs into the registers of an entry for one item, -1 for none."""
    registers, sources = plan.registers, plan.sources
    for number in range(r.size):
        r[number] = registers[entry, number]
    for number in range(plan.inputs[entry]):
        kind, place = sources[entry, number, 0], sources[entry, number, 1]
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
    parts = plan.parts
    first, last, result = parts[entry, part, 0], parts[entry, part, 1], parts[entry, part, 2]
    if result < 0:
        return math.nan
    if last > first:
        base = plan.first_register[entry] + first - plan.first_code[entry]
        execute(plan.code, first, last, base, r, plan.data)
    return float(r[result])


def compute_marks(plan: Plan, claims: Claims, k: int, r: Floats) -> None:
    """Compute the marks of an event that it does not state, such as loss = damage × value."""
    for number in range(plan.computed.shape[0]):
        entry, mark = plan.computed[number, 0], plan.computed[number, 1]
        if plan.computed[number, 2] == 0:
            if math.isnan(claims.marks[k, mark]):
                fill(plan, claims, k, entry, -1, r)
                claims.marks[k, mark] = evaluate(plan, entry, AMOUNT, r)
            continue
        for item in range(claims.present.size):
            if claims.present[item] == 1 and math.isnan(claims.item_marks[k, mark, item]):
                fill(plan, claims, k, entry, item, r)
                claims.item_marks[k, mark, item] = evaluate(plan, entry, AMOUNT, r)


def reduce_sum(plan: Plan, account: Account, entry: int, item: int, r: Floats) -> None:
    """Let an entry read the sum insured less by what has reduced it, never below zero."""
    for number in range(plan.inputs[entry]):
        kind, which = plan.sources[entry, number, 0], plan.sources[entry, number, 1]
        if kind == FACT and which == plan.sum_insured[0]:
            r[number] = max(r[number] - account.reduced[0], 0.0)
        elif kind == ITEM_FACT and which == plan.sum_insured[1]:
            r[number] = max(r[number] - account.reduced[item + 1], 0.0)


def trigger(
    plan: Plan, entry: int, r: Floats, since: float = math.nan, count: int = 0
) -> tuple[int, float]:
    """Tell whether an entry pays, and the amount before its lines.

    since  days since the last event that it paid, NaN for none;  count: how many it has paid

    Gives NOTHING, PAYS, or INSTEAD: within the waiting period what is paid meanwhile, which passes
    no line. A waiting period of n days covers the days 0 … n - 1 since first inception, a gap of n
    days the days 0 … n - 1 since the last event paid.
    """
    if evaluate(plan, entry, WHERE, r) == 0.0:
        return NOTHING, 0.0
    inside = evaluate(plan, entry, WAITS, r) == 1.0
    excused = evaluate(plan, entry, UNLESS, r) == 1.0
    meanwhile = evaluate(plan, entry, MEANWHILE, r)
    amount = evaluate(plan, entry, AMOUNT, r)
    if inside and not excused:
        return (NOTHING, 0.0) if math.isnan(meanwhile) else (INSTEAD, meanwhile)
    if since < evaluate(plan, entry, GAP, r) or count >= evaluate(plan, entry, TIMES, r):
        return NOTHING, 0.0
    return (NOTHING, 0.0) if math.isnan(amount) else (PAYS, amount)


def outranked(plan: Plan, claims: Claims, amount: Floats, k: int) -> bool:
    """Tell whether an event before it, of the same date, was answered and outranks it.

    amount  [event, slot] NaN where an entry had nothing to do with an event
    """
    for j in range(k):
        if plan.outranks[claims.event[j], claims.event[k]] == 0:
            continue
        for slot in range(amount.shape[1]):
            if not math.isnan(amount[j, slot]):
                return True
    return False


def spent(plan: Plan, claims: Claims, account: Account, k: int, entry: int) -> int:
    """Tell whether an entry pays for what an event is: FRESH, MET (paid for), or UNLISTED."""
    choice = claims.marks[k, plan.once[entry]]
    if math.isnan(choice) or plan.listed[entry, int(choice)] == 0:
        return UNLISTED
    return MET if account.met[entry, int(choice)] == 1 else FRESH


def settle(
    plan: Plan,
    claims: Claims,
    account: Account,
    registers: Floats,
    amount: Floats,
    trace: Floats,
) -> int:
    """Pay the events of one date.

    account    what the contract carries; changed
    registers  [event, slot, register] room to work in
    amount     [event, slot] what is paid, to the cent; NaN where an entry has nothing to do with it
    trace      [event, slot, stage] what each stage left, where it has room for it

    Returns 1 when the contract ended, else 0.
    """
    passing = np.empty((amount.size, 2), dtype=np.int64)
    return settle_in(plan, claims, account, registers, amount, trace, passing)


def settle_in(
    plan: Plan,
    claims: Claims,
    account: Account,
    registers: Floats,
    amount: Floats,
    trace: Floats,
    passing: Integers,
) -> int:
    """Pay as `settle`, in room that the caller made; nothing below this line makes an array.

    Whether a cover pays is told event by event, in the order given (what outranks another stands
    before it); what a payment does follows once all events of the date have been seen.

    passing  [event × slot, 2] room for the claims that pass the lines, by event and slot
    """
    events, slots = amount.shape
    count, ends = 0, NO_END
    slot_entry, slot_item, listens = plan.slot_entry, plan.slot_item, plan.listens
    day = claims.context[0, plan.date]
    restore_due(plan.effects, plan.stages, day, account.used, account.reduced, account.due)
    for k in range(events):
        compute_marks(plan, claims, k, registers[k, 0])
        taken, start = False, count
        lesser = outranked(plan, claims, amount, k)
        for slot in range(slots):
            entry, item = slot_entry[slot], slot_item[slot]
            amount[k, slot] = math.nan
            if lesser or listens[entry, claims.event[k]] == 0 or account.alive[entry] == 0:
                continue
            if (entry >= plan.exclusions and taken) or (item >= 0 and claims.present[item] == 0):
                continue
            if plan.once[entry] >= 0 and spent(plan, claims, account, k, entry) != FRESH:
                continue
            fill(plan, claims, k, entry, item, registers[k, slot])
            reduce_sum(plan, account, entry, item, registers[k, slot])
            since = day - account.last[entry]
            pays, value = trigger(plan, entry, registers[k, slot], since, account.paid[entry])
            if pays == NOTHING:
                continue
            if entry < plan.exclusions:
                taken = True
            elif pays == PAYS:
                passing[count, 0], passing[count, 1] = k, slot
                count += 1
            amount[k, slot] = value
            ends = max(ends, plan.ends[entry])
        for row in range(start, count):
            # the slots of an entry follow one another, and pay for one event together
            entry = slot_entry[passing[row, 1]]
            if row == start or entry != slot_entry[passing[row - 1, 1]]:
                account.paid[entry] += 1
                account.last[entry] = day
                if plan.once[entry] >= 0:
                    account.met[entry, int(claims.marks[k, plan.once[entry]])] = 1
    for row in range(count):
        k, slot = passing[row, 0], passing[row, 1]
        entry = slot_entry[slot]
        if account.paid[entry] >= evaluate(plan, entry, TIMES, registers[k, slot]):
            account.alive[entry] = 0
    for stage in range(plan.stages.shape[0]):
        pass_line(plan, stage, account.used, registers, amount, passing[:count])
        if trace.shape[2] > stage:
            for k in range(events):
                for slot in range(slots):
                    trace[k, slot, stage] = amount[k, slot]
    for k in range(events):
        for slot in range(slots):
            if math.isnan(amount[k, slot]):
                continue
            amount[k, slot] = round_half_up(amount[k, slot], 1.0, 100.0)
            settle_effects(plan, account, slot, amount[k, slot], day)
    return 1 if ends == END_CONTRACT else 0


def settle_effects(plan: Plan, account: Account, slot: int, paid: float, day: float) -> None:
    """Let a payment end its cover, waive premiums, reduce and restore."""
    entry = plan.slot_entry[slot]
    if plan.ends[entry] == END_COVER:
        account.alive[entry] = 0
    if plan.waives[entry] == 1 and math.isnan(account.waived[0]):
        account.waived[0] = day
    place = plan.slot_item[slot] + 1
    used, reduced, due = account.used, account.reduced, account.due
    follow(plan.effects, plan.stages, entry, place, paid, day, used, reduced, due)


def pass_line(
    plan: Plan, stage: int, used: Floats, registers: Floats, amount: Floats, passing: Integers
) -> None:
    """Apply one stage to the claims that meet there, balance by balance.

    A balance is shared by claims of the same event (`per: claim` and `event`), item (`each: item`),
    or by all; share and average act on each claim alone.
    """
    stage_line, slot_entry, slot_item = plan.stage_line, plan.slot_entry, plan.slot_item
    operation, per, each = plan.stages[stage, 0], plan.stages[stage, 1], plan.stages[stage, 2]
    alone = operation <= 2
    for first in range(passing.shape[0]):
        k, slot = passing[first, 0], passing[first, 1]
        line = stage_line[stage, slot_entry[slot]]
        if line < 0 or not applies(plan, line, slot, registers[k, slot]):
            continue
        place = slot_item[slot] + 1 if each == 1 else 0
        total, shared, earlier = 0.0, 0, False
        for other in range(passing.shape[0]):
            if other != first and (
                alone or not together(plan, stage, registers, passing, first, other)
            ):
                continue
            if other < first:
                earlier = True
                break
            total += amount[passing[other, 0], passing[other, 1]]
            shared += 1
        if earlier:
            continue  # this balance was shared when its first claim came
        before = used[stage, place] if per >= POLICY_YEAR else 0.0
        value = line_value(plan, line, slot, total, registers[k, slot])
        above = line_above(plan, line, slot, registers[k, slot]) if operation == CORRIDOR else 0.0
        kept, after = apply(operation, total, value, before, above)
        if per >= POLICY_YEAR:
            used[stage, place] = after
        if shared == 1:
            amount[k, slot] = kept
        elif total > 0.0:
            for other in range(first, passing.shape[0]):
                if other == first or together(plan, stage, registers, passing, first, other):
                    i, j = passing[other, 0], passing[other, 1]
                    amount[i, j] = amount[i, j] * kept / total


def together(
    plan: Plan,
    stage: int,
    registers: Floats,
    passing: Integers,
    first: int,
    other: int,
) -> bool:
    """Tell whether two claims share the balance of a stage."""
    k, slot = passing[other, 0], passing[other, 1]
    line = plan.stage_line[stage, plan.slot_entry[slot]]
    if line < 0:
        return False
    if plan.stages[stage, 1] <= EVENT and k != passing[first, 0]:
        return False
    if plan.stages[stage, 2] == 1 and plan.slot_item[slot] != plan.slot_item[passing[first, 1]]:
        return False
    return applies(plan, line, slot, registers[k, slot])


def applies(plan: Plan, line: int, slot: int, r: Floats) -> bool:
    """Tell whether the `when` of a line holds; a line without one always does."""
    return evaluate(plan, plan.slot_entry[slot], LINES + LINE * line, r) != 0.0


def line_value(plan: Plan, line: int, slot: int, so_far: float, r: Floats) -> float:
    """Give the value of a line, which may read `so_far`, what the lines above left."""
    entry = plan.slot_entry[slot]
    for number in range(plan.inputs[entry]):
        if plan.sources[entry, number, 0] == SO_FAR and plan.sources[entry, number, 1] == line:
            r[number] = so_far
    return evaluate(plan, entry, LINES + LINE * line + 1, r)


def line_above(plan: Plan, line: int, slot: int, r: Floats) -> float:
    """Give what a corridor begins above; asked after `line_value`, whose `so_far` it may read."""
    return evaluate(plan, plan.slot_entry[slot], LINES + LINE * line + 2, r)
