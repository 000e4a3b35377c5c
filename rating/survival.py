"""What a contract pays at due dates while the insured lives, as rules on survival benefits ask.

A payment of a cover that pays nothing but at the end of the term is a maturity benefit and none of
these. A payment at an anniversary belongs to the policy year that ends then.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rating.engines.multistate.model import Model

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Survival:
    """Survival benefits of cells.

    first   [cell] years from the start to the first; infinite where there is none
    yearly  [cell, year] what falls due in a policy year
    """

    first: Floats
    yearly: Floats


def survival(model: Model) -> Survival:
    """Read the survival benefits off a model's payments at due dates."""
    due = np.zeros((model.cells.size, model.steps + 1))
    ends = model.within.sum(axis=1).astype(np.int64)
    cell = np.arange(model.cells.size)
    for flow in model.flows:
        before = flow.amount.copy()
        before[cell, ends] = 0.0
        recurs = (before != 0.0).any(axis=1, keepdims=True)
        due = due + np.where(recurs, flow.amount, 0.0)
    paid = due > 0.0
    first = np.where(paid.any(axis=1), paid.argmax(axis=1) / model.per_year, np.inf)
    yearly = due[:, 1:].reshape(model.cells.size, model.years, model.per_year).sum(axis=2)
    yearly[:, 0] += due[:, 0]
    return Survival(first, yearly)
