"""What one event pays: each process's events as weighted outcomes, without random numbers.

A mark that is drawn becomes quadrature nodes in its quantile, a choice becomes its chances, a
catalogue becomes its events; the payout kernel pays each node under fresh balances.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt

from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.events import (
    MOST_DIMENSIONS,
    Block,
    Events,
    choices,
    contract,
)
from rating.engines.collective.happens import CatalogueProcess, Chances, CollectiveProcess
from rating.engines.collective.jumps import cut_at_jumps, paid_blocks, uncut
from rating.engines.collective.quadrature import LINE, PLANE, halved
from rating.frequencies import Frequency, Poisson
from rating.kernels.emanuel import emanuel
from rating.kernels.nodes import pay_at, weighted
from rating.kernels.settle import Claims

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Together:
    """What one event pays some slots together: mean and mean square."""

    mean: float
    square: float


@dataclass(frozen=True)
class Paid:
    """Nodes of one event: weight [node], adding up to 1, and payout [node, slot] to the cent."""

    weight: Floats
    paid: Floats

    @cached_property
    def mean(self) -> Floats:
        """The mean payout of an event, [slot]."""
        return weighted(self.weight, self.paid)

    def amounts(self, slots: Sequence[int]) -> Floats:
        """Give what each node pays some slots together, [node]."""
        total = np.zeros(self.weight.size)
        for slot in slots:
            total += self.paid[:, slot]
        return total

    def together(self, slots: Sequence[int]) -> Together:
        """Give the moments of what some slots are paid together."""
        amounts = self.amounts(slots)
        mean, square = weighted(self.weight, np.stack([amounts, amounts * amounts], axis=1))
        return Together(float(mean), float(square))


@dataclass(frozen=True)
class Outcomes:
    """The events of one process for one policy.

    name      process.event;  method: numeric or events
    fine      its outcomes;  coarse: the same with half as many panels, None where there are none
    residue   [slot], what jumps that no node is cut at may move the mean of an event
    """

    name: str
    method: str
    frequency: Frequency
    fine: Paid
    coarse: Paid | None
    residue: Floats


def outcomes(model: AnnualModel, cell: int) -> tuple[Outcomes, ...]:
    """Give what the events of each process pay a policy of the cell.

    Raises BadInput where a process draws more than two marks independently of one another.
    """
    found = [_collective(model, cell, process) for process in model.collective]
    item = model.cells.item
    if item is None or item[cell] < 0:  # a storm hits a policy as a whole, not its items' rows
        found += [_catalogue(model, cell, process) for process in model.catalogue]
    return tuple(found)


def _collective(model: AnnualModel, cell: int, process: CollectiveProcess) -> Outcomes:
    events = Events(model, process, cell)
    grading = LINE if events.dimensions < MOST_DIMENSIONS else PLANE
    pay = partial(pay_at, model.payout.arrays, events.claims)
    coarse: Paid | None = None
    residue = np.zeros(model.payout.slots)
    if events.dimensions:
        events, blocks = cut_at_jumps(events, halved(grading), pay, _all)
        coarse = _paid(blocks)
    blocks = paid_blocks(events, grading, pay)
    if events.dimensions:
        residue = uncut(blocks, _all)
    return Outcomes(process.name, "numeric", process.counts[cell], _paid(blocks), coarse, residue)


def _all(paid: Floats) -> Floats:
    return paid


def _paid(blocks: Sequence[tuple[Block, Floats]]) -> Paid:
    weights = np.concatenate([block.weight for block, _ in blocks])
    return Paid(weights, np.concatenate([paid for _, paid in blocks]))


def _over_choices(
    model: AnnualModel,
    claims: Claims,
    cell: int,
    chances: Sequence[Chances],
    weight: Floats,
    marks: Floats,
    item_marks: Floats,
) -> Paid:
    weights: list[Floats] = []
    paid: list[Floats] = []
    for chance, chosen in choices(chances, cell):
        here = marks.copy()
        for mark, choice in chosen:
            here[:, mark] = choice
        weights.append(weight * chance)
        paid.append(pay_at(model.payout.arrays, claims, here, item_marks))
    return Paid(np.concatenate(weights), np.concatenate(paid))


def _catalogue(model: AnnualModel, cell: int, process: CatalogueProcess) -> Outcomes:
    winds = process.intensity[:, process.place[cell]]
    claims = contract(model, cell, process.event)
    marks = np.full((winds.size, claims.marks.shape[1]), np.nan)
    item_marks = np.full((winds.size, *claims.item_marks.shape[1:]), np.nan)
    if process.intensity_mark >= 0:
        marks[:, process.intensity_mark] = winds
    hit = np.zeros(winds.size, dtype=bool)
    for item in range(claims.present.size):
        threshold, half = process.damage[cell, item].tolist()
        if claims.present[item] == 1 and not math.isnan(threshold):
            damage = np.array([emanuel(wind, threshold, half) for wind in winds.tolist()])
            item_marks[:, process.mark, item] = damage
            hit |= damage > 0.0
    # a storm that destroys nothing reaches no cover, and is no event for this policy
    rates = process.rates[hit]
    total = math.fsum(rates.tolist())
    weight = rates / total if total > 0.0 else rates
    fine = _over_choices(model, claims, cell, process.chances, weight, marks[hit], item_marks[hit])
    nothing = np.zeros(model.payout.slots)
    often = Poisson(total * float(model.cells.share[cell]))
    return Outcomes(process.name, "events", often, fine, None, nothing)
