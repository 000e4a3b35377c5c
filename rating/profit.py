"""The profit test of a product: best estimate cash flows against the reserve that must be held.

The reserve is that of the pricing basis (or one named): net level premiums accumulated less
benefits, for an average contract in force, and never below the cash value or 0. A contract that
leaves takes what the best estimate says; the rest of the reserve is released.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from rating.engines.multistate.grid import Cells
from rating.engines.multistate.model import Model
from rating.engines.multistate.profit_test import ProfitTest, profit_test
from rating.engines.multistate.unknowns import bound, cash_values
from rating.engines.multistate.value import falls_due
from rating.long_term import basis_of_years
from rating.projection import Projection, Yearly, by_year, grown, project, to_end, to_start

Floats = npt.NDArray[np.float64]
RISK_DISCOUNT = 0.10
BEST_ESTIMATE, PRICING = "best_estimate", "pricing"
LEFT = 1e-9
"""In force below this, an average reserve means nothing."""


@dataclass(frozen=True)
class Insured:
    """Cells that are sold: their number of policies and yearly premiums, [cell]."""

    cells: Cells
    policies: Floats
    premiums: Floats


@dataclass(frozen=True)
class Profit:
    """A profit test with the average policy that it is of.

    reserves  [year + 1] per policy in force;  interest: [year] earned
    """

    test: ProfitTest
    flows: Yearly
    reserves: Floats
    interest: Floats


def estimated(product: AssembledProduct, insured: Insured, basis: str = BEST_ESTIMATE) -> Model:
    """Bind the basis on which profit is expected. Raises BadInput where there is none."""
    on = basis_of_years(product, basis, "a profit test")
    return bound(product, on, insured.cells, insured.premiums)


def reserves(product: AssembledProduct, insured: Insured, basis: str = PRICING) -> Floats:
    """Reserve per policy in force at the ends of policy years, from issue on: [cell, year + 1].

    What falls due that day has been paid.
    """
    at = estimated(product, insured, basis)
    seen = project(at, np.ones(insured.cells.size))
    net = seen.pv(sum(seen.claims.values(), np.zeros_like(at.within)), at_end=True)
    net = (net + seen.first_day) / seen.pv(seen.premiums)
    held = np.zeros((insured.cells.size, at.steps + 1))
    held[:, 0] = -seen.first_day
    paid = sum(seen.claims.values(), np.zeros_like(at.within))
    for step in range(at.steps):
        came = held[:, step] + net * seen.premiums[:, step]
        held[:, step + 1] = came / seen.v[step] - paid[:, step]
    alive = seen.pols_if
    each = np.where(alive > LEFT, held / np.maximum(alive, LEFT), 0.0)[:, :: at.per_year]
    each[:, -1] = 0.0
    if "cash_value" in product.product.values:
        least = cash_values(product, insured.cells, insured.premiums)
        due = falls_due(at)[:, at.per_year :: at.per_year]  # a cash value still has it
        least = least[:, : due.shape[1]] - due[:, : least.shape[1]]
        years = min(least.shape[1], each.shape[1] - 1)
        each[:, 1 : years + 1] = np.maximum(each[:, 1 : years + 1], least[:, :years])
    term = (at.within.sum(axis=1) / at.per_year)[:, None]
    return np.where(np.arange(each.shape[1])[None, :] < term, np.maximum(each, 0.0), 0.0)


def signatures(projected: Projection, held: Floats, interest: Floats) -> Floats:
    """Profit at the end of each policy year per policy sold, cell by cell: [cell, year + 1].

    held  [cell, year + 1] reserve per policy in force;  entry 0 of the signature is at issue
    """
    v, per_year = projected.v, projected.per_year
    years = projected.premiums.shape[1] // per_year
    kept = projected.pols_if[:, ::per_year] * held[:, : years + 1]
    spent = projected.commissions + projected.expenses
    came = kept[:, :-1] + to_start(projected.premiums - spent, v, per_year)
    left = to_end(projected.all_claims, v, per_year) + kept[:, 1:]
    left[:, 0] += projected.first_day * grown(v, per_year)[0]
    return np.concatenate([-kept[:, :1], came * (1.0 + interest[:years]) - left], axis=1)


def profit_tested(
    model: Model, insured: Insured, held: Floats, risk_discount: float = RISK_DISCOUNT
) -> Profit:
    """Test the profit of an average policy.

    model  on the best estimate, or a shocked one;  held: [cell, year + 1] reserves
    """
    projected = project(model, insured.premiums)
    flows = by_year(projected, insured.policies)
    share = insured.policies / insured.policies.sum()
    alive = projected.pols_if[:, :: projected.per_year]
    years = len(flows.premiums)
    kept = np.zeros(years + 1)
    for cell, part in enumerate(share.tolist()):
        kept = kept + part * alive[cell] * held[cell, : years + 1]
    there = np.maximum(flows.in_force, LEFT)
    staying = np.minimum(flows.in_force[1:] / there[:-1], 1.0)
    interest = model.assumed.interest[:years]
    average = np.where(flows.in_force > LEFT, kept / there, 0.0)
    test = profit_test(
        premiums=flows.premiums / there[:-1],
        expenses=flows.expenses / there[:-1],
        claims=flows.claims / there[:-1],
        staying=staying,
        reserves=average,
        interest=interest,
        risk_discount=risk_discount,
    )
    return Profit(test, flows, average, interest)
