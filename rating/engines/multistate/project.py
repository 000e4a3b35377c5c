"""Verbs on a chain: occupancy forward, value backward, present values, expected payments.

Kolmogorov forward: p(k + 1) = p(k) P(k). Thiele backward, for a stream with flow f and amounts a:
V(k, s) = f(k, s) + v(k) × [Σ over transitions from s of rate × (a + V(k + 1, target)) + staying ×
V(k + 1, s)]. The value at time k includes what is paid at time k.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from rating.engines.multistate.chain import (
    ENDED,
    Chain,
    Floats,
    Sheet,
    Stream,
    fitting,
)
from rating.engines.multistate.layout import (
    SURELY,
    in_order,
    laid,
    ordered,
    pulls_of,
    rows_of,
    width,
)
from rating.kernels.chain import valued
from rating.kernels.forward import projected, told

NOTHING = Sheet(np.zeros((1, 1, 1)))


def occupancy(chain: Chain) -> Floats:
    """Chance of being in each state at each time: [cell, time, state]; 0 after the cell's last."""
    rows, by, states = rows_of(chain), pulls_of(chain), len(chain.states)
    alone = np.arange(len(rows.lasts))
    chance = np.zeros((states, len(alone), chain.steps + 1))
    told(
        0,
        len(alone),
        width(3 * states + chain.rates.columns),
        alone,
        rows.start,
        alone,
        rows.rates,
        rows.period,
        by.first,
        by.leaving,
        by.arrives,
        by.pulls,
        np.arange(states + 1),
        np.stack([np.arange(states), np.full(states, SURELY)], axis=1),
        np.zeros((1, 1)),
        np.zeros(0, np.int64),
        chance,
    )
    within = np.arange(chain.steps + 1)[None, :] <= chain.lasts[:, None]
    return np.ascontiguousarray(np.moveaxis(chance, 0, 2)[rows.row]) * within[:, :, None]


def discounted(chain: Chain) -> Floats:
    """Present value at time 0 of 1 at each time: [time]."""
    return np.concatenate([[1.0], np.cumprod(chain.discount)])


def present_values(chain: Chain, threads: int = 1) -> Floats:
    """Present value at time 0 of each stream: [cell, stream].

    Cells run side by side in blocks, one pass over their steps; the same to the bit for any number
    of threads, and whatever stands beside a cell.
    """
    total = np.zeros((chain.cells, len(chain.streams)))
    by, sheets = pulls_of(fitting(chain)), laid(chain)
    if not sheets.held or not chain.cells:
        return total
    cells, start = in_order(chain.lasts), np.ascontiguousarray(chain.starting, np.float64)
    rates, row = np.ascontiguousarray(chain.rates.values), chain.rates.rows(chain.cells)
    period, worth = chain.rates.periods(chain.steps), discounted(chain)
    side = width(3 * len(chain.states) + chain.rates.columns + len(sheets.sheets))

    def work(low: int, high: int) -> None:
        projected(
            low,
            high,
            side,
            cells,
            chain.lasts,
            start,
            row,
            rates,
            period,
            by.first,
            by.leaving,
            by.arrives,
            by.pulls,
            worth,
            sheets.sheets,
            sheets.parts,
            total,
        )

    if threads == 1:
        work(0, chain.cells)
    else:
        # shorter contracts come first: an even share of steps, not of cells
        run = np.cumsum(chain.lasts[cells] + 1)
        cuts = np.searchsorted(run, np.arange(threads + 1) * run[-1] // threads).tolist()
        cuts[-1] = chain.cells
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, cuts[:-1], cuts[1:]))
    return total


def present_value(chain: Chain, name: str) -> Floats:
    """Present value at time 0 of the stream of that name: [cell]."""
    return present_values(replace(chain, streams=(chain.stream(name),)))[:, 0]


def values(chain: Chain, stream: Stream) -> Floats:
    """Value at each time, in each state, of what a stream pays from then on: [cell, time, state].

    Includes the flow of that time; 0 after the cell's last.
    """
    by = ordered(fitting(chain))
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
