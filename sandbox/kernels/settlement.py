"""Years of losses through all contracts of a programme: one pass, each loss read once.

Losses are taken some years at a time into `Room`, which a processor keeps at hand, go through
every contract in inuring order there, and only what is told of a year is written. No year reads
another, so any stretch of them can be settled by itself, on a thread of its own.
"""

from typing import NamedTuple

import numpy as np

from rating.kernels.jit import borrower, inlined
from sandbox.kernels.reinsurance import (
    LINES,
    RISK,
    STEPS,
    YEAR,
    Amounts,
    Contracts,
    Integers,
    Losses,
    Room,
    charges,
    even_out,
    layer,
    layer_of_year,
    proportional,
    steps,
)


class Settled(NamedTuple):
    """What is told of every year.

    gross, net                  [year] sum of its losses before and after all contracts
    gross_largest, net_largest  [year] its largest event
    ceded, reinstated           [contract, year] recovered; premium for reinstatements, on the grid
    rows                        [row] what is left of each; no row where nobody asks
    """

    gross: Amounts
    net: Amounts
    gross_largest: Amounts
    net_largest: Amounts
    ceded: Amounts
    reinstated: Amounts
    rows: Amounts


class Excess(NamedTuple):
    """What a stage recovers of a row above its loss, [stage]: 0 where there is none, else below.

    seen  what the stage sees of that row
    row   which it is
    """

    left: Amounts
    seen: Amounts
    row: Integers


@inlined
def _take(losses: Losses, first: int, rows: int, room: Room, total: Amounts) -> None:
    """Take rows as they are, and add them up by year in order of time."""
    for i in range(rows):
        room.of[i] = losses.year[i] - first
        room.left[i] = losses.amount[i]
    for i in range(rows):
        total[room.of[i]] += room.left[i]
    for i in range(losses.insured.shape[0]):
        room.insured[i], room.kept[i] = losses.insured[i], 1.0


@inlined
def _see(losses: Losses, rows: int, room: Room) -> int:
    """Let a stage see what is left; give how many events there are."""
    for i in range(rows):
        room.held[i] = room.left[i]
        room.whole[i] = steps(room.left[i])
    for i in range(losses.insured.shape[0]):
        room.insured[i] *= max(room.kept[i], 0.0)
        room.kept[i] = 1.0
    if losses.event.shape[0] == 0:
        return rows
    events = 0
    for i in range(rows):
        new = i == 0 or room.of[i] != room.of[i - 1] or losses.event[i] != losses.event[i - 1]
        if new:
            room.events[events] = 0.0
            room.since[events] = room.of[i]
            room.begins[events] = i
            events += 1
        room.events[events - 1] += room.whole[i]
    room.begins[events] = rows
    return events


@inlined
def _largest(losses: Losses, room: Room, events: int, out: Amounts) -> None:
    """Raise each year to its largest event, of what is left."""
    if losses.event.shape[0] == 0:
        for i in range(events):
            out[room.of[i]] = max(out[room.of[i]], room.left[i])
        return
    for event in range(events):
        amount = 0.0
        for i in range(room.begins[event], room.begins[event + 1]):
            amount += room.left[i]
        out[room.since[event]] = max(out[room.since[event]], amount)


@inlined
def _check(
    losses: Losses, begin: int, rows: int, room: Room, events: int, stage: int, excess: Excess
) -> None:
    """Keep the row of which the contracts of a stage took most above its loss, if any."""
    short = False
    for i in range(rows):
        short |= room.left[i] < 0.0
    if not short:
        return
    if losses.event.shape[0] > 0:
        even_out(room, events)
    for i in range(rows):
        if room.left[i] < excess.left[stage]:
            excess.left[stage], excess.seen[stage] = room.left[i], room.held[i]
            excess.row[stage] = begin + i


@inlined
def _some(
    contracts: Contracts,
    losses: Losses,
    first: int,
    begin: int,
    room: Room,
    settled: Settled,
    excess: Excess,
) -> None:
    """Put some years through all contracts; losses and what is told of years are of them alone.

    first, begin  which year and row of all they begin with
    """
    rows, years = losses.amount.shape[0], settled.gross.shape[0]
    settled.gross[:] = 0.0
    settled.gross_largest[:] = 0.0
    settled.net_largest[:] = 0.0
    _take(losses, first, rows, room, settled.gross)
    events = _see(losses, rows, room)
    _largest(losses, room, events, settled.gross_largest)
    for year in range(years):
        settled.net[year] = settled.gross[year]
    count = contracts.stage.shape[0]
    for contract in range(count):
        kind, stage = contracts.kind[contract], contracts.stage[contract]
        for year in range(years):
            room.so_far[year], room.ceded[year], room.charge[year] = 0.0, 0.0, 0.0
        if kind <= LINES:
            proportional(contracts, contract, losses, room, rows)
        elif kind == YEAR:
            layer_of_year(contracts, contract, room, rows)
        else:
            layer(contracts, contract, losses, room, rows if kind == RISK else events)
            if contracts.by_time[contract] == 0:
                charges(contracts, contract, room, years)
        premium = contracts.premium[contract]
        for year in range(years):
            settled.ceded[contract, year] = room.ceded[year]
            settled.net[year] -= room.ceded[year]
            settled.reinstated[contract, year] = (
                np.rint(premium * room.charge[year] * STEPS) / STEPS
            )
        ends = contract + 1 == count or contracts.stage[contract + 1] != stage
        if ends:
            _check(losses, begin, rows, room, events, stage, excess)
        if ends and contract + 1 < count:
            _see(losses, rows, room)
    _largest(losses, room, events, settled.net_largest)
    for i in range(settled.rows.shape[0]):
        settled.rows[i] = room.left[i]


@borrower
def settle(
    contracts: Contracts,
    losses: Losses,
    first: int,
    last: int,
    begin: int,
    end: int,
    room: Room,
    settled: Settled,
    excess: Excess,
) -> int:
    """Settle the years first … last - 1, whose losses are the rows begin … end - 1.

    Gives the first row that is not settled: `end`, or that of a year that has no room.
    """
    size = room.of.shape[0]
    while first < last:
        beyond, stop = min(first + size, last), min(begin + size, end)
        while stop > begin and losses.year[stop - 1] >= beyond:
            stop -= 1
        if stop < end and losses.year[stop] < beyond:  # a year stays whole
            beyond = losses.year[stop]
            while stop > begin and losses.year[stop - 1] == beyond:
                stop -= 1
            if beyond == first:
                return begin
        some = Losses(
            losses.year[begin:stop],
            losses.amount[begin:stop],
            losses.event[begin:stop],
            losses.risks[begin:stop],
            losses.time[begin:stop],
            losses.insured[begin:stop],
        )
        told = Settled(
            settled.gross[first:beyond],
            settled.net[first:beyond],
            settled.gross_largest[first:beyond],
            settled.net_largest[first:beyond],
            settled.ceded[:, first:beyond],
            settled.reinstated[:, first:beyond],
            settled.rows[begin:stop],
        )
        _some(contracts, some, first, begin, room, told, excess)
        first, begin = beyond, stop
    return begin
