"""Life risks of a product: what its contracts are worth less in an adverse scenario."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rating.engines.multistate.forward import expected
from rating.engines.multistate.model import Model
from rating.engines.multistate.value import net_single_premium, pv_expenses, pv_of_premiums
from rating.profit import Insured, estimated
from sandbox.capital.factors import Factors
from sandbox.portfolio.portfolio import Portfolio
from sandbox.profit.sensitivity import nature_of
from sandbox.simulate.cohort import CohortShock, RateShock, shocked

Floats = npt.NDArray[np.float64]
MONTHS = 12


@dataclass(frozen=True)
class Shocks:
    """The adverse scenarios of a regime.

    by_risk  risk → the model under it
    by_cell  whether only cells that get worse count, or the portfolio as a whole
    """

    by_risk: Mapping[str, Callable[[Model, Factors], Model]]
    by_cell: bool


def liabilities(model: Model, insured: Insured) -> Floats:
    """Present value at issue of payments and expenses less premiums, [cell], all its policies."""
    seen = expected(model)
    income = pv_of_premiums(model, 1.0 - model.assumed.spent["premium"], seen)
    spent = net_single_premium(model, seen) + pv_expenses(model, seen)
    return (spent - insured.premiums * income) * insured.policies


def life_risks(portfolio: Portfolio, shocks: Shocks, factors: Factors) -> dict[str, float]:
    """Give what each adverse scenario costs, currency; negative where it gains.

    The contracts are those of the portfolio at issue, on the best estimate.
    """
    policies = portfolio.cells.policies.astype(np.float64)
    insured = Insured(portfolio.risks, policies, portfolio.premiums)
    model = estimated(portfolio.product, insured)
    base = liabilities(model, insured)
    found = {}
    for risk, change in shocks.by_risk.items():
        worse = liabilities(change(model, factors), insured) - base
        found[risk] = _sum(np.maximum(worse, 0.0) if shocks.by_cell else worse)
    return found


def mass_lapse_at_issue(portfolio: Portfolio, share: float) -> float:
    """Give what is lost where a share of contracts leaves at issue, and is paid nothing.

    Only contracts that are worth something to the insurer count.
    """
    policies = portfolio.cells.policies.astype(np.float64)
    insured = Insured(portfolio.risks, policies, portfolio.premiums)
    worth = -liabilities(estimated(portfolio.product, insured), insured)
    return share * _sum(np.maximum(worth, 0.0))


def scaled(model: Model, nature: str, times: float | Floats) -> Model:
    """Multiply the rates of events of a nature: mortality, incidence, recovery or lapse."""
    return moved(model, nature, RateShock(times))


def moved(model: Model, nature: str, shock: RateShock) -> Model:
    """Change the rates of events of a nature."""
    named = [event for event in model.rates if nature_of(model, event) == nature]
    return shocked(model, CohortShock(dict.fromkeys(named, shock)))


def costlier(model: Model, times: float | Floats, kinds: tuple[str, ...]) -> Model:
    """Multiply kinds of expenses."""
    spent = {n: a * times if n in kinds else a for n, a in model.assumed.spent.items()}
    return replace(model, assumed=replace(model.assumed, spent=spent))


def dearer(model: Model, times: float, *, health: bool) -> Model:
    """Multiply what covers of the line health pay for events counted by the year, or the others."""
    uses = model.product.uses
    runs = tuple(
        one.times(np.full_like(one.amount, times))
        if (uses[one.column.partition(".")[0]].module.line == "health") == health
        else one
        for one in model.running
    )
    return replace(model, running=runs)


def years(model: Model) -> npt.NDArray[np.int64]:
    """Give the policy year of each step, from 1 on."""
    return np.arange(model.steps) // model.per_year + 1


def _sum(values: Floats) -> float:
    total = 0.0
    for value in values.tolist():
        total += value
    return total
