"""What the policies of a portfolio of annual contracts cost the insurer besides claims."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis
from product_factory.errors import BadInput, either
from product_factory.expenses import EXPENSES
from rating.engines.collective.cells import CellValues, RiskCells
from sandbox.portfolio.portfolio import Portfolio

Floats = npt.NDArray[np.float64]
EVERY_KIND = ""
"""Stands for all kinds of expenses."""


def yearly_expenses(
    portfolio: Portfolio, basis: AssembledBasis, times: Mapping[str, Floats] | None = None
) -> float:
    """Give the expenses of a portfolio of annual contracts in their year, currency.

    times  kind of expense → what those are multiplied by, [cell]; EVERY_KIND for all
    """
    total = 0.0
    each = expenses_of(portfolio.cells, portfolio.premiums, basis, times)
    for amount, policies in zip(each.tolist(), portfolio.cells.policies.tolist(), strict=True):
        total += amount * policies
    return total


def expenses_of(
    cells: RiskCells,
    premiums: Floats,
    basis: AssembledBasis,
    times: Mapping[str, Floats] | None = None,
) -> Floats:
    """Give the expenses of one policy of each cell in its year, [cell], currency.

    They are earned as the premium is: a policy on risk for a part of the year has that part.

    premiums  [cell] yearly premium of one policy;  times: as above
    """
    times = times or {}
    values = CellValues(cells)
    total = np.zeros(cells.size)
    for expense in basis.expenses:
        fits = np.ones(cells.size, dtype=np.bool_)
        if expense.when is not None:
            fits = values.holds(expense.when)
        kind = EXPENSES[expense.per]
        if not kind.annual:
            known = either(one.name for one in EXPENSES.values() if one.annual)
            text = f"expected an expense per {known}, in a contract of a year"
            raise BadInput.one(expense.place("per"), f"{basis.name}.expenses.{expense.name}", text)
        amount = values.value(expense.amount, kind.amount)
        if kind.falls == "premium":
            amount = amount * premiums
        for name in (EVERY_KIND, kind.joins or kind.name):
            amount = amount * times.get(name, 1.0)
        total = total + np.where(fits, amount, 0.0)
    return total * cells.share
