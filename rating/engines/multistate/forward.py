"""Forward: how likely each payment of a model is at each step, seen from issue (Kolmogorov).

What a model asks for is a list of figures, each a sum of pulls in a fixed order. `run_forward` runs
the list with numpy, for a few contracts; the kernel of `rating.kernels.forward` runs the same list
for many, to the same bits.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from rating.engines.multistate.layout import SURELY, width
from rating.engines.multistate.model import Model
from rating.engines.multistate.moves import Transitions, brought, transitions

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Taken = tuple[int, str]
"""A way, by its place, and a column that it pays."""
MANY = 1_000_000
"""From so many transitions, steps and cells on, the kernel is worth loading."""


@dataclass(frozen=True)
class Expected:
    """What is expected at each step, seen from issue; [cell, step] unless said otherwise.

    alive   [cell, step + 1] chance that the contract is in force at the start of the step
    paying  chance that it is in force and its premiums are not waived
    taken   (way, column) → chance that this way pays this column at the step's end
    counted the same times the number of premiums paid so far, where a payment depends on it
    claims  chance of a payment that an act of the policyholder did not ask for
    due     of each flow of the model: [cell, step + 1] chance of being where it is paid
    more    of each further figure that was asked for: [cell, step + 1]; at the end 0 where it is of
            transitions
    """

    alive: Floats
    paying: Floats
    taken: Mapping[Taken, Floats]
    counted: Mapping[Taken, Floats]
    claims: Floats
    due: tuple[Floats, ...]
    more: tuple[Floats, ...] = ()


@dataclass(frozen=True)
class Asked:
    """What is run forward: arrays as `rating.kernels.forward.told` reads them.

    rates    [cell, step, column]
    arrives  [state + 1];  pulls: (state, column), of each state
    tells    [figure + 1];  figures: (state, column) of each, or (state, SURELY) in all of one
    owed, free   premiums due [cell, step], and in which states, where they are counted: a second
                 half of the states holds chance × number; else free is empty
    start    [cell, state] at time 0
    """

    states: int
    start: Floats
    rates: Floats
    arrives: Integers
    pulls: Integers
    tells: Integers
    figures: Integers
    owed: Floats
    free: Integers


def expected(
    model: Model, laid: Transitions | None = None, more: Sequence[Integers] = ()
) -> Expected:
    """Run the chain forward from where contracts stand at time 0.

    laid  its transitions, where they are known
    more  further figures: `surely` of states, or `moving` of transitions
    """
    laid = laid or transitions(model)
    groups, steps = _groups(model, laid), model.steps
    counts = any(p.each is not None for way in model.ways for p in way.payments)
    asked = _asked(model, laid, groups, more, counts=counts)
    size = model.within.size * len(asked.pulls)
    loaded = "numba" in sys.modules  # the same bits either way
    told = (run_in_blocks if loaded or size >= MANY else run_forward)(asked)
    flows, rest = told[3 : 3 + len(model.flows)], told[3 + len(model.flows) :]
    taken = dict(zip(groups, rest[:, :, :steps], strict=False))
    rest = rest[len(groups) :]
    counted = zip(groups, rest[:, :, :steps], strict=False)
    return Expected(
        alive=told[0],
        paying=told[1, :, :steps],
        taken=taken,
        counted=dict(counted) if counts else {},
        claims=told[2, :, :steps],
        due=tuple(flows),
        more=tuple(rest[len(rest) - len(more) :]),
    )


def _asked(
    model: Model,
    laid: Transitions,
    groups: Mapping[Taken, Integers],
    more: Sequence[Integers],
    *,
    counts: bool,
) -> Asked:
    states = len(model.states)
    free = np.array([not waived for waived in model.waived])
    moved = moving(laid)
    inside = [np.arange(states), np.flatnonzero(free)]
    claiming = np.array([one.row for one in brought(model, laid) if one.claim], np.int64)
    flows = [np.flatnonzero(np.array(flow.states)) for flow in model.flows]
    figures = [surely(some) for some in inside] + [moved[claiming]]
    figures += [surely(some) for some in flows] + [moved[rows] for rows in groups.values()]
    arrives, pulls = _pulled(laid, states)
    if counts:
        shift = np.array([[states, 0]])
        figures += [moved[rows] + shift for rows in groups.values()]
        arrives = np.concatenate([arrives, arrives[1:] + arrives[-1]])
        pulls = np.concatenate([pulls, pulls + shift])
    figures += more
    start = model.start
    if counts:
        paid = 0.0 if model.begun is None else model.begun.paid[:, None]
        start = np.concatenate([start, start * paid], axis=1)
    return Asked(
        states=2 * states if counts else states,
        start=start,
        rates=laid.rates,
        arrives=arrives,
        pulls=pulls,
        tells=np.cumsum([0, *(len(figure) for figure in figures)]),
        figures=np.concatenate(figures),
        owed=np.ascontiguousarray(model.due),
        free=free.astype(np.int64) if counts else np.zeros(0, np.int64),
    )


def moving(laid: Transitions) -> Integers:
    """Give the pull of each transition, to choose from: the chance that it happens."""
    return np.stack([laid.source, laid.rate_of], axis=1)


def surely(states: Integers) -> Integers:
    """Give the figure of the chance of being in one of these states."""
    return np.stack([states, np.full(len(states), SURELY)], axis=1)


def _pulled(laid: Transitions, states: int) -> tuple[Integers, Integers]:
    """Give what each state pulls: who stays in it, then transitions in their order."""
    # where clocks run, nothing happening is a transition of its own
    ticking = np.isin(np.arange(states), laid.source[laid.way < 0])
    stays = np.flatnonzero(~ticking)
    target = np.concatenate([stays, laid.target])
    pulls = np.stack(
        [np.concatenate([stays, laid.source]), np.concatenate([laid.stay[stays], laid.rate_of])],
        axis=1,
    )
    order = np.argsort(target, kind="stable")[np.count_nonzero(target < 0) :]  # ends come first
    arrives = np.searchsorted(target[order], np.arange(states + 1))
    return arrives.astype(np.int64), pulls[order]


def run_in_blocks(asked: Asked) -> Floats:
    """Run what is asked in the kernel: [figure, cell, time]."""
    from rating.kernels.forward import told  # noqa: PLC0415 - a claim is paid without numba

    cells, steps, columns = asked.rates.shape
    out = np.zeros((len(asked.tells) - 1, cells, steps + 1))
    told(
        0,
        cells,
        width(3 * asked.states + columns),
        np.arange(cells),
        asked.start,
        np.arange(cells),
        asked.rates,
        np.arange(steps),
        np.zeros(1, np.int64),
        np.zeros(0, np.int64),
        asked.arrives,
        asked.pulls,
        asked.tells,
        asked.figures,
        asked.owed,
        asked.free,
        out,
    )
    return out


def run_forward(asked: Asked) -> Floats:
    """Run what is asked with numpy, to the same bits: [figure, cell, time]."""
    cells, steps, _ = asked.rates.shape
    out = np.zeros((len(asked.tells) - 1, cells, steps + 1))
    now = asked.start.T.copy()
    half, free = len(asked.free), np.flatnonzero(asked.free)
    ranks = tuple(_ranks(asked.arrives))
    bounds = list(enumerate(pairwise(asked.tells.tolist())))
    standing = [
        (f, (low, high)) for f, (low, high) in bounds if (asked.figures[low:high, 1] < 0).all()
    ]
    for k in range(steps + 1):
        last = k == steps
        rates = asked.rates[:, min(k, steps - 1)].T
        if not last:
            now[half + free] += now[free] * asked.owed[:, k]
        for figure, (low, high) in standing if last else bounds:
            if low < high:
                parts = now[asked.figures[low:high, 0]]
                if asked.figures[low, 1] != SURELY:
                    parts *= rates[asked.figures[low:high, 1]]
                # accumulated, since a sum may go in pairs
                out[figure, :, k] = np.add.accumulate(parts, axis=0)[-1]
        if not last:
            moved = now[asked.pulls[:, 0]] * rates[asked.pulls[:, 1]]
            now = np.zeros_like(now)
            for states, places in ranks:
                now[states] += moved[places]
    return out


def _ranks(arrives: Integers) -> Iterator[tuple[Integers, Integers]]:
    """Give the first pull of every state, then the second of those that have one, and so on."""
    sizes = np.diff(arrives)
    for rank in range(int(sizes.max(initial=0))):
        states = np.flatnonzero(sizes > rank)
        yield states, arrives[states] + rank


def _groups(model: Model, laid: Transitions) -> dict[Taken, Integers]:
    found: dict[Taken, Integers] = {}
    for number, way in enumerate(model.ways):
        for column in dict.fromkeys(payment.column for payment in way.payments):
            paying = [move.source for move in way.moves if column in move.pays]
            rows = np.flatnonzero((laid.way == number) & np.isin(laid.source, paying))
            found[number, column] = rows
    return found
