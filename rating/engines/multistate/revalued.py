"""A model under other interest: what is paid at a step's start has another worth at its end."""

from dataclasses import replace

from rating.engines.multistate.assumed import Assumed
from rating.engines.multistate.model import Model


def revalued(model: Model, before: Assumed) -> Model:
    """Give a model whose interest was another: benefits at a step's start grow by its own.

    before  what was assumed when the amounts were computed
    """
    old, new = before.brought, model.assumed.brought
    if old is None or new is None:
        return model
    grown, spent = new / old, model.assumed.spent
    ways = tuple(
        way
        if way.event in before.acts
        else replace(way, payments=tuple(one.grown(grown) for one in way.payments))
        for way in model.ways
    )
    cost = {**spent, "claim": spent["claim"] * grown[None, :]}
    runs = tuple(one.times(grown[None, :]) for one in model.running)
    return replace(model, ways=ways, running=runs, assumed=replace(model.assumed, spent=cost))
