"""What it costs to settle claims, as payments beside those of the covers."""

from dataclasses import replace

import numpy as np

from rating.engines.multistate.model import Flow, Model, Move, Payment, Way
from rating.reserves.given import Floats

SETTLING = "settling"


def settling(model: Model) -> Model:
    """Give the model with what the basis spends for each claim and as a share of what it pays.

    Acts of the policyholder cost nothing; what falls due on the first day neither.
    """
    cost, share = (model.assumed.spent[name] for name in ("claim", "claim_payment"))
    if not cost.any() and not share.any():
        return model
    ways = tuple(
        way if way.event in model.assumed.acts else _costed(way, cost, 1.0 + share)
        for way in model.ways
    )
    later = np.concatenate([np.ones((model.cells.size, 1)), 1.0 + share], axis=1)
    flows = tuple(Flow(one.column, one.amount * later, one.states) for one in model.flows)
    runs = tuple(one.times(1.0 + share) for one in model.running)
    return replace(model, ways=ways, flows=flows, running=runs)


def _costed(way: Way, cost: Floats, grown: Floats) -> Way:
    moves = tuple(
        Move(move.source, move.target, move.pays | {SETTLING}) if move.pays else move
        for move in way.moves
    )
    paid = tuple(
        Payment(one.column, one.amount * grown, None if one.each is None else one.each * grown)
        for one in way.payments
    )
    return replace(way, payments=(*paid, Payment(SETTLING, cost)), moves=moves)
