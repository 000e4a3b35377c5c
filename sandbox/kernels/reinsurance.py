"""What contracts of reinsurance do with the losses of some years: plain arrays, one loop each.

Amounts, attachments and limits of layers stand on the settlement grid (multiples of 2**-10 below
2**43, see sandbox/reinsurance/occurrences.py), so every sum and difference below is exact and its
order cannot show. A contract is a row of arrays, and a programme is data: nothing is compiled for
it. No array is made here: the losses stand in `Room`.

No loop asks whether a year ends: that is random, and a processor that guesses wrong loses more
time than a loss takes. What a year has come to so far stands in an array instead.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rating.kernels.jit import inlined, kernel

Amounts: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.uint64]  # never below zero, which need not be asked

STEPS = 1024.0  # of the grid, in a unit of currency
PART, LARGE, LINES, EVENT, RISK, YEAR = range(6)
"""What a contract does: the same part of all, of large risks, of what is above a line; a layer by
event, by risk, by year."""

BY_AMOUNT, BY_BOTH, BY_TIME = range(3)
"""What a reinstatement is charged for: the part of the limit that is filled up; that and the rest
of the year; the rest of the year from the first loss that draws on it."""


class Contracts(NamedTuple):
    """Contracts in inuring order, [contract]; amounts on the grid.

    kind       PART … YEAR
    stage      contracts of one stage stand side by side: 0, 0, 1, …
    attachment where a layer begins; the line; the size above which a risk is large
    limit      how high a layer is; what is ceded at most of a risk's size
    share      the part of all or of large risks; the part of a layer that is placed
    deductible what a layer itself bears of its losses each year, before it recovers
    annual     the most of a year, for the whole layer; inf where there is none
    by_time    what a reinstatement is charged for: BY_AMOUNT, BY_TIME, BY_BOTH
    premium    that reinstatements are charged in parts of, for the part that is placed
    priced     how many reinstatements have a price
    prices     [contract, reinstatement] as part of the premium for the whole limit
    """

    kind: Integers
    stage: Integers
    attachment: Amounts
    limit: Amounts
    share: Amounts
    deductible: Amounts
    annual: Amounts
    by_time: Integers
    premium: Amounts
    priced: Integers
    prices: Amounts


class Losses(NamedTuple):
    """A ragged table, [row] in order of year and time; a column without rows is not known.

    event    rows of one event of a year stand together; else each row is an event
    risks    how many equal risks lost the amount together; else one
    time     the part of the year gone by
    insured  the size of each risk
    """

    year: Integers
    amount: Amounts
    event: Integers
    risks: Amounts
    time: Amounts
    insured: Amounts


class Room(NamedTuple):
    """The losses of some years, [row], and their events, [event]; years count from the first here.

    of       the year of each row
    held     what the contracts of a stage see;  whole: the same in whole steps of the grid
    left     what they have left so far
    insured  the size of each risk as they see it;  kept: the part of it that they have left so far
    part     what each row bears of the recovery from its event; what one risk of it lost
    events   what each event is, in whole steps;  since: its year;  begins: its first row, and at
             last the number of rows
    picked   the rows or events that reach a layer;  found, met: what the layer meets of each, and
             has met in its year before;  placed: what it recovers of it
    so_far, ceded  [year] what a contract has met and recovered
    charge   [year] what was filled up of its limit, each part times its price
    """

    of: Places
    held: Amounts
    whole: Amounts
    left: Amounts
    insured: Amounts
    kept: Amounts
    part: Amounts
    events: Amounts
    since: Places
    begins: Places
    picked: Places
    found: Amounts
    met: Amounts
    placed: Amounts
    so_far: Amounts
    ceded: Amounts
    charge: Amounts


@inlined
def steps(amount: float) -> float:
    """Round an amount of zero or more down to the grid."""
    return float(np.floor(amount * STEPS)) / STEPS


@inlined
def each_of(amount: float, risks: float) -> float:
    """Give what each of so many risks lost, on the grid; together at most the amount."""
    one = steps(amount / risks)
    if one * risks > amount:
        one -= 1.0 / STEPS
    return one


@inlined
def cession(kind: int, attachment: float, limit: float, share: float, size: float) -> float:
    """Give the part of a risk of some size that a proportional contract takes over."""
    if kind == PART:
        return share
    if kind == LARGE:
        return share if size > attachment else 0.0
    return min(max(size - attachment, 0.0), limit) / size if size > 0.0 else 0.0


@kernel
def cessions(
    kind: int, attachment: float, limit: float, share: float, sizes: Amounts, out: Amounts
) -> None:
    """Give the part of each risk, [risk]."""
    for i in range(out.shape[0]):
        out[i] = cession(kind, attachment, limit, share, sizes[i])


@inlined
def between(amount: float, bottom: float, height: float) -> float:
    """Give the part of an amount that lies above a bottom, up to a height."""
    return min(max(amount - bottom, 0.0), height)


@inlined
def proportional(
    contracts: Contracts, contract: int, losses: Losses, room: Room, rows: int
) -> None:
    """Take the contract's part of each row, rounded down to the grid."""
    kind, share = contracts.kind[contract], contracts.share[contract]
    attachment, limit = contracts.attachment[contract], contracts.limit[contract]
    sized = losses.insured.shape[0] > 0
    for i in range(rows):
        part = cession(kind, attachment, limit, share, room.insured[i] if sized else 0.0)
        found = steps(room.held[i] * part)
        room.left[i] -= found
        room.ceded[room.of[i]] += found
        if sized:
            room.kept[i] -= part


