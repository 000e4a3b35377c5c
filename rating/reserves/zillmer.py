"""Zillmer: the cost of selling is spread over the premiums, P = (A + cost) / ä.

The reserve begins at minus the cost and is V(t) - cost × ä(x+t) / ä(x); without a cost it is the
net level one. Gerber, Life Insurance Mathematics, chapter 10.
"""

import numpy as np

from rating.engines.multistate.forward import expected
from rating.engines.multistate.model import Model
from rating.engines.multistate.value import annuity, net_single_premium, reserves
from rating.reserves.given import Floats, Given


def reserve(model: Model, given: Given) -> Floats:
    """Reserve at each step's start and at the end, where nothing was claimed: [cell, step + 1]."""
    seen = expected(model)
    net = (net_single_premium(model, seen) + given.cost) / annuity(model, seen)
    return reserves(model, np.repeat(net[:, None], model.steps, axis=1))
