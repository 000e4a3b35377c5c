"""Forward: how likely each payment of a model is at each step, seen from issue (Kolmogorov).

Sums run state by state and transition by transition in a fixed order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rating.engines.multistate.model import Model
from rating.engines.multistate.moves import Transitions, transitions

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Taken = tuple[int, str]
"""A way, by its place, and a column that it pays."""


@dataclass(frozen=True)
class Expected:
    """What is expected at each step, seen from issue; [cell, step] unless said otherwise.

    alive   [cell, step + 1] chance that the contract is in force at the start of the step
    paying  chance that it is in force and its premiums are not waived
    taken   (way, column) → chance that this way pays this column at the step's end
    counted the same times the number of premiums paid so far, where a payment depends on it
    claims  chance of a payment that an act of the policyholder did not ask for
    due     of each flow of the model: [cell, step + 1] chance of being where it is paid
    """

    alive: Floats
    paying: Floats
    taken: Mapping[Taken, Floats]
    counted: Mapping[Taken, Floats]
    claims: Floats
    due: tuple[Floats, ...]


def expected(model: Model) -> Expected:
    """Run the chain forward from its first state."""
    laid = transitions(model)
    cells, steps = model.within.shape
    groups = _groups(model, laid)
    counts = any(p.each is not None for way in model.ways for p in way.payments)
    claiming = _claiming(model, laid)
    alive, paying = np.zeros((cells, steps + 1)), np.zeros((cells, steps))
    claims = np.zeros((cells, steps))
    taken = {key: np.zeros((cells, steps)) for key in groups}
    counted = {key: np.zeros((cells, steps)) for key in groups} if counts else {}
    free = np.array([not waived for waived in model.waived])
    arrivals = tuple(_slots(laid))
    now = np.zeros((len(model.states), cells))
    now[0] = 1.0
    many = np.zeros_like(now)
    due = tuple(np.zeros((cells, steps + 1)) for _ in model.flows)
    for k in range(steps):
        rates = laid.rates[:, k].T
        alive[:, k] = now.sum(axis=0)
        _where_due(model, now, due, k)
        paying[:, k] = now[free].sum(axis=0)
        moved = now[laid.source] * rates[laid.rate_of]
        for key, rows in groups.items():
            taken[key][:, k] = moved[rows].sum(axis=0)
        claims[:, k] = moved[claiming].sum(axis=0)
        if counts:
            many = many + now * model.due[:, k] * free[:, None]
            carried = many[laid.source] * rates[laid.rate_of]
            for key, rows in groups.items():
                counted[key][:, k] = carried[rows].sum(axis=0)
            many = _after(many, carried, rates, laid, arrivals)
        now = _after(now, moved, rates, laid, arrivals)
    alive[:, steps] = now.sum(axis=0)
    _where_due(model, now, due, steps)
    return Expected(alive, paying, taken, counted, claims, due)


def _where_due(model: Model, now: Floats, due: tuple[Floats, ...], time: int) -> None:
    for flow, chance in zip(model.flows, due, strict=True):
        chance[:, time] = now[np.array(flow.states)].sum(axis=0)


def _after(
    now: Floats,
    moved: Floats,
    rates: Floats,
    laid: Transitions,
    arrivals: tuple[tuple[Integers, Integers], ...],
) -> Floats:
    # where clocks run, nothing happening is a transition of its own
    ticking = np.zeros(len(now), np.bool_)
    ticking[laid.source[laid.way < 0]] = True
    then = now * rates[laid.stay] * ~ticking[:, None]
    for rows, targets in arrivals:
        then[targets] += moved[rows]
    return then


def _slots(laid: Transitions) -> Iterator[tuple[Integers, Integers]]:
    """Group transitions between living states so that no group reaches a state twice."""
    left = [row for row in range(len(laid.target)) if laid.target[row] >= 0]
    while left:
        seen: dict[int, int] = {}
        for row in left:
            seen.setdefault(int(laid.target[row]), row)
        rows = sorted(seen.values())
        yield np.array(rows, np.int64), laid.target[rows]
        left = [row for row in left if seen[int(laid.target[row])] != row]


def _groups(model: Model, laid: Transitions) -> dict[Taken, Integers]:
    found: dict[Taken, Integers] = {}
    for number, way in enumerate(model.ways):
        for column in dict.fromkeys(payment.column for payment in way.payments):
            paying = [move.source for move in way.moves if column in move.pays]
            rows = np.flatnonzero((laid.way == number) & np.isin(laid.source, paying))
            found[number, column] = rows
    return found


def _claiming(model: Model, laid: Transitions) -> Integers:
    rows = []
    for row, number in enumerate(laid.way.tolist()):
        if number < 0 or model.ways[number].event in model.assumed.acts:
            continue
        moves = model.ways[number].moves
        if any(move.source == laid.source[row] and move.pays for move in moves):
            rows.append(row)
    return np.array(rows, np.int64)