@inlined
def layer(contracts: Contracts, contract: int, losses: Losses, room: Room, claims: int) -> None:
    """Take min(max(x - attachment, 0), limit) of each row or event while the year's terms last.

    A year has paid min(max(S - deductible, 0), annual), S the sum of these so far.
    claims  how many rows or, where they stand together by event, events there are
    """
    by_risk = contracts.kind[contract] == RISK
    together = losses.event.shape[0] > 0 and not by_risk
    loss, of = (room.events, room.since) if together else (room.whole, room.of)
    if by_risk and losses.risks.shape[0] > 0:
        loss = room.part
        for i in range(claims):
            loss[i] = each_of(room.held[i], losses.risks[i])
    reach = reaching(contracts, contract, loss, room.picked, claims)
    meet(contracts, contract, loss, losses.risks, of, room, reach)
    deductible, annual = contracts.deductible[contract], contracts.annual[contract]
    share = contracts.share[contract]
    for j in range(reach):
        used = between(room.met[j] + room.found[j], deductible, annual)
        room.placed[j] = steps((used - between(room.met[j], deductible, annual)) * share)
    for j in range(reach):
        room.ceded[of[room.picked[j]]] += room.placed[j]
    if contracts.by_time[contract] != BY_AMOUNT:
        charge_by_time(contracts, contract, losses, of, room, reach)
    if not together:
        for j in range(reach):
            room.left[room.picked[j]] -= room.placed[j]
        return
    for j in range(reach):
        event = room.picked[j]
        first, last = room.begins[event], room.begins[event + np.uint64(1)]
        spread(room, first, last, loss[event], room.placed[j])


@inlined
def reaching(
    contracts: Contracts, contract: int, loss: Amounts, picked: Places, claims: int
) -> int:
    """Pick the losses that are above an attachment; give how many: few for most layers."""
    attachment, reach = contracts.attachment[contract], 0
    for i in range(claims):
        picked[reach] = i
        reach += loss[i] > attachment
    return reach


@inlined
def meet(
    contracts: Contracts,
    contract: int,
    loss: Amounts,
    risks: Amounts,
    of: Places,
    room: Room,
    reach: int,
) -> None:
    """Give what the layer meets of each loss that reaches it, and has met in its year before."""
    attachment, limit = contracts.attachment[contract], contracts.limit[contract]
    for j in range(reach):
        room.found[j] = min(loss[room.picked[j]] - attachment, limit)
    if contracts.kind[contract] == RISK and risks.shape[0] > 0:
        for j in range(reach):
            room.found[j] *= risks[room.picked[j]]
    for j in range(reach):
        year = of[room.picked[j]]
        room.met[j] = room.so_far[year]
        room.so_far[year] += room.found[j]


