"""Where what an event pays jumps, as at a franchise or at a condition on the loss.

No rule of nodes likes a jump, and half as many nodes may miss it by as much on the same side, so
that comparing the two says nothing: the nodes are cut there instead.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from rating.engines.collective.events import Block, Events
from rating.engines.collective.quadrature import Grading, Nodes

Floats = npt.NDArray[np.float64]
CENTS = 0.02
"""What rounding to the cent may change from one node to the next."""
STEEPER = 1.05
"""Between two nodes of a smooth payout it is no steeper than beside them, but for its bends."""
ROUNDS = 8
"""How often nodes are cut anew: a jump may hide beside another."""
MOST = 32
"""Cuts for a combination of choices, at the largest jumps: a staircase is left to the bound."""
Pay = Callable[[Floats, Floats], Floats]
"""Gives [node, column] what events are paid, from their marks and item marks."""
Paid = list[tuple[Block, Floats]]
"""Blocks of events, and what each node of them is paid."""


def cut_at_jumps(events: Events, grading: Grading, pay: Pay, columns: int) -> tuple[Events, Paid]:
    """Return the events with nodes cut where an amount jumps, and what those of a grading are paid.

    columns  how many of what `pay` gives are amounts, the first ones

    Of events that draw two quantiles nothing is cut: they jump along a curve.
    """
    paid = paid_blocks(events, grading, pay)
    cuts = 0
    for _ in range(ROUNDS):
        found = [
            () if block.nodes is None else jumps(block.nodes, amounts[:, :columns], _of(block, pay))
            for block, amounts in paid
        ]
        cuts += max(len(one) for one in found)
        if not any(found) or cuts > MOST:
            break
        events = events.cut(found)
        paid = paid_blocks(events, grading, pay)
    return events, paid


def paid_blocks(events: Events, grading: Grading, pay: Pay) -> Paid:
    """Return what the events of each combination of choices are paid, node by node."""
    return [(block, pay(block.marks, block.item_marks)) for block in events.blocks(grading)]


def _of(block: Block, pay: Pay) -> Callable[[Floats], Floats]:
    return lambda chances: pay(*block.more(chances))


def jumps(nodes: Nodes, amounts: Floats, pay: Callable[[Floats], Floats]) -> tuple[float, ...]:
    """Give the chances at which amounts jump, to the last digit.

    amounts  [node, column] at the nodes;  pay: gives [chance, column] at further chances
    """
    if not amounts.size:
        return ()
    order = np.argsort(nodes.u, kind="stable")
    u, part, paid = nodes.u[order], nodes.part[order], amounts[order]
    gap, rise = np.diff(u), np.abs(np.diff(paid, axis=0))
    within = (part[1:] == part[:-1]) & (gap > 0.0)
    slope = np.zeros_like(rise)
    slope[within] = rise[within] / gap[within, None]
    # at the ends of a part nothing stands beside, and next to no weight
    beside = np.maximum(slope[:-2], slope[2:])
    inner = within[:-2] & within[1:-1] & within[2:]
    excess = rise[1:-1] - STEEPER * gap[1:-1, None] * beside - CENTS
    excess[~inner] = 0.0
    found: list[float] = []
    largest = excess.max(axis=1)
    places = np.argsort(-largest, kind="stable")[:MOST]
    for place in np.sort(places[largest[places] > 0.0]).tolist():
        column = int(np.argmax(excess[place]))
        low, high = float(u[place + 1]), float(u[place + 2])
        cut = _bisected(partial(_amount, pay, column), low, high)
        if cut is not None:
            found.append(cut)
    return tuple(found)


def _amount(pay: Callable[[Floats], Floats], column: int, chance: float) -> float:
    return float(pay(np.array([chance]))[0, column])


def _bisected(amount: Callable[[float], float], low: float, high: float) -> float | None:
    """Give where an amount jumps between two chances, None where it only rises quickly."""
    at_low, at_high = amount(low), amount(high)
    while low < (middle := 0.5 * (low + high)) < high:
        at_middle = amount(middle)
        if abs(at_middle - at_low) > abs(at_high - at_middle):
            high, at_high = middle, at_middle
        else:
            low, at_low = middle, at_middle
    return high if abs(at_high - at_low) > CENTS else None
