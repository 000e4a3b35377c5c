"""Paid up (减额交清): the sum insured that the cash value buys when no further premium is paid.

S' = S × share × cash value / A, with A the value of all benefits to come at the year's end, on the
value's basis, without loadings: the cash value is a net single premium. There is none once all
premiums are paid.
"""

import numpy as np

from product_factory.valued import Valued
from rating.engines.multistate.backward import backward
from rating.engines.multistate.value import falls_due
from rating.values.benefits import benefits
from rating.values.valuing import Columns, Valuing


def columns(valuing: Valuing, one: Valued) -> Columns:
    """Give the reduced sum insured at the end of each policy year."""
    model = benefits(valuing, one)
    due = falls_due(model)  # it is paid in full
    worth = backward(model, np.zeros_like(model.within)).first - due
    worth = valuing.yearly(worth, model.per_year)
    bought = valuing.number(one, "share") * (valuing.cash - valuing.yearly(due, model.per_year))
    owed = valuing.gone[None, :] < valuing.grid.pay[:, None]
    fits = owed & (worth > 0.0)
    part = bought / np.where(fits, worth, 1.0)
    return {one.name: np.where(fits, part * valuing.cells.columns["sum_insured"][:, None], np.nan)}
