"""Full preliminary term: the first year's premium pays for the first year alone.

α is the present value of the first year's benefits, and β of the later years solves
α + PV(β) = PV(benefits): 银保监办发〔2020〕7号, for level premiums. One year in, a contract with
one living state has no reserve. A single premium knows no later one: its reserve is the net one.
"""

import numpy as np

from rating.engines.multistate.forward import Expected, expected
from rating.engines.multistate.model import Model
from rating.engines.multistate.value import (
    annuity,
    claims,
    net_single_premium,
    pv_at_end,
    pv_of_premiums,
    reserves,
)
from rating.reserves.given import Floats, Given


def reserve(model: Model, given: Given) -> Floats:  # noqa: ARG001 - every kind takes both
    """Reserve at each step's start and at the end, where nothing was claimed: [cell, step + 1]."""
    return reserves(model, premiums(model))


def premiums(model: Model, first: Floats | None = None) -> Floats:
    """Net premium of each step: α in the first policy year, then β: [cell, step].

    first  [cell] α; that of the first year's benefits where it is not given
    """
    seen = expected(model)
    worth, due = net_single_premium(model, seen), annuity(model, seen)
    year = np.arange(model.steps) < model.per_year
    inside = np.broadcast_to(year.astype(np.float64), model.within.shape)
    once = pv_of_premiums(model, inside, seen)
    later = due - once
    alpha = _first_year(model, seen, inside) / once if first is None else first
    single = later <= 0.0
    alpha = np.where(single, worth / due, alpha)
    beta = (worth - alpha * once) / np.where(single, 1.0, later)
    return np.where(year[None, :], alpha[:, None], np.where(single, 0.0, beta)[:, None])


def _first_year(model: Model, seen: Expected, inside: Floats) -> Floats:
    paid = np.zeros(model.within.shape)
    for column in claims(model, seen).values():
        paid = paid + column
    return pv_at_end(model, paid * inside)
