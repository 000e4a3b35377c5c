"""The kinds of values of a contract in force, by the word after `kind:`; reserves among them."""

from collections.abc import Callable

import numpy as np

from product_factory.valued import Valued
from rating.engines.multistate.amount import CASH_VALUE
from rating.reserves import RESERVES, Given
from rating.values import extended_term, in_state, paid_up, partial_surrender, policy_loan
from rating.values.valuing import Columns, Floats, Valuing

VALUES: dict[str, Callable[[Valuing, Valued], Columns]] = {
    "paid_up": paid_up.columns,
    "extended_term": extended_term.columns,
    "partial_surrender": partial_surrender.columns,
    "policy_loan": policy_loan.columns,
    "in_state": in_state.columns,
}
ANNUITY_FOR_LIFE = "cn.life.valuation_first_loading"
"""The parameter that caps what an annuity's first premium lets go in the statutory reserve."""


def columns_of(valuing: Valuing, one: Valued) -> Columns:
    """Give the figures of a value at the end of each policy year: name → [cell, year].

    Raises BadInput for a kind that knows no policy years, and where it does not fit the contract.
    """
    if one.name == CASH_VALUE and valuing.has_cash:
        # what is paid: never below what falls due that day, which no share reduces
        years = valuing.grid.years
        return {one.name: np.where(valuing.within, valuing.cash[:, :years], np.nan)}
    if one.declared.kind in RESERVES:
        return {one.name: _reserve(valuing, one)}
    return VALUES[one.declared.kind](valuing, one)


def _reserve(valuing: Valuing, one: Valued) -> Floats:
    declared, product = one.declared, valuing.product
    assert declared.basis is not None  # noqa: S101 - its kind needs one
    model = valuing.model(declared.basis)
    annuity = product.product.type == "annuity" and product.product.contract.term == "life"
    entry = product.parameters.get(ANNUITY_FOR_LIFE) if annuity else None
    given = Given(
        premium=valuing.premium,
        cost=valuing.number(one, "cost", 0.0)[:, 0],
        cash=valuing.cash if valuing.has_cash else None,
        most=entry.value if entry is not None and isinstance(entry.value, float) else None,
    )
    found = valuing.yearly(RESERVES[declared.kind](model, given), model.per_year)
    return found * valuing.number(one, "share")


__all__ = ["VALUES", "Columns", "Floats", "Valuing", "columns_of"]
