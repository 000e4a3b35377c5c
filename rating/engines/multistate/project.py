"""Verbs on a chain: occupancy forward, value backward, present values, expected payments.

Kolmogorov forward: p(k + 1) = p(k) P(k). Thiele backward, for a stream with flow f and amounts a:
V(k, s) = f(k, s) + v(k) × [Σ over transitions from s of rate × (a + V(k + 1, target)) + staying ×
V(k + 1, s)]. The value at time k includes what is paid at time k.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from rating.engines.multistate.chain import ENDED, Chain, Floats, Integers, Sheet, Stream
from rating.kernels.chain import occupied_many, occupied_one, taken, valued, weighted

BLOCK_NUMBERS = 1 << 18
"""Numbers that a block of cells keeps for its occupancy: 2 MB, so that they stay in a cache."""
ONE_STATE, MANY_STATES = "one state", "many states"
NOTHING = Sheet(np.zeros((1, 1, 1)))


@dataclass(frozen=True)
class Rows:
    """What cells of a chain share: rows of rates, with the occupancy of each.

    row     [cell] the row of each cell
    lasts   [row] the steps of the longest of its cells
    rates   [row, period, rate];  period: [step];  chance: [row, time, state]
    """

    row: Integers
    lasts: Integers
    rates: Floats
    period: Integers
    chance: Floats


@dataclass(frozen=True)
class Order:
    """Transitions in the order of the states that they leave.

    order  [transition] their places;  first: [state + 1] where those of each state begin
    """

    order: Integers
    first: Integers


def path(chain: Chain) -> str:
    """Say which way a chain is projected: ONE_STATE is the fast one."""
    return ONE_STATE if len(chain.states) == 1 else MANY_STATES


def ordered(chain: Chain) -> Order:
    """Give the transitions in the order of the states that they leave."""
    order = np.argsort(chain.source, kind="stable").astype(np.int64)
    first = np.searchsorted(chain.source[order], np.arange(len(chain.states) + 1))
    return Order(order, first.astype(np.int64))


def _rows(chain: Chain) -> Rows:
    """Project each row of rates once; a cell of a start of its own has a row of its own."""
    row, rates = chain.rates.read(chain.cells)
    period = chain.rates.periods(chain.steps)
    if chain.start is not None:
        row, rates = np.arange(chain.cells), rates[row]
    lasts = np.zeros(len(rates), np.int64)
    np.maximum.at(lasts, row, chain.lasts)
    chance = np.zeros((len(rates), chain.steps + 1, len(chain.states)))
    chance[:, 0, 0] = 1.0
    if chain.start is not None:
        chance[:, 0] = chain.start
    if path(chain) == ONE_STATE:
        occupied_one(lasts, rates, period, chain.target, chain.rate_of, chance)
    else:
        by = ordered(chain)
        target, column = chain.target[by.order], chain.rate_of[by.order]
        occupied_many(lasts, rates, period, by.first, target, column, chance)
    return Rows(row, lasts, rates, period, chance)


def occupancy(chain: Chain) -> Floats:
    """Chance of being in each state at each time: [cell, time, state]; 0 after the cell's last."""
    rows = _rows(chain)
    within = np.arange(chain.steps + 1)[None, :] <= chain.lasts[:, None]
    return rows.chance[rows.row] * within[:, :, None]


def discounted(chain: Chain) -> Floats:
    """Present value at time 0 of 1 at each time: [time]."""
    return np.concatenate([[1.0], np.cumprod(chain.discount)])


def present_values(chain: Chain, threads: int = 1) -> Floats:
    """Present value at time 0 of each stream: [cell, stream].

    Works through cells in blocks; the same for any number of threads.
    """
    total = np.zeros((chain.cells, len(chain.streams)))
    size = min(_most_cells(chain), -(-chain.cells // threads))

    def work(first: int) -> None:
        last = min(first + size, chain.cells)
        part = chain.part(first, last) if last - first < chain.cells else chain
        rows = _rows(part)
        worth = rows.chance * discounted(part)[None, :, None]
        anywhere = worth if len(part.states) == 1 else _anywhere(worth)
        for i, stream in enumerate(part.streams):
            total[first:last, i] = _present_value(part, rows, stream, worth, anywhere)

    starts = range(0, chain.cells, size or 1)
    if threads == 1:
        for first in starts:
            work(first)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, starts))
    return total


