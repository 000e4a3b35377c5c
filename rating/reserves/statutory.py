"""The statutory reserve of China: full preliminary term, its shortfall, and two floors.

银保监办发〔2020〕7号: one-year full preliminary term; for an annuity for life α is the first
premium less the first year's loading, at most a share of it; where β is above the premium that is
charged, the present value of the difference is added; never below the cash value or 0.
"""

import numpy as np

from rating.engines.multistate.model import Model
from rating.engines.multistate.value import reserves
from rating.reserves.full_preliminary_term import premiums
from rating.reserves.given import Floats, Given


def reserve(model: Model, given: Given) -> Floats:
    """Reserve at each step's start and at the end, where nothing was claimed: [cell, step + 1]."""
    first = None
    if given.most is not None:
        first = given.premium * (1.0 - np.minimum(model.assumed.loading[:, 0], given.most))
    net = premiums(model, first)
    year = np.arange(model.steps) < model.per_year
    # a premium to come counts for no more than is charged: β - max(β - G, 0)
    counted = np.where(year[None, :], net, np.minimum(net, given.premium[:, None]))
    found = np.maximum(reserves(model, counted), 0.0)
    if given.cash is not None:
        ends = found[:, model.per_year :: model.per_year]
        years = min(ends.shape[1], given.cash.shape[1])
        ends[:, :years] = np.maximum(ends[:, :years], given.cash[:, :years])
    found[:, 0] = 0.0
    return found
