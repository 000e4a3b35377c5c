"""A basis's rates as probabilities of the grid's steps: nature's together, the rest each alone."""

from collections.abc import Mapping

import numpy as np

from product_factory.basis import Grid as Conventions
from rating.engines.multistate import constant_force, euler, uniform
from rating.engines.multistate.chain import Floats

CONVENTIONS = {"constant_force": constant_force, "uniform": uniform}
"""How rates of events turn into one another, by the word in the basis's grid."""


def in_steps(
    rates: Mapping[str, Floats], alone: frozenset[str], declared: Conventions, per_year: int
) -> dict[str, Floats]:
    """Give [cell, step] from rates [cell, year], or from forces [cell, step].

    Nature's events share one year. What is `alone` shares it with nobody: an act of the
    policyholder, and each of two lives, which may die whether or not the other does.
    """
    nature = [name for name in rates if name not in alone]
    groups = [nature] if nature else []
    groups += [[name] for name in rates if name in alone]
    found: dict[str, Floats] = {}
    for names in groups:
        together = np.stack([np.nan_to_num(rates[name]) for name in names], axis=-1)
        if declared.rates == "intensity":
            together = _of_forces(together, declared, per_year)
        else:
            if declared.rates == "independent":
                together = CONVENTIONS[declared.within_year].dependent(together)
            together = _split(together, declared, per_year)
        found |= {name: together[..., place] for place, name in enumerate(names)}
    return {name: found[name] for name in rates}


def _split(rates: Floats, declared: Conventions, per_year: int) -> Floats:
    """Turn a year's probabilities into those of its steps: [cell, step, cause]."""
    if per_year == 1:
        return rates
    parts = CONVENTIONS[declared.within_year].split(rates, per_year)
    joined: Floats = parts.reshape(parts.shape[0], -1, parts.shape[-1])
    return joined


def _of_forces(forces: Floats, declared: Conventions, per_year: int) -> Floats:
    """Turn forces at each step's start into probabilities of the step."""
    h = 1.0 / per_year
    if declared.within_year == "euler":
        stepped: Floats = euler.step(forces, np.zeros(forces.shape[-1], np.int64), h)
        return stepped
    return constant_force.step(forces, h)
