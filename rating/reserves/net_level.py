"""Net level: benefits to come less the level net premium to come, P = A / ä.

V(t) = A(x+t) - P ä(x+t): Bowers, Gerber, Hickman, Jones, Nesbitt, Actuarial Mathematics, chapter 7.
"""

import numpy as np

from rating.engines.multistate.model import Model
from rating.engines.multistate.value import net_premium, reserves
from rating.reserves.given import Floats, Given


def reserve(model: Model, given: Given) -> Floats:  # noqa: ARG001 - every kind takes both
    """Reserve at each step's start and at the end, where nothing was claimed: [cell, step + 1]."""
    net = net_premium(model)
    return reserves(model, np.repeat(net[:, None], model.steps, axis=1))