@inlined
def spread(room: Room, first: int, last: int, loss: float, ceded: float) -> None:
    """Share a recovery among the rows of one event in proportion to what each lost, on the grid.

    What rounding leaves goes to the first rows that have room for it, so that nothing is lost.
    """
    owed = ceded
    for i in range(first, last):
        room.part[i] = min(steps(room.whole[i] * (ceded / loss)), owed)
        owed -= room.part[i]
    for i in range(first, last):
        more = min(owed, room.whole[i] - room.part[i])
        owed -= more
        room.left[i] -= room.part[i] + more


@inlined
def charged(
    contracts: Contracts, contract: int, before: float, after: float, rest: float, charge: float
) -> float:
    """Raise a charge by the price of what is filled up of the limit as the year pays more.

    before, after  what the layer has paid;  rest: the part of the year that is charged for
    """
    limit, whole = contracts.limit[contract], contracts.by_time[contract] == BY_TIME
    for r in range(contracts.priced[contract]):
        filled = between(after, r * limit, limit) - between(before, r * limit, limit)
        if whole:
            filled = limit if before <= r * limit < after else 0.0
        charge += contracts.prices[contract, r] * filled * rest
    return charge


@inlined
def charge_by_time(
    contracts: Contracts, contract: int, losses: Losses, of: Places, room: Room, reach: int
) -> None:
    """Charge years loss by loss for the rest of the year, and for what each fills up of the limit.

    BY_TIME is charged the whole limit at the first loss that draws on it.
    """
    deductible, annual = contracts.deductible[contract], contracts.annual[contract]
    together = losses.event.shape[0] > 0 and contracts.kind[contract] != RISK
    for j in range(reach):
        i = room.picked[j]
        rest = 1.0 - losses.time[room.begins[i] if together else i]
        before = between(room.met[j], deductible, annual)
        after = between(room.met[j] + room.found[j], deductible, annual)
        room.charge[of[i]] = charged(contracts, contract, before, after, rest, room.charge[of[i]])


@inlined
def charges(contracts: Contracts, contract: int, room: Room, years: int) -> None:
    """Charge years for what they have filled up of the limit in all."""
    limit = contracts.limit[contract]
    deductible, annual = contracts.deductible[contract], contracts.annual[contract]
    for r in range(contracts.priced[contract]):
        price, bottom = contracts.prices[contract, r], r * limit
        for year in range(years):
            paid = between(room.so_far[year], deductible, annual)
            room.charge[year] += price * between(paid, bottom, limit)


@inlined
def layer_of_year(contracts: Contracts, contract: int, room: Room, rows: int) -> None:
    """Take what each row adds to the share of min(max(S - attachment, 0), limit).

    S is the sum of the year so far.
    """
    attachment, limit = contracts.attachment[contract], contracts.limit[contract]
    share = contracts.share[contract]
    for i in range(rows):
        of = room.of[i]
        room.so_far[of] += room.whole[i]
        due = steps(between(room.so_far[of], attachment, limit) * share)
        found = min(due - room.ceded[of], room.whole[i])
        room.left[i] -= found
        room.ceded[of] += found


@inlined
def even_out(room: Room, events: int) -> None:
    """Let the rows of an event bear together what contracts side by side took too much from one.

    Several contracts round each for itself. What no row of the event can bear stays negative.
    """
    for event in range(events):
        first, last, owed = room.begins[event], room.begins[event + 1], 0.0
        for i in range(first, last):
            owed -= min(room.left[i], 0.0)
            room.left[i] = max(room.left[i], 0.0)
        for i in range(first, last):
            taken = min(room.left[i], owed)
            room.left[i] -= taken
            owed -= taken
        if owed > 0.0:
            room.left[first] = -owed
