"""Solvency II: the stresses of life underwriting, and the portfolio that meets them.

A stress counts for the contracts that it makes worse.
"""

import numpy as np

from product_factory.errors import BadInput
from rating.engines.multistate.faster import grown_faster
from rating.engines.multistate.model import Model
from sandbox.capital.factors import Factors
from sandbox.capital.life import (
    Shocks,
    costlier,
    life_risks,
    mass_lapse_at_issue,
    moved,
    scaled,
    years,
)
from sandbox.portfolio.portfolio import Portfolio
from sandbox.profit.sensitivity import nature_of
from sandbox.simulate.cohort import CohortShock, RateShock, shocked

EXPENSES = ("policy", "sum_insured", "claim", "claim_payment")


def of_product(portfolio: Portfolio, factors: Factors) -> dict[str, float]:
    """Give what each stress costs the contracts of a product.

    Raises BadInput where covers pay for events counted by the year: they are health, which is not
    computed.
    """
    product = portfolio.product
    counted = [name for name, one in product.processes.items() if one.kind == "collective"]
    if counted:
        text = (
            f"{product.name} pays for events of {counted[0]}, which are health business, and health"
            " under Solvency II is not computed; compute it elsewhere and leave the product out"
        )
        raise BadInput.one(product.product.at, "", text)
    shocks = {
        "mortality": lambda m, f: scaled(m, "mortality", 1.0 + f.number("shock.mortality")),
        "longevity": lambda m, f: scaled(m, "mortality", 1.0 - f.number("shock.longevity")),
        "disability": _disability,
        "expense": _expense,
        "lapse_up": lambda m, f: scaled(m, "lapse", 1.0 + f.number("shock.lapse_up")),
        "lapse_down": _lapse_down,
        "catastrophe": _catastrophe,
    }
    found = life_risks(portfolio, Shocks(shocks, by_cell=True), factors)
    found["mass_lapse"] = mass_lapse_at_issue(portfolio, factors.number("shock.mass_lapse"))
    return found


def _catastrophe(model: Model, factors: Factors) -> Model:
    return moved(model, "mortality", RateShock(add=factors.number("shock.catastrophe"), last=1))


def _disability(model: Model, factors: Factors) -> Model:
    """Raise incidences, more so in the first year, and lower recoveries."""
    first = factors.number("shock.disability_first")
    later = factors.number("shock.disability")
    times = 1.0 + np.where(years(model) == 1, first, later)[None, :]
    worse = scaled(model, "incidence", times)
    return scaled(worse, "recovery", 1.0 - factors.number("shock.recovery"))


def _expense(model: Model, factors: Factors) -> Model:
    """Raise expenses, and the yearly growth that they state, from the second year on."""
    added = np.full((model.cells.size, model.steps), factors.number("shock.expense_inflation"))
    for kind, level in grown_faster(model, dict.fromkeys(EXPENSES, added)).items():
        model = costlier(model, (1.0 + factors.number("shock.expense")) * level, (kind,))
    return model


def _lapse_down(model: Model, factors: Factors) -> Model:
    """Lower lapses by a part of them, by so many points a year at most."""
    part, most = factors.number("shock.lapse_down"), factors.number("shock.lapse_down_most")
    changed = {}
    for event, rate in model.rates.items():
        if nature_of(model, event) == "lapse":
            fall = np.minimum(part, most / model.per_year / np.maximum(rate, np.finfo(float).tiny))
            changed[event] = RateShock(1.0 - fall)
    return shocked(model, CohortShock(changed))
