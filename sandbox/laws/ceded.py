"""What a programme recovers of the years of one kind of policy on average, without random numbers.

Proportional contracts take their part of the expected cost. A layer of a claim, or of all that one
storm does, is summed over the nodes of a claim and over the storms of the catalogue, each put
through the contracts before it; the nodes are cut where a loss reaches a layer's ends. A last layer
with terms of the year is summed over the year's storms by recursion. Of all else no mean is known.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.events import MOST_DIMENSIONS, Events
from rating.engines.collective.expected import costs_of
from rating.engines.collective.happens import CollectiveProcess
from rating.engines.collective.jumps import Paid, cut_at_jumps, paid_blocks, uncut
from rating.engines.collective.numeric import CENT
from rating.engines.collective.outcomes import outcomes
from rating.engines.collective.quadrature import LINE, PLANE, halved
from rating.engines.collective.queue import in_sequence
from rating.kernels.nodes import pay_at
from sandbox.laws.layer_of_storms import Known, StormLayer
from sandbox.laws.through import Chain
from sandbox.protection import Protection
from sandbox.reinsurance import ExcessOfLoss, StopLoss
from sandbox.reinsurance.bound import bind
from sandbox.reinsurance.occurrences import STEP

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Ceded:
    """The means of a year of all policies together, in currency.

    gross       what the protected covers pay
    recovered   contract → what it pays;  reinstated: contract → its reinstatement premium, of
                those that charge one
    """

    gross: Known
    recovered: dict[str, Known]
    reinstated: dict[str, Known]

    @property
    def net(self) -> Known:
        """What is left of the gross."""
        parts = self.recovered.values()
        value = self.gross.value - math.fsum(one.value for one in parts)
        return Known(value, self.gross.bound + math.fsum(one.bound for one in parts))


@dataclass(frozen=True)
class _Claims:
    """Events of one process as nodes.

    rates, losses  [node] how often it comes in a year of all policies, and what it costs together
    risks   how many policies lose it together
    coarse  rates and losses of half as many nodes; None where nodes are the events themselves
    off     what jumps and cents may move the year's sum
    """

    rates: Floats
    losses: Floats
    risks: int = 1
    coarse: tuple[Floats, Floats] | None = None
    off: float = 0.0

    def taken(self, chain: Chain, place: int) -> Known:
        """Give what a contract takes of a year's events, and what half as many nodes move it."""
        value = float(self.rates @ chain.taken(self.losses, self.risks)[place])
        if self.coarse is None:
            return Known(value, self.off)
        rates, losses = self.coarse
        apart = abs(value - float(rates @ chain.taken(losses, self.risks)[place]))
        return Known(value, apart + self.off)


def ceded(model: AnnualModel, protection: Protection) -> Ceded:
    """Give what is recovered of the years of the model's one cell.

    Raises BadInput where the mean of a contract is not known.
    """
    policies = int(model.cells.policies[0])
    size = 0.0 if protection.sums is None else float(protection.sums[0])
    chain = Chain(protection.programme.stages, size)
    each = _gross(model, protection.file.covers)
    gross = Known(policies * each.value, policies * each.bound)
    # every recovery is rounded down to the grid, by each contract behind another one
    rows = model.rows_of(0)
    often = policies * math.fsum(one.counts[row].mean for one in model.collective for row in rows)
    often += math.fsum(float(one.rates.sum()) for one in model.catalogue)
    steps = STEP * often * len(chain.contracts)
    if not any(isinstance(one, ExcessOfLoss | StopLoss) for one in chain.contracts):
        known = [Known(part * gross.value, part * gross.bound + steps) for part in chain.parts()]
        return Ceded(gross, _by_name(chain, known), {})
    model.refuse_by_item("what a layer takes of a year", "its recoveries are simulated, not proved")
    _refuse_unknown(model, protection)
    claims = [*_claims(model, protection.file.covers, chain)]
    fresh = math.fsum(float(one.rates @ one.losses) for one in claims)
    # what balances that outlast an event take from events: no contract misses more of it
    missed = max(0.0, fresh - gross.value) + gross.bound + steps
    costs = bind(protection.programme.stages, protection.exposure).costs
    known, charged = [], {}
    for place, contract in enumerate(chain.contracts):
        if isinstance(contract, ExcessOfLoss) and _of_year(contract):
            layer = _layer(contract, claims, chain, place)
            one = layer.recovered()
            if any(contract.reinstatements or ()):
                premium = costs[place].premium
                charge, dearest = layer.charged(premium), max(contract.reinstatements or ())
                off = charge.bound + dearest * premium * missed / contract.limit + STEP
                charged[contract.name] = Known(charge.value, off)
        else:
            parts = [events.taken(chain, place) for events in claims]
            one = Known(math.fsum(p.value for p in parts), math.fsum(p.bound for p in parts))
        known.append(Known(one.value, one.bound + missed))
    return Ceded(gross, _by_name(chain, known), charged)


