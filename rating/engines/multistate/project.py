"""Verbs on a chain: occupancy forward, value backward, present values, expected payments.

Kolmogorov forward: p(k + 1) = p(k) P(k). Thiele backward, for a stream with flow f and amounts a:
V(k, s) = f(k, s) + v(k) × [Σ over transitions from s of rate × (a + V(k + 1, target)) + staying ×
V(k + 1, s)]. The value at time k includes what is paid at time k.
"""

import numpy as np

from product_factory.errors import BadValue
from rating.engines.multistate.chain import ENDED, Chain, Floats, Stream


def _rates(chain: Chain) -> Floats:
    """Probability of each transition while a cell lasts: [cell, step, transition]."""
    rates = chain.rates.full(chain.cells, chain.steps)[:, :, chain.rate_of]
    return rates * (np.arange(chain.steps)[None, :] < chain.lasts[:, None])[:, :, None]


def _amounts(chain: Chain, stream: Stream) -> Floats | None:
    """What each transition pays: [cell, step, transition]."""
    if stream.amounts is None or stream.amount_of is None:
        return None
    full = stream.amounts.full(chain.cells, chain.steps)
    return np.where(stream.amount_of >= 0, full[:, :, stream.amount_of], 0.0)


def _flow(chain: Chain, stream: Stream) -> Floats:
    """What is paid in each state at each time while a cell lasts: [cell, time, state]."""
    shape = (chain.cells, chain.steps + 1, len(chain.states))
    if stream.flow is None:
        return np.zeros(shape)
    within = np.arange(chain.steps + 1)[None, :] <= chain.lasts[:, None]
    full = stream.flow.full(chain.cells, chain.steps + 1) * within[:, :, None]
    return np.broadcast_to(full, shape)


def occupancy(chain: Chain) -> Floats:
    """Chance of being in each state at each time: [cell, time, state]; 0 after the cell's last."""
    rates = _rates(chain)
    found = np.zeros((chain.cells, chain.steps + 1, len(chain.states)))
    found[:, 0] = chain.starting
    for k in range(chain.steps):
        now, then = found[:, k], found[:, k + 1]
        then[:] = now * (k < chain.lasts)[:, None]
        for j, (source, target) in enumerate(zip(chain.source, chain.target, strict=True)):
            moved = now[:, source] * rates[:, k, j]
            then[:, source] -= moved
            if target != ENDED:
                then[:, target] += moved
    return found


def values(chain: Chain, stream: Stream) -> Floats:
    """Value at each time, in each state, of what a stream pays from then on: [cell, time, state].

    Includes the flow of that time; 0 after the cell's last.
    """
    rates, amounts, flow = _rates(chain), _amounts(chain, stream), _flow(chain, stream)
    value = np.array(flow)
    for k in reversed(range(chain.steps)):
        later = value[:, k + 1].copy()
        for j, (source, target) in enumerate(zip(chain.source, chain.target, strict=True)):
            gained = -value[:, k + 1, source]
            if target != ENDED:
                gained = gained + value[:, k + 1, target]
            if amounts is not None:
                gained = gained + amounts[:, k, j]
            later[:, source] += rates[:, k, j] * gained
        value[:, k] += chain.discount[k] * later
    return value


def payments(chain: Chain) -> Floats:
    """Expected payment of each stream at each time, seen from time 0: [cell, time, stream]."""
    alive, rates = occupancy(chain), _rates(chain)
    found = np.zeros((chain.cells, chain.steps + 1, len(chain.streams)))
    for i, stream in enumerate(chain.streams):
        found[:, :, i] = (alive * _flow(chain, stream)).sum(axis=2)
        amounts = _amounts(chain, stream)
        if amounts is not None:
            taken = alive[:, :-1, chain.source] * rates
            found[:, 1:, i] += (taken * amounts).sum(axis=2)
    return found


def discounted(chain: Chain) -> Floats:
    """Present value at time 0 of 1 at each time: [time]."""
    return np.concatenate([[1.0], np.cumprod(chain.discount)])


def present_values(chain: Chain) -> Floats:
    """Present value at time 0 of each stream: [cell, stream]."""
    paid, v = payments(chain), discounted(chain)
    total = np.zeros((chain.cells, len(chain.streams)))
    for k in range(chain.steps + 1):
        total += v[k] * paid[:, k]
    return total


def present_value(chain: Chain, name: str) -> Floats:
    """Present value at time 0 of the stream of that name: [cell]."""
    names = [stream.name for stream in chain.streams]
    if name not in names:
        raise BadValue(f"expected one of the streams {', '.join(names)}, got '{name}'")
    return np.ascontiguousarray(present_values(chain)[:, names.index(name)])


def thiele_residual(chain: Chain, stream: Stream, value: Floats) -> float:
    """Largest |left - right| of Thiele's equation over cells, times and states.

    Written with the step's matrix, another arithmetic than that of `values`.
    """
    rates, amounts, flow = _rates(chain), _amounts(chain, stream), _flow(chain, stream)
    worst = float(np.abs(value[:, -1] - flow[:, -1]).max(initial=0.0))
    size = len(chain.states)
    for k in range(chain.steps):
        matrix = np.zeros((chain.cells, size, size))
        paid = np.zeros((chain.cells, size))
        matrix[:, np.arange(size), np.arange(size)] = 1.0
        for j, (source, target) in enumerate(zip(chain.source, chain.target, strict=True)):
            matrix[:, source, source] -= rates[:, k, j]
            if target != ENDED:
                matrix[:, source, target] += rates[:, k, j]
            if amounts is not None:
                paid[:, source] += rates[:, k, j] * amounts[:, k, j]
        right = flow[:, k] + chain.discount[k] * (
            paid + (matrix * value[:, k + 1][:, None, :]).sum(axis=2)
        )
        worst = max(worst, float(np.abs(value[:, k] - right).max(initial=0.0)))
    return worst
