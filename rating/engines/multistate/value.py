"""Premiums, reserves and present values on the arrays of a model, one row a cell.

Premiums and expenses fall at a year's start, claims at its end. Sums run year by year, so that
their order never changes. Names follow lifelib; actuarial symbols stand beside them.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from rating.engines.multistate.model import Model

Floats = npt.NDArray[np.float64]


def pols_if(model: Model) -> Floats:
    """Probability of being in force at the start of each year and at the end of the last (tpx).

    Kolmogorov forward with one living state. Shape [cell, years + 1].
    """
    alive = np.zeros((model.cells.size, model.years + 1))
    alive[:, 0] = 1.0
    stay = staying(model)
    for year in range(model.years):
        alive[:, year + 1] = alive[:, year] * stay[:, year]
    return alive


def staying(model: Model) -> Floats:
    """Probability of staying in force over a year, for one in force at its start: [cell, year]."""
    leave = np.zeros_like(model.within)
    act = np.zeros_like(model.within)
    for event, rate in model.rates.items():
        if event in model.acts:
            act = act + rate
        else:
            leave = leave + rate
    return (1.0 - leave) * (1.0 - act) * model.within


def leaving(model: Model) -> dict[str, Floats]:
    """Probability of leaving by each event in a year, for one in force at its start: [cell, year].

    An act of the policyholder comes after the year's other events.
    """
    nature = np.zeros_like(model.within)
    for event, rate in model.rates.items():
        if event not in model.acts:
            nature = nature + rate
    return {
        event: rate * (1.0 - nature) if event in model.acts else rate
        for event, rate in model.rates.items()
    }


def discount(model: Model) -> Floats:
    """Present value of 1 at times 0, 1, … years: v^t. Shape [years + 1]."""
    factors = np.ones(model.years + 1)
    for year in range(model.years):
        factors[year + 1] = factors[year] / (1.0 + model.interest)
    return factors


def claims(model: Model) -> dict[str, Floats]:
    """Expected payments of each column at each year's end, for one in force at its start."""
    leave = leaving(model)
    found: dict[str, Floats] = {}
    for outcome in model.outcomes:
        paid = leave[outcome.event] * outcome.weight * outcome.amount
        found[outcome.column] = found.get(outcome.column, 0.0) + paid
    return found


def pv_claims(model: Model) -> dict[str, Floats]:
    """Present value at issue of each column's payments, one value a cell (A for a death cover)."""
    alive, v = pols_if(model), discount(model)
    found: dict[str, Floats] = {}
    for column, paid in claims(model).items():
        total = np.zeros(model.cells.size)
        for year in range(model.years):
            total = total + alive[:, year] * v[year + 1] * paid[:, year]
        found[column] = total
    return found


def pv_at_start(model: Model, amounts: Floats) -> Floats:
    """Present value at issue of amounts `[cell, year]` paid at each year's start while in force."""
    alive, v = pols_if(model), discount(model)
    total = np.zeros(model.cells.size)
    for year in range(model.years):
        total = total + alive[:, year] * v[year] * amounts[:, year]
    return total


def annuity(model: Model) -> Floats:
    """Present value of a premium of 1 (ä)."""
    return pv_at_start(model, model.due)


def _total(parts: Mapping[str, Floats], size: int) -> Floats:
    total = np.zeros(size)
    for part in parts.values():
        total = total + part
    return total


def net_single_premium(model: Model) -> Floats:
    """Present value of all payments: what they are worth at issue."""
    return _total(pv_claims(model), model.cells.size)


def net_premium(model: Model) -> Floats:
    """Net level premium by equivalence, A / ä."""
    return net_single_premium(model) / annuity(model)


def gross_premium(model: Model) -> Floats:
    """Level gross premium by equivalence: benefits and expenses over what premiums leave.

    A premium of 1 leaves 1 less the loading and the expenses per premium of its year. Raises
    BadInput naming a cell of which premiums leave nothing.
    """
    left = pv_at_start(model, model.due * (1.0 - model.loading - model.per_premium))
    if not (left > 0.0).all():
        cell = int(np.argmin(left))
        text = f"premiums leave nothing after loadings at {model.cells.shown(model.product, cell)}"
        raise BadInput.one(model.basis.at, f"{model.basis.name}.loading", text)
    cost = net_single_premium(model) + pv_at_start(model, model.per_policy)
    return cost / left


def reserves(model: Model, net: Floats) -> Floats:
    """Prospective reserve at the end of years 0 … n, for one in force (tV).

    net  [cell, year] the premium that the reserve may count on, at each year's start

    Thiele backward: V(t-1) + P(t) = v × (expected payments of year t + staying × V(t)).
    Shape [cell, years + 1]; 0 beyond the term.
    """
    stay = staying(model)
    paid = np.zeros_like(model.within)
    for amounts in claims(model).values():
        paid = paid + amounts
    value = np.zeros((model.cells.size, model.years + 1))
    v = 1.0 / (1.0 + model.interest)
    for year in reversed(range(model.years)):
        later = v * (paid[:, year] + stay[:, year] * value[:, year + 1])
        value[:, year] = (later - net[:, year] * model.due[:, year]) * model.within[:, year]
    return value


def modified_reserves(model: Model) -> Floats:
    """Reserve with the basis's loadings: the gross premium re-computed on it, less its loading.

    The basis of the minimum cash value, 银保监办发〔2020〕7号 八-十一. Shape [cell, years + 1].
    """
    gross = gross_premium(model)
    return reserves(model, gross[:, None] * (1.0 - model.loading))
