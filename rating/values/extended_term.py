"""Extended term (展期): how long the cash value keeps the full sum insured, no premium paid.

With A(m) the value of the benefits of the next m years, the term is the m with A(m) = share × cash
value: whole years, and days by a straight line within the year (or month of the basis's step). What
is left where it lasts to the contract's end is paid to those who live then: cash / (v^n × np).
Bowers and others, chapter 16.
"""

from dataclasses import replace

import numpy as np

from product_factory.errors import BadInput
from product_factory.valued import Valued
from rating.engines.multistate.forward import expected
from rating.engines.multistate.value import claims, discount
from rating.values.benefits import benefits
from rating.values.valuing import DAYS_IN_YEAR, Columns, Floats, Valuing

FULL = 1e-9
"""Shares of a day that rounding alone takes from a whole one."""


def columns(valuing: Valuing, one: Valued) -> Columns:
    """Give years, days and the amount at the end, by policy year.

    Raises BadInput for a contract of several living states: its value depends on what it has paid.
    """
    model = replace(benefits(valuing, one), flows=())  # what is paid to the living ends
    if len(model.states) > 1:
        text = "extended term is of a contract that every benefit ends"
        raise BadInput.one(one.declared.at, one.path, text)
    seen, per_year = expected(model), model.per_year
    paid = np.zeros_like(model.within)
    for column in claims(model, seen).values():
        paid = paid + column
    worth = np.concatenate([np.zeros((len(paid), 1)), paid * discount(model)[None, 1:]], axis=1)
    worth = np.cumsum(worth, axis=1)
    there = seen.alive * discount(model)[None, :]
    fund = valuing.number(one, "share") * valuing.cash
    shape = (valuing.cells.size, valuing.grid.years)
    years, days, left = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    for cell in range(shape[0]):
        steps = int(model.within[cell].sum())
        for year in range(int(min(valuing.grid.pay[cell], steps // per_year))):
            at = int(valuing.gone[year]) * per_year
            if at >= steps or not valuing.gone[year] < valuing.grid.pay[cell]:
                continue
            ahead = (worth[cell, at : steps + 1] - worth[cell, at]) / there[cell, at]
            lasts = _lasts(ahead, fund[cell, year], per_year)
            years[cell, year], days[cell, year] = divmod(lasts, DAYS_IN_YEAR)
            rest = max(float(fund[cell, year] - ahead[-1]), 0.0)
            left[cell, year] = rest * there[cell, at] / there[cell, steps]
    return {f"{one.name}_years": years, f"{one.name}_days": days, f"{one.name}_at_end": left}


def _lasts(ahead: Floats, fund: float, per_year: int) -> int:
    """Count the days for which a fund pays; ahead: [step + 1] value of so many steps' benefits."""
    whole = int(np.searchsorted(ahead, fund, side="right")) - 1
    if whole >= len(ahead) - 1:
        return (len(ahead) - 1) * DAYS_IN_YEAR // per_year
    part = (fund - float(ahead[whole])) / float(ahead[whole + 1] - ahead[whole])
    return int((whole + part) * DAYS_IN_YEAR / per_year + FULL)