def _by_name(chain: Chain, known: Sequence[Known]) -> dict[str, Known]:
    return {one.name: mean for one, mean in zip(chain.contracts, known, strict=True)}


def _of_year(contract: ExcessOfLoss) -> bool:
    """Tell whether what a layer recovers of an event depends on those before it."""
    terms = (contract.reinstatements, contract.aggregate_limit)
    return contract.aggregate_deductible > 0.0 or terms != (None, None)


def _gross(model: AnnualModel, covers: Sequence[str]) -> Known:
    """Give what the covers cost a policy: all covers of a pool together, where all are protected.

    Together they are known more closely than one by one.
    """
    expected = sorted(costs_of(model), key=lambda one: -len(one.group))
    values, bounds, left = [], [], {*covers}
    for one in expected:
        if {*one.group} <= left:
            left -= {*one.group}
            values.append(one.value)
            bounds.append(one.bound)
    return Known(math.fsum(values), math.fsum(bounds))


def _refuse_unknown(model: AnnualModel, protection: Protection) -> None:
    """Refuse contracts whose recovery depends on more than the loss that it answers to."""
    stages = protection.programme.stages
    collective = {name for one in model.collective for name in _paying(model, one.name)}
    for number, stage in enumerate(stages):
        for contract in stage:
            unknown = isinstance(contract, StopLoss)
            if isinstance(contract, ExcessOfLoss):
                by_year = _of_year(contract)
                by_claim = bool(collective & {*protection.file.covers})
                behind = number + 1 < len(stages)
                whole = contract.pro_rata == "time" and any(contract.reinstatements or ())
                unknown = contract.per == "year" or whole or (by_year and (by_claim or behind))
            if unknown or in_sequence(model):
                text = (
                    f"'{contract.name}': no mean of what it recovers is known without random "
                    "numbers, so the method would be simulated"
                )
                raise BadInput.one(protection.file.place("contracts"), "contracts", text)


def _paying(model: AnnualModel, event: str) -> set[str]:
    return {entry.name for entry in model.payout.entries if event in entry.events}


def _slots(model: AnnualModel, covers: Sequence[str]) -> list[int]:
    return [slot for one in model.payout.entries if one.name in covers for _, slot in one.slots]


def _claims(model: AnnualModel, covers: Sequence[str], chain: Chain) -> Iterator[_Claims]:
    """Give the events of each process that the covers pay."""
    policies, slots = int(model.cells.policies[0]), _slots(model, covers)
    for process in model.collective:
        if _paying(model, process.name) & {*covers}:
            yield _collective(model, process, slots, chain)
    storms = {process.name for process in model.catalogue}
    if not storms:
        return
    for found in outcomes(model, 0):
        if found.name in storms:
            rates = found.frequency.mean * found.fine.weight
            yield _Claims(rates, policies * found.fine.amounts(slots), policies)


def _collective(
    model: AnnualModel, process: CollectiveProcess, slots: Sequence[int], chain: Chain
) -> _Claims:
    """Give the claims of a process, nodes cut where a loss jumps or reaches an end of a layer."""
    events = Events(model, process, 0)
    pay = partial(pay_at, model.payout.arrays, events.claims)

    def amounts(paid: Floats) -> Floats:
        losses = paid[:, slots].sum(axis=1)
        return np.stack([losses, *chain.reached(losses)], axis=1)

    often = float(process.counts[0].mean) * int(model.cells.policies[0])
    if not events.dimensions:
        return _Claims(*_nodes(paid_blocks(events, LINE, pay), slots, often))
    grading = LINE if events.dimensions < MOST_DIMENSIONS else PLANE
    events, coarse = cut_at_jumps(events, halved(grading), pay, amounts)
    fine = paid_blocks(events, grading, pay)
    residue = float(uncut(fine, lambda paid: paid[:, slots].sum(axis=1, keepdims=True))[0])
    off = often * (residue + CENT)
    return _Claims(*_nodes(fine, slots, often), coarse=_nodes(coarse, slots, often), off=off)


def _nodes(paid: Paid, slots: Sequence[int], often: float) -> tuple[Floats, Floats]:
    rates = often * np.concatenate([block.weight for block, _ in paid])
    return rates, np.concatenate([found[:, slots].sum(axis=1) for _, found in paid])


def _layer(
    contract: ExcessOfLoss, claims: Sequence[_Claims], chain: Chain, place: int
) -> StormLayer:
    """Give what the storms bring to a layer, before its terms of the year."""
    rates = np.concatenate([one.rates for one in claims])
    met = [chain.taken(one.losses, one.risks)[place] / contract.share for one in claims]
    found = np.concatenate(met)
    reach = found > 0.0
    return StormLayer(contract, rates[reach], found[reach])
