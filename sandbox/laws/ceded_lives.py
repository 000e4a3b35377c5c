"""What a programme recovers of the run-off of one life on average, without random numbers.

Every payment that a model can make is put through the contracts, each amount by itself, and what
each contract takes of it is a payment of its own; the recursion of the engine values them. The
formulas of the contracts are those of `sandbox/laws/through.py`, and none of the simulation's; a
risk premium alone is valued from the simulation's own stream.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from rating.engines.multistate.chain import ENDED
from rating.engines.multistate.forward import expected
from rating.engines.multistate.model import Flow, Model, Payment, Way
from rating.engines.multistate.project import present_value
from rating.engines.multistate.value import discount, pv_claims, pv_of_premiums
from sandbox.laws.layer_of_storms import Known
from sandbox.laws.through import Chain
from sandbox.reinsurance import Facultative
from sandbox.reinsurance.occurrences import CEILING
from sandbox.reinsurance.proportional import Proportional
from sandbox.run_off_protection import RunOffProtection
from sandbox.simulate.ceding import Ceding, of_year
from sandbox.simulate.cohort import walked

Floats = npt.NDArray[np.float64]
NO_RISK = 1e30
"""A value of its own that no payment exceeds."""
SOME = np.ones(1, dtype=np.bool_)
ROUNDED = 1e-12
"""Relative: sums that are added in another order."""


@dataclass(frozen=True)
class CededLife:
    """Means of one life's run-off, as present values at issue.

    gross      what the protected covers pay
    recovered  contract → what it pays;  premium: contract → what it costs, of those that cost
    """

    gross: Known
    recovered: dict[str, Known]
    premium: dict[str, Known]

    @property
    def net(self) -> Known:
        """What is left of the gross."""
        parts = self.recovered.values()
        value = self.gross.value - math.fsum(one.value for one in parts)
        return Known(value, self.gross.bound + math.fsum(one.bound for one in parts))


def ceded_life(model: Model, protection: RunOffProtection, premium: float) -> CededLife:
    """Give what is recovered of the run-off of a life of the model's one cell.

    premium  a year's

    Raises BadInput where the mean of a contract is not known.
    """
    ceding = protection.ceding
    for contract in ceding.contracts:
        if of_year(contract):
            text = (
                f"'{contract.name}': no mean of what it recovers is known without random "
                "numbers, so the method would be simulated"
            )
            raise BadInput.one(protection.file.place("contracts"), "contracts", text)
    value = 0.0 if ceding.value is None else ceding.value
    # a contract that is of other policies is one of risks that are larger than any
    stages = tuple(
        tuple(
            one.model_copy(update={"above": CEILING})
            if isinstance(one, Facultative) and not ceding.chosen.get(one.name, SOME)[0]
            else one
            for one in stage
        )
        for stage in ceding.stages
    )
    chain = Chain(stages, 0.0 if ceding.sums is None else float(ceding.sums[0]), value)
    off = _off(model, ceding.covers)
    paid = pv_claims(model)
    gross = math.fsum(float(paid[name][0]) for name in ceding.covers)
    taken = pv_claims(_put_through(model, ceding.covers, chain))
    recovered, cost = {}, {}
    share = ceding.premium_share * premium
    whole = share * float(pv_of_premiums(model, np.ones_like(model.within))[0]) if share else 0.0
    for place, (contract, part) in enumerate(zip(chain.contracts, chain.costs(), strict=True)):
        own = [value for name, value in taken.items() if name.startswith(f"{place} ")]
        value = math.fsum(float(one[0]) for one in own)
        # what events counted by the year may be off is proportional, as all that is taken of them
        recovered[contract.name] = Known(value, value / gross * off if gross else 0.0)
        price = part * whole
        if isinstance(contract, Proportional) and contract.risk_premium is not None:
            price = _risk_premium(model, ceding, contract.name)
        if price:
            cost[contract.name] = Known(price, ROUNDED * price)
    return CededLife(Known(gross, off + ROUNDED * gross), recovered, cost)


def _risk_premium(model: Model, ceding: Ceding, name: str) -> float:
    """Value the premium that is due in each state, by the recursion of the engine."""
    laid = ceding.laid(model, walked(model, np.zeros(1))[0])
    return float(present_value(laid.chain, f"risk premium: {name}")[0])


def _off(model: Model, covers: tuple[str, ...]) -> float:
    """Give what events counted by the year may be off, as a present value at issue."""
    running = [one for one in model.running if one.column in covers]
    if not running:
        return 0.0
    lived = expected(model).alive[0, :-1] * discount(model)[1:]
    return math.fsum(math.fsum((lived * one.bound[0]).tolist()) for one in running)


def _put_through(model: Model, covers: tuple[str, ...], chain: Chain) -> Model:
    """Give the model in which contracts are paid, and nobody else.

    Columns are named by the contract's place, then by what it is a part of.
    """
    flows = [
        Flow(f"{place} {flow.column}", taken, flow.states)
        for flow in model.flows
        if flow.column in covers
        for place, taken in enumerate(replace(chain, value=NO_RISK).taken(flow.amount))
    ]
    running = [
        replace(one, column=f"{place} {one.column}", amount=taken)
        for one in model.running
        if one.column in covers
        for place, taken in enumerate(chain.taken(one.amount))
    ]
    ways = tuple(_way(model, way, covers, chain) for way in model.ways)
    return replace(model, ways=ways, flows=tuple(flows), running=tuple(running))


def _way(model: Model, way: Way, covers: tuple[str, ...], chain: Chain) -> Way:
    """Put together what a move pays, since a layer is of the whole of it."""
    worth, act = np.ones(model.steps), way.event in model.assumed.acts
    if model.assumed.brought is not None and not act:
        worth = model.assumed.brought
    if act:  # what a policyholder asks for is no risk
        chain = replace(chain, value=NO_RISK)
    payments: list[Payment] = []
    moves = []
    named: dict[tuple[frozenset[str], bool], frozenset[str]] = {}
    for move in way.moves:
        pays, goes_on = move.pays & {*covers}, move.target != ENDED
        if (pays, goes_on) not in named:
            # who stays in force keeps the cash value, so that all of the payment is risk
            of = replace(chain, value=0.0) if goes_on and not act else chain
            together = [one for one in way.payments if one.column in pays]
            amount = sum((one.amount for one in together), np.zeros_like(model.within))
            each = [one.each for one in together if one.each is not None]
            many = sum(each, np.zeros_like(model.within)) if each else None
            found = of.taken(amount / worth)
            no_risk = replace(chain, value=NO_RISK)  # nor are refunds of premiums
            counted = found if many is None else no_risk.taken(many / worth)
            parts = []
            for place, taken in enumerate(found if together else []):
                times = None if many is None else counted[place] * worth
                payments.append(Payment(f"{place} {len(named)}", taken * worth, times))
                parts.append(f"{place} {len(named)}")
            named[pays, goes_on] = frozenset(parts)
        moves.append(replace(move, pays=named[pays, goes_on]))
    return replace(way, payments=tuple(payments), moves=tuple(moves))
