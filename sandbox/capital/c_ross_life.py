"""C-ROSS II, rule 5: the adverse scenarios of life business, and the portfolio that meets them."""

import numpy as np

from rating.engines.multistate.model import Model
from sandbox.capital.factors import Factors
from sandbox.capital.life import (
    MONTHS,
    Shocks,
    costlier,
    dearer,
    life_risks,
    moved,
    scaled,
    years,
)
from sandbox.portfolio.portfolio import Portfolio
from sandbox.simulate.cohort import RateShock

MAINTENANCE = ("policy", "sum_insured")


def of_product(portfolio: Portfolio, factors: Factors, lapse: str) -> dict[str, float]:
    """Give what each scenario costs the contracts of a product, negative where it gains.

    Medical and other losses are those of covers whose events are counted by the year.
    """
    part = factors.number(f"shock.lapse_{lapse.removeprefix('type_')}")
    shocks = {
        "mortality": lambda m, f: scaled(m, "mortality", 1.0 + f.number("shock.mortality")),
        "mortality_catastrophe": _catastrophe,
        "longevity": _longevity,
        "disease": lambda m, f: scaled(m, "incidence", 1.0 + f.number("shock.disease")),
        "disease_trend": _trend,
        "medical": lambda m, f: dearer(m, 1.0 + f.number("shock.medical"), health=True),
        "other": lambda m, f: dearer(m, 1.0 + f.number("shock.other"), health=False),
        "expense": lambda m, f: costlier(m, 1.0 + f.number("shock.expense"), MAINTENANCE),
        "lapse_up": lambda m, _: scaled(m, "lapse", 1.0 + part),
        "lapse_down": lambda m, _: scaled(m, "lapse", 1.0 - part),
        "mass_lapse": _mass_lapse,
    }
    return life_risks(portfolio, Shocks(shocks, by_cell=False), factors)


def _catastrophe(model: Model, factors: Factors) -> Model:
    """Add to the rates of the first 12 months."""
    add = factors.number("shock.mortality_catastrophe")
    return moved(model, "mortality", RateShock(add=add, last=1))


def _longevity(model: Model, factors: Factors) -> Model:
    """Let mortality improve year after year."""
    year = years(model)
    left = np.ones(int(year[-1]) + 1)
    for one in range(1, len(left)):
        left[one] = left[one - 1] * (1.0 - factors.since("shock.longevity", float(one)))
    return scaled(model, "mortality", left[year][None, :])


def _trend(model: Model, factors: Factors) -> Model:
    """Let incidences rise by sex, compounding for some years; without a sex by the larger trend."""
    male = factors.number("shock.disease_trend_male")
    female = factors.number("shock.disease_trend_female")
    k = np.full(model.cells.size, max(male, female))
    variable = model.product.variables.get("sex")
    if variable is not None and {"M", "F"} <= set(variable.type.of):
        is_male = model.cells.columns["sex"] == variable.type.of.index("M")
        k = np.where(is_male, male, female)
    most = factors.number("shock.disease_trend_years")
    rises = np.minimum(years(model), most)
    powers = np.ones((len(k), model.steps))
    for number in range(1, int(most) + 1):
        powers = np.where(rises[None, :] >= number, powers * (1.0 + k[:, None]), powers)
    return scaled(model, "incidence", powers)


def _mass_lapse(model: Model, factors: Factors) -> Model:
    least = factors.number("shock.mass_lapse_least")
    if model.per_year == MONTHS:
        least = factors.number("shock.mass_lapse_least_month") * MONTHS
    times = 1.0 + factors.number("shock.mass_lapse")
    return moved(model, "lapse", RateShock(times=times, least=least, last=1))
