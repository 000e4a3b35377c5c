"""Partial surrender (减保): by how much the sum insured may be reduced at once, and what it pays.

After `from_year` whole years, at most `yearly_cap` of the sum insured at the start in a policy
year, and never below `least_left`; the reduced part's share of the cash value is paid.
"""

import numpy as np

from product_factory.valued import Valued
from rating.values.valuing import Columns, Valuing


def columns(valuing: Valuing, one: Valued) -> Columns:
    """Give the largest reduction and its payment, for a contract that was not reduced yet."""
    insured = valuing.cells.columns["sum_insured"][:, None]
    room = np.maximum(insured - valuing.number(one, "least_left"), 0.0)
    most = np.minimum(valuing.number(one, "yearly_cap") * insured, room)
    ready = (valuing.gone[None, :] >= valuing.number(one, "from_year")) & valuing.within
    reduced = np.where(ready, most, np.nan)
    return {f"{one.name}_sum": reduced, one.name: reduced / insured * valuing.cash}
