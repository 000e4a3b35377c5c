"""Years of losses through all contracts of a programme: one pass, each loss read once.

Losses are taken some years at a time into `Room`, which a processor keeps at hand, go through
every contract in inuring order there, and only what is told of a year is written. No year reads
another, so any stretch of them can be settled by itself, on a thread of its own.
"""

from typing import NamedTuple

import numpy as np

from rating.kernels.jit import inlined, kernel
from sandbox.kernels.reinsurance import (
    BY_AMOUNT,
    LINES,
    RISK,
    STEPS,
    YEAR,
    Amounts,
    Contracts,
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


class Rows(NamedTuple):
    """How many rows, events and years go through together."""

    rows: int
    events: int
    years: int


@inlined
def _take(losses: Losses, first: int, rows: int, room: Room) -> None:
    """Take rows as they are, and begin what is told of their years."""
    for i in range(rows):
        room.of[i] = losses.year[i] - first
        room.left[i] = losses.amount[i]
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
def _sum(room: Room, rows: int, total: Amounts) -> None:
    """Give the sum of what is left in each year, in order of time."""
    for year in range(total.shape[0]):
        total[year] = 0.0
    for i in range(rows):
        total[room.of[i]] += room.left[i]


@inlined
def _largest(losses: Losses, room: Room, events: int, largest: Amounts) -> None:
    """Give the largest event of each year, of what is left."""
    for year in range(largest.shape[0]):
        largest[year] = 0.0
    if losses.event.shape[0] == 0:
        for i in range(events):
            largest[room.of[i]] = max(largest[room.of[i]], room.left[i])
        return
    for event in range(events):
        amount = 0.0
        for i in range(room.begins[event], room.begins[event + 1]):
            amount += room.left[i]
        largest[room.since[event]] = max(largest[room.since[event]], amount)


@inlined
def _check(losses: Losses, begin: int, rows: int, room: Room, events: int, excess: Amounts) -> None:
    """Keep the row of which the contracts of a stage took most above its loss, if any."""
    short = False
    for i in range(rows):
        short |= room.left[i] < 0.0
    if not short:
        return
    if losses.event.shape[0] > 0:
        even_out(room, events)
    for i in range(rows):
        if room.left[i] < excess[0]:
            excess[0], excess[1], excess[2] = room.left[i], room.held[i], begin + i


@inlined
def _contract(contracts: Contracts, contract: int, losses: Losses, room: Room, among: Rows) -> None:
    """Put what a stage sees through one of its contracts."""
    kind = contracts.kind[contract]
    for year in range(among.years):
        room.so_far[year], room.ceded[year], room.charge[year] = 0.0, 0.0, 0.0
    if kind <= LINES:
        proportional(contracts, contract, losses, room, among.rows)
    elif kind == YEAR:
        layer_of_year(contracts, contract, room, among.rows)
    else:
        claims = among.rows if kind == RISK else among.events
        layer(contracts, contract, losses, room, claims)
        if contracts.by_time[contract] == BY_AMOUNT:
            charges(contracts, contract, room, among.years)


@inlined
def _some(
    contracts: Contracts,
    losses: Losses,
    first: int,
    beyond: int,
    begin: int,
    room: Room,
    settled: Settled,
    excess: Amounts,
) -> None:
    """Put the years first … beyond - 1, whose losses begin with a row, through all contracts."""
    rows, years, count = losses.amount.shape[0], beyond - first, contracts.stage.shape[0]
    _take(losses, first, rows, room)
    events = _see(losses, rows, room)
    gross, net = settled.gross[first:beyond], settled.net[first:beyond]
    _sum(room, rows, gross)
    _largest(losses, room, events, settled.gross_largest[first:beyond])
    for year in range(years):
        net[year] = gross[year]
    for contract in range(count):
        _contract(contracts, contract, losses, room, Rows(rows, events, years))
        ceded = settled.ceded[contract, first:beyond]
        for year in range(years):
            ceded[year] = room.ceded[year]
            net[year] -= room.ceded[year]
        reinstated = settled.reinstated[contract, first:beyond]
        premium, limit = contracts.premium[contract], contracts.limit[contract]
        for year in range(years):
            charge = premium * (room.charge[year] / limit)
            reinstated[year] = np.rint(charge * STEPS) / STEPS
        stage = contracts.stage[contract]
        ends = contract + 1 == count or contracts.stage[contract + 1] != stage
        if ends:
            _check(losses, begin, rows, room, events, excess[stage])
        if ends and contract + 1 < count:
            _see(losses, rows, room)
    _largest(losses, room, events, settled.net_largest[first:beyond])
    if settled.rows.shape[0] > 0:
        left = settled.rows[begin : begin + rows]
        for i in range(rows):
            left[i] = room.left[i]


@kernel
def settle(
    contracts: Contracts,
    losses: Losses,
    first: int,
    last: int,
    begin: int,
    end: int,
    size: int,
    settled: Settled,
    excess: Amounts,
) -> int:
    """Settle the years first … last - 1, whose losses are the rows begin … end - 1.

    size    how many rows, and years, go through together
    excess  [stage, 3] what a stage recovers of a row above its loss, 0 where there is none, else
            below; what it sees of the row; which row that is
    Gives the first row that is not settled: `end`, or that of a year that has more rows.
    """
    room = Room(
        np.empty(size, np.uint64),
        np.empty(size),
        np.empty(size),
        np.empty(size),
        np.empty(size),
        np.empty(size),
        np.empty(size),
        np.empty(size),
        np.empty(size, np.uint64),
        np.empty(size + 1, np.uint64),
        np.empty(size, np.uint64),
        np.empty(size),
        np.empty(size),
        np.empty(size),
        np.empty(size),
        np.empty(size),
        np.empty(size),
    )
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
        _some(contracts, some, first, beyond, begin, room, settled, excess)
        first, begin = beyond, stop
    return begin