def _most_cells(chain: Chain) -> int:
    """How many cells a block may have; where all share few rows, every one."""
    numbers = (chain.steps + 1) * len(chain.states)
    if chain.start is None and len(chain.rates.values) * numbers <= BLOCK_NUMBERS:
        return chain.cells
    return max(1, BLOCK_NUMBERS // numbers)


def present_value(chain: Chain, name: str) -> Floats:
    """Present value at time 0 of the stream of that name: [cell]."""
    return present_values(replace(chain, streams=(chain.stream(name),)))[:, 0]


def _present_value(
    chain: Chain, rows: Rows, stream: Stream, worth: Floats, anywhere: Floats
) -> Floats:
    """Sum up a stream; worth: discounted chances [row, time, state], anywhere: of all states."""
    total = np.zeros(chain.cells)
    flow = stream.by_state()
    if flow is not None:
        _add(chain, rows, worth if flow.columns > 1 else anywhere, flow, 1, total)
    if stream.amounts is not None and stream.amount_of is not None:
        paying = np.flatnonzero(stream.amount_of >= 0)
        weight = np.zeros((len(rows.lasts), chain.steps, stream.amounts.columns))
        source, column = chain.source[paying], chain.rate_of[paying]
        pays = stream.amount_of[paying]
        taken(
            rows.lasts, rows.rates, rows.period, source, column, pays, worth, chain.discount, weight
        )  # fmt: skip
        _add(chain, rows, weight, stream.amounts, 0, total)
    return total


def _anywhere(chance: Floats) -> Floats:
    total = np.zeros((*chance.shape[:2], 1))
    for state in range(chance.shape[2]):
        total[:, :, 0] += chance[:, :, state]
    return total


def _add(chain: Chain, rows: Rows, weight: Floats, sheet: Sheet, more: int, total: Floats) -> None:
    """Add Σ weight × amount for each cell; `more` times than steps count."""
    amount_row, amount = sheet.used(chain.cells, chain.steps + more)
    amount = amount.reshape(len(amount), -1)
    zeros_at_end = np.argmax(amount[:, ::-1] != 0.0, axis=1)
    until = np.where(amount.any(axis=1), amount.shape[1] - zeros_at_end, 0)
    weighted(
        weight.reshape(len(weight), -1),
        rows.row,
        amount,
        amount_row,
        until,
        (chain.lasts + more) * sheet.columns,
        sheet.scales(chain.cells),
        total,
    )


def values(chain: Chain, stream: Stream) -> Floats:
    """Value at each time, in each state, of what a stream pays from then on: [cell, time, state].

    Includes the flow of that time; 0 after the cell's last.
    """
    by = ordered(chain)
    cells, steps = chain.cells, chain.steps
    rate_row, rates = chain.rates.read(cells)
    paid = stream.amounts if stream.amounts is not None else NOTHING
    pays = np.full(len(chain.source), -1) if stream.amount_of is None else stream.amount_of
    amount_row, amounts = paid.used(cells, steps)
    flows = stream.by_state() or NOTHING
    flow_row, flow = flows.used(cells, steps + 1)
    value = np.zeros((cells, steps + 1, len(chain.states)))
    valued(
        chain.lasts,
        rates,
        chain.rates.periods(steps),
        rate_row,
        by.first,
        chain.target[by.order],
        chain.rate_of[by.order],
        amounts,
        amount_row,
        paid.scales(cells),
        pays[by.order],
        flow,
        flow_row,
        flows.scales(cells),
        chain.discount,
        value,
    )
    return value


def payments(chain: Chain) -> Floats:
    """Expected payment of each stream at each time, seen from time 0: [cell, time, stream]."""
    alive = occupancy(chain)
    within = np.arange(chain.steps)[None, :] < chain.lasts[:, None]
    rates = chain.rates.full(chain.cells, chain.steps) * within[:, :, None]
    found = np.zeros((chain.cells, chain.steps + 1, len(chain.streams)))
    for i, stream in enumerate(chain.streams):
        flows = stream.by_state()
        if flows is not None:
            flow = flows.full(chain.cells, chain.steps + 1)
            for state in range(len(chain.states)):
                found[:, :, i] += alive[:, :, state] * flow[:, :, state % flow.shape[2]]
        if stream.amounts is not None and stream.amount_of is not None:
            amounts = stream.amounts.full(chain.cells, chain.steps)
            for j in np.flatnonzero(stream.amount_of >= 0):
                chance = alive[:, :-1, chain.source[j]] * rates[:, :, chain.rate_of[j]]
                found[:, 1:, i] += chance * amounts[:, :, stream.amount_of[j]]
    return found


def thiele_residual(chain: Chain, stream: Stream, value: Floats) -> float:
    """Largest |left - right| of Thiele's equation over cells, times and states.

    Written as V(k, s) (1 + i) = …: what the money earns is what is paid and what is put aside, with
    the sum at risk of each transition, another arithmetic than that of `values`.
    """
    within = np.arange(chain.steps + 1)[None, :] <= chain.lasts[:, None]
    rates = chain.rates.full(chain.cells, chain.steps)
    flow = np.zeros((chain.cells, chain.steps + 1, 1))
    flows = stream.by_state()
    if flows is not None:
        flow = flows.full(chain.cells, chain.steps + 1)
    rest = np.where(within[:, :, None], value - flow, 0.0)
    end = np.arange(chain.cells), chain.lasts
    worst = float(np.abs(rest[end]).max(initial=0.0))
    earned = rest[:, :-1] / chain.discount[None, :, None]
    risk = np.zeros_like(earned)
    for j, (source, target) in enumerate(zip(chain.source, chain.target, strict=True)):
        at_risk = -value[:, 1:, source]
        if target != ENDED:
            at_risk = at_risk + value[:, 1:, target]
        if stream.amounts is not None and stream.amount_of is not None and stream.amount_of[j] >= 0:
            at_risk = (
                at_risk + stream.amounts.full(chain.cells, chain.steps)[:, :, stream.amount_of[j]]
            )
        risk[:, :, source] += rates[:, :, chain.rate_of[j]] * at_risk
    left = np.where(within[:, 1:, None], earned - value[:, 1:] - risk, 0.0)
    return max(worst, float(np.abs(left).max(initial=0.0)))
