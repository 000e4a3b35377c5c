"""What it costs to settle claims, as a payment beside those of the covers."""

from dataclasses import replace

from rating.engines.multistate.model import Model, Move, Payment, Way

SETTLING = "settling"


def settling(model: Model) -> Model:
    """Give the model with the basis's cost of each claim; acts of the policyholder cost none."""
    cost = model.assumed.spent["claim"]
    if not cost.any():
        return model
    ways = tuple(
        way if way.event in model.assumed.acts else _costed(way, Payment(SETTLING, cost))
        for way in model.ways
    )
    return replace(model, ways=ways)


def _costed(way: Way, cost: Payment) -> Way:
    moves = tuple(
        Move(move.source, move.target, move.pays | {SETTLING}) if move.pays else move
        for move in way.moves
    )
    return replace(way, payments=(*way.payments, cost), moves=moves)
