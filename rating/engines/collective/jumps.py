"""Where what an event pays jumps, as at a franchise or at a condition on the loss.

No rule of nodes likes a jump, and half as many nodes may miss it by as much on the same side, so
that comparing the two says nothing: the nodes are cut there instead. What is left uncut is told,
as far as nodes show it: a rule is off by no more than a jump times the gap it lies in.
"""

import math
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
ASIDE = 2
"""How many gaps on each side a rise is held against: two jumps may lie in gaps side by side."""
FORGOTTEN = np.empty((0, 0))
Pay = Callable[[Floats, Floats], Floats]
"""Gives [node, column] what events are paid, from their marks and item marks."""
Amounts = Callable[[Floats], Floats]
"""Gives [node, amount] the amounts of what `pay` gives."""
Paid = list[tuple[Block, Floats]]
"""Blocks of events without their marks, and what each node of them is paid."""


def cut_at_jumps(
    events: Events, grading: Grading, pay: Pay, amounts: Amounts
) -> tuple[Events, Paid]:
    """Return the events with nodes cut where an amount jumps, and what those of a grading are paid.

    Of events that draw two quantiles nothing is cut: they jump along a curve.
    """
    paid = paid_blocks(events, grading, pay)
    room = [MOST for _ in paid]
    for _ in range(ROUNDS):
        found = [
            jumps(block.nodes[0], amounts(brought), _of(block, pay, amounts), most)
            if len(block.nodes) == 1
            else ()
            for (block, brought), most in zip(paid, room, strict=True)
        ]
        if not any(found):
            break
        room = [most - len(one) for most, one in zip(room, found, strict=True)]
        events = events.cut(found)
        paid = paid_blocks(events, grading, pay)
    return events, paid


def paid_blocks(events: Events, grading: Grading, pay: Pay) -> Paid:
    """Return what the events of each combination of choices are paid, node by node."""
    return [
        (
            block._replace(marks=FORGOTTEN, item_marks=FORGOTTEN),
            pay(block.marks, block.item_marks),
        )
        for block in events.blocks(grading)
    ]


def uncut(paid: Paid, amounts: Amounts) -> Floats:
    """Give what jumps that no node is cut at may move the mean of an event, [amount]."""
    left = [residue(block, amounts(brought)) for block, brought in paid]
    return np.array([math.fsum(column) for column in np.stack(left, axis=1).tolist()])


def _of(block: Block, pay: Pay, amounts: Amounts) -> Callable[[Floats], Floats]:
    return lambda chances: amounts(pay(*block.more(chances)))


def jumps(
    nodes: Nodes, amounts: Floats, pay: Callable[[Floats], Floats], most: int = MOST
) -> tuple[float, ...]:
    """Give the chances at which amounts jump, to the last digit: one between two nodes.

    amounts  [node, column] at the nodes;  pay: gives [chance, column] at further chances
    most     how many are looked for, at the largest
    """
    if not amounts.size:
        return ()
    u, excess = _excess(nodes, amounts)
    found: list[float] = []
    largest = excess.max(axis=1)
    places = np.argsort(-largest, kind="stable")[:most]
    for place in np.sort(places[largest[places] > 0.0]).tolist():
        column = int(np.argmax(excess[place]))
        low, high = float(u[place]), float(u[place + 1])
        cut = _bisected(partial(_amount, pay, column), low, high)
        if cut is not None:
            found.append(cut)
    return tuple(found)


def residue(block: Block, amounts: Floats) -> Floats:
    """Give what jumps between nodes may move the mean of an event, times the chance of its choices.

    amounts  [node, column];  returns [column]: excess times gap, added up along each quantile
    """
    total = np.zeros(amounts.shape[1])
    if not amounts.size:
        return total
    shape = tuple(one.u.size for one in block.nodes)
    grid = amounts.reshape(*shape, amounts.shape[1])
    weight = block.weight.reshape(shape)
    for axis, nodes in enumerate(block.nodes):
        u, excess = _excess(nodes, np.moveaxis(grid, axis, 0))
        off = np.tensordot(np.diff(u), excess, axes=(0, 0))
        others = weight.sum(axis=axis)
        total += (others[..., None] * off).reshape(-1, total.size).sum(axis=0)
    return total


def _excess(nodes: Nodes, amounts: Floats) -> tuple[Floats, Floats]:
    """Give sorted chances, and how much more amounts rise between two than beside: [gap, …].

    Beside is the flatter of the two gaps on a side. At the ends of a part nothing stands beside,
    and next to no weight.
    """
    order = np.argsort(nodes.u, kind="stable")
    u, part = nodes.u[order], nodes.part[order]
    excess = np.abs(np.diff(amounts[order], axis=0))
    gap = np.diff(u).reshape(-1, *(1,) * (amounts.ndim - 1))
    within = (part[1:] == part[:-1]) & (gap.ravel() > 0.0)
    inner = np.zeros_like(within)
    if within.size > 2 * ASIDE:
        slope = np.divide(excess, gap, out=np.zeros_like(excess), where=gap > 0.0)
        below = np.minimum(slope[:-4], slope[1:-3])
        above = np.minimum(slope[4:], slope[3:-1])
        excess[2:-2] -= STEEPER * gap[2:-2] * np.maximum(below, above) + CENTS
        inner[2:-2] = within[:-4] & within[1:-3] & within[2:-2] & within[3:-1] & within[4:]
    excess[~inner] = 0.0
    return u, np.maximum(excess, 0.0)


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
