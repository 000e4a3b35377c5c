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
from rating.engines.multistate.layout import in_order, laid, ordered, rows_of
from rating.kernels.chain import occupied, projected, valued

ONE_STATE, MANY_STATES = "one state", "many states"
NOTHING = Sheet(np.zeros((1, 1, 1)))


def path(chain: Chain) -> str:
    """Say which way a chain is projected: ONE_STATE is the fast one."""
    return ONE_STATE if len(chain.states) == 1 else MANY_STATES


def occupancy(chain: Chain) -> Floats:
    """Chance of being in each state at each time: [cell, time, state]; 0 after the cell's last."""
    rows, by = rows_of(chain), ordered(chain)
    chance = np.zeros((len(rows.lasts), chain.steps + 1, len(chain.states)))
    chance[:, 0] = rows.start
    occupied(
        path(chain) == ONE_STATE,
        rows.lasts,
        rows.rates,
        rows.period,
        by.first,
        chain.target[by.order],
        chain.rate_of[by.order],
        chance,
    )
    within = np.arange(chain.steps + 1)[None, :] <= chain.lasts[:, None]
    return chance[rows.row] * within[:, :, None]


def discounted(chain: Chain) -> Floats:
    """Present value at time 0 of 1 at each time: [time]."""
    return np.concatenate([[1.0], np.cumprod(chain.discount)])


def present_values(chain: Chain, threads: int = 1) -> Floats:
    """Present value at time 0 of each stream: [cell, stream].

    Rows of rates are projected one after the other, each in the same small room and once for all of
    its cells; the same to the bit for any number of threads.
    """
    total = np.zeros((chain.cells, len(chain.streams)))
    rows, by, sheets = rows_of(chain), ordered(chain), laid(chain)
    if not sheets.held or not chain.cells:
        return total
    cells = in_order(rows)
    begins = np.concatenate([[0], np.cumsum(np.bincount(rows.row, minlength=len(rows.lasts)))])

    def work(low: int, high: int) -> None:
        projected(
            path(chain) == ONE_STATE,
            low,
            high,
            rows.lasts,
            rows.start,
            rows.rates,
            rows.period,
            chain.source[by.order],
            by.first,
            chain.target[by.order],
            chain.rate_of[by.order],
            chain.discount,
            discounted(chain),
            cells,
            begins,
            sheets.sheets,
            sheets.pays[:, by.order],
            sheets.flow_of,
            total,
        )

    # as many cells a thread as a row allows
    even = np.arange(threads + 1) * chain.cells // threads
    cuts = np.searchsorted(begins, even).tolist()
    cuts[-1] = len(rows.lasts)
    if threads == 1:
        work(0, len(rows.lasts))
    else:
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
