"""Retrospective: net level premiums with interest, less benefits paid, per contract in force.

Premiums received, accumulated, less the accumulated cost of insurance (Bowers, chapter 7). All
contracts in force share it, those too that have claimed and go on; with one living state it is the
prospective reserve. What falls due that day is still to be paid.
"""

import numpy as np

from rating.engines.multistate.forward import expected
from rating.engines.multistate.model import Model
from rating.engines.multistate.moves import discounts
from rating.engines.multistate.value import annuity, claims, net_single_premium
from rating.reserves.given import Floats, Given

LEFT = 1e-9
"""In force below this, an average means nothing."""


def reserve(model: Model, given: Given) -> Floats:  # noqa: ARG001 - every kind takes both
    """Reserve a contract in force at each step's start and at the end: [cell, step + 1]."""
    seen = expected(model)
    net = net_single_premium(model, seen) / annuity(model, seen)
    came = seen.paying * model.due * net[:, None]
    paid = np.zeros(model.within.shape)
    for column in claims(model, seen).values():
        paid = paid + column
    owed = np.zeros((model.cells.size, model.steps + 1))
    for flow, chance in zip(model.flows, seen.due, strict=True):
        owed = owed + chance * flow.amount
    held, v = -owed[:, :1] * np.ones_like(owed), discounts(model)
    for step in range(model.steps):
        held[:, step + 1] = (held[:, step] + came[:, step]) / v[step] - paid[:, step]
    held = held + owed
    within = np.concatenate([np.ones((model.cells.size, 1)), model.within], axis=1)
    there = seen.alive > LEFT
    each: Floats = np.where(there, held / np.where(there, seen.alive, 1.0), 0.0)
    found: Floats = each * within
    return found
