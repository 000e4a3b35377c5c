"""Expected cost where claims meet, in order of date, balances that last all year.

A deductible of the year that stands above a share, or a waiting period, makes a claim depend on its
date and on the claims before it. The year's cost is

    sum over n of P(the year has n events or more) × E[payment of the n-th event],

which is the integral over the year of rate × expected increase of the paid balance at an event of
that date, term by term: marks do not depend on dates, so the n-th event meets the balances that
n - 1 events left, whenever they came. A waiting period cuts the year into phases, in each of which
events are alike; the events of each phase are counted, and what a phase may bring is known from
what the earlier ones brought (`Frequency.after`), so that overdispersed counts keep their
dependence. What the n-th event is paid does not depend on the frequency: cells that differ in
nothing else share it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.events import Events
from rating.engines.collective.expected_cost import Expected
from rating.engines.collective.fingerprint import Fingerprints
from rating.engines.collective.happens import CollectiveProcess
from rating.engines.collective.jumps import Paid, Pay, cut_at_jumps, paid_blocks, uncut
from rating.engines.collective.phases import Phase, phases
from rating.engines.collective.quadrature import LINE, Grading, halved
from rating.engines.collective.queue import Queue, queues
from rating.frequencies import Frequency, Panjer
from rating.kernels.sequence import SEVERAL, Step, arrivals, gains, step_of

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Before = tuple[int, ...]
"""Numbers of events in the phases before."""
Weights = Mapping[Before, Floats]
"""For each numbers of events before, [n] the chance of them and of n + 1 events or more now."""

CENT = 0.005
"""What rounding to the cent may move one payout."""
STEPS, POINTS = 200, 1024
"""Steps of the lattice up to the deductible, and up to the limit."""
NEVER = 1e-15
"""Chances that are left out; what that takes away is part of the bound."""


@dataclass(frozen=True)
class Size:
    """How fine: the lattices, and the quadrature of marks."""

    steps: int
    points: int
    grading: Grading


FINE = Size(STEPS, POINTS, LINE)
COARSE = Size(STEPS // 2, POINTS // 2, halved(LINE))
Sizes = tuple[Size, Size]
"""How finely a cost is computed, and how finely what it is held against."""
AT_ONCE: Sizes = (FINE, COARSE)
MANY_YEARS: Sizes = (
    Size(STEPS, POINTS, halved(LINE)),
    Size(STEPS // 2, POINTS // 2, halved(halved(LINE))),
)
"""Of contracts of many years, whose every year is priced: half the nodes for a mark."""


@dataclass(frozen=True)
class Cost:
    """What a policy of each cell is paid in a year, by slot, and the bound: [cell, slot]."""

    value: Floats
    bound: Floats


def sequence_costs(model: AnnualModel, cell: int) -> tuple[Expected, ...]:
    """Give the expected yearly cost of each cover and pool for a policy of a cell, with its bound.

    Raises BadInput at terms that need a simulation.
    """
    cost = slot_costs(model, (cell,)) if not model.by_item else cost_of_rows(model, cell)
    found = [
        Expected((entry.name,), "numeric", *_total(cost, [slot for _, slot in entry.slots]))
        for entry in model.payout.entries
        if not entry.exclusion
    ]
    by_name = {one.group[0]: one for one in found}
    groups: dict[tuple[str, ...], None] = {}
    for pool in model.product.product.pools.values():
        joined = {word.partition(".")[0] for word in pool.joins}
        groups[tuple(name for name in by_name if name in joined)] = None
    for group in groups:
        value = math.fsum(by_name[name].value for name in group)
        bound = math.fsum(by_name[name].bound for name in group)
        found.append(Expected(group, "numeric", value, bound))
    return tuple(found)


def cost_of_rows(model: AnnualModel, cell: int, sizes: Sizes = AT_ONCE) -> Cost:
    """Give what a policy is paid a year whose items are hit one by one: the sum over its rows."""
    cost = slot_costs(model.of_rows, model.rows_of(cell), sizes)
    return Cost(cost.value.sum(axis=0, keepdims=True), cost.bound.sum(axis=0, keepdims=True))


def _total(cost: Cost, slots: Sequence[int]) -> tuple[float, float]:
    value = math.fsum(float(cost.value[0, slot]) for slot in slots)
    return value, math.fsum(float(cost.bound[0, slot]) for slot in slots)


def slot_costs(model: AnnualModel, cells: Sequence[int], sizes: Sizes = AT_ONCE) -> Cost:
    """Give what a policy of each of some cells is paid a year; see `sequence_costs`.

    Cells that differ in their frequency alone share what the n-th event is paid.
    """
    value = np.zeros((len(cells), model.payout.slots))
    bound = np.zeros_like(value)
    told = Fingerprints(model)
    for queue in queues(model):
        alike: dict[bytes, list[int]] = {}
        for row, cell in enumerate(cells):
            alike.setdefault(told.payment(queue.process, cell), []).append(row)
        for rows in alike.values():
            _of_queue(model, queue, cells, rows, sizes, value, bound)
    return Cost(value, bound)


def _of_queue(
    model: AnnualModel,
    queue: Queue,
    cells: Sequence[int],
    rows: Sequence[int],
    sizes: Sizes,
    value: Floats,
    bound: Floats,
) -> None:
    first = cells[rows[0]]
    parts = phases(model, queue, first)
    laws = [_counts(queue.process.counts[cells[row]], parts, model) for row in rows]
    most: dict[Before, int] = {}
    for law in laws:
        for before, weights in law.items():
            most[before] = max(most.get(before, 0), weights.size)
    few: list[Paid] = []
    many: list[Paid] = []
    left = 0.0
    to_slots = partial(by_slot, model.payout.slots)
    for phase in parts:
        events, pay = _arriving(model, queue, first, phase)
        events, paid = cut_at_jumps(events, sizes[1].grading, pay, to_slots)
        few.append(paid)
        many.append(paid_blocks(events, sizes[0].grading, pay))
        # what one event uses up of a balance another finds gone, in whatever slot
        left += phase.share * math.fsum(uncut(many[-1], to_slots).tolist())
    fine = _payments(model, queue, first, many, most, sizes[0])
    coarse = _payments(model, queue, first, few, most, sizes[1])
    for row, law in zip(rows, laws, strict=True):
        mean = queue.process.counts[cells[row]].mean
        exact, rough = _expected(law, fine), _expected(law, coarse)
        value[row] += exact
        off = (CENT + left) * mean
        bound[row] += np.abs(exact - rough) + off * (exact > 0.0) + NEVER * exact


def _expected(law: Weights, payments: Mapping[Before, Floats]) -> Floats:
    total = np.zeros(next(iter(payments.values())).shape[1])
    for before, weights in law.items():
        for n, weight in enumerate(weights.tolist()):
            total = total + weight * payments[before][n]
    return total


def _counts(frequency: Frequency, parts: Sequence[Phase], model: AnnualModel) -> Weights:
    """Give the chances of numbers of events, phase by phase."""
    found: dict[Before, Floats] = {}

    def follow(before: Before, chance: float, known: Frequency) -> None:
        phase = parts[len(before)]
        law = known.thinned(phase.share)
        counts = _probabilities(law, chance, model)
        at_least = np.cumsum(counts[::-1])[::-1]
        found[before] = chance * at_least[1:]
        if len(before) + 1 < len(parts):
            for n, here in enumerate(counts.tolist()):
                if chance * here > NEVER:
                    follow((*before, n), chance * here, known.after(n, phase.share))

    follow((), 1.0, frequency)
    return found


def _probabilities(law: Frequency, chance: float, model: AnnualModel) -> Floats:
    """Give the chances of 0, 1, … events, until what is left can be left out."""
    rows = [
        weight * _of_panjer(count, abs(weight) * chance, model) for weight, count in law.weighted()
    ]
    found = np.zeros(max(row.size for row in rows))
    for row in rows:
        found[: row.size] += row
    return found


def _of_panjer(law: Panjer, chance: float, model: AnnualModel) -> Floats:
    a, b, p0 = law.panjer()
    if p0 <= 0.0:
        text = f"{law.mean:g} events a year are too many for the recursion"
        raise BadInput.one(model.basis.at, "", text)
    found = [p0]
    while len(found) <= law.mean or chance * found[-1] > NEVER:
        found.append((a + b / len(found)) * found[-1])
    return np.array(found)


def _payments(
    model: AnnualModel,
    queue: Queue,
    cell: int,
    parts: Sequence[Paid],
    most: Mapping[Before, int],
    size: Size,
) -> dict[Before, Floats]:
    """Give what the n-th event of a phase is paid on average, for each numbers of events before.

    parts  what single events of each phase bring, from `_arriving`
    """
    deductible, limit = queue.amounts(model, cell)
    steps = size.steps if deductible > 0.0 else 0
    points = size.points if math.isfinite(limit) else 0
    made = [
        _step(model, queue.process, paid, (deductible, limit), (steps, points)) for paid in parts
    ]
    found: dict[Before, Floats] = {}

    def follow(before: Before, below: Floats, after: Floats) -> None:
        events = most[before]
        paid = np.zeros((events, model.payout.slots))
        stands_below = np.zeros((events + 1, steps))
        stands_after = np.zeros((events + 1, points + 1))
        gains(made[len(before)], below, after, paid, stands_below, stands_after)
        found[before] = paid
        for n in range(events + 1):
            if (*before, n) in most:
                follow((*before, n), stands_below[n], stands_after[n])

    below, after = np.zeros(steps), np.zeros(points + 1)
    (below if steps else after)[0] = 1.0
    follow((), below, after)
    return found


def _arriving(model: AnnualModel, queue: Queue, cell: int, phase: Phase) -> tuple[Events, Pay]:
    """Give the events of a phase, and what they bring.

    That is [node, 3]: what comes to the deductible, what is kept of it, and the slot.
    """
    events = Events(model, queue.process, cell)
    phase.enter(events.claims)

    def pay(marks: Floats, item_marks: Floats) -> Floats:
        plan, claims = model.payout.arrays, events.claims
        found = np.empty((3, marks.shape[0]))
        slot_of = np.empty(marks.shape[0], dtype=np.int64)
        arrivals(
            plan,
            claims,
            marks,
            item_marks,
            queue.deductible,
            queue.limit,
            found[0],
            found[1],
            slot_of,
        )
        found[2] = slot_of
        return found.T

    return events, pay


def by_slot(slots: int, brought: Floats) -> Floats:
    """Give what comes to each slot and what is kept there, so that a change of the slot jumps.

    brought  [node, 3] as of `_arriving`;  returns [node, 2 × slot]
    """
    of_slot = brought[:, 2:] == np.arange(slots)
    return np.concatenate([brought[:, :1] * of_slot, brought[:, 1:2] * of_slot], axis=1)


def _step(
    model: AnnualModel,
    process: CollectiveProcess,
    paid: Paid,
    amounts: tuple[float, float],
    lattice: tuple[int, int],
) -> Step:
    # choices that make no difference, such as the cause once nobody waits, leave nodes alike
    nodes: dict[bytes, tuple[Floats, Floats]] = {}
    for block, brought in paid:
        key = brought.tobytes()
        before = nodes[key][0] if key in nodes else 0.0
        nodes[key] = (block.weight + before, brought)
    weights, brought = (np.concatenate(column) for column in zip(*nodes.values(), strict=True))
    arrived, kept, slots = np.ascontiguousarray(brought.T)
    slot_of = slots.astype(np.int64)
    _one_cover_an_event(model, process, slot_of)
    return step_of(weights, arrived, kept, slot_of, model.payout.slots, *amounts, *lattice)


def _one_cover_an_event(model: AnnualModel, process: CollectiveProcess, slot_of: Integers) -> None:
    """Refuse an event that two covers pay, or one that an exclusion pays: no formula shares it."""
    slots = {slot for e in model.payout.entries if not e.exclusion for _, slot in e.slots}
    if (slot_of == SEVERAL).any() or not set(np.unique(slot_of).tolist()) <= {-1, *slots}:
        text = (
            f"more than one cover or item pays {process.name} from a balance that lasts all year: "
            "no closed or numeric expected cost, so the method would be simulated"
        )
        raise BadInput.one(model.product.product.place("covers"), "covers", text)
