"""Gross premium: benefits and expenses to come less the premiums that are charged.

Of a premium counts what the basis leaves of it: less its loading and its expenses per premium.
Dickson, Hardy, Waters, Actuarial Mathematics for Life Contingent Risks, chapter 7: policy values.
"""

from rating.engines.multistate.backward import backward
from rating.engines.multistate.model import Model
from rating.reserves.given import Floats, Given
from rating.reserves.settling import settling


def reserve(model: Model, given: Given) -> Floats:
    """Reserve at each step's start and at the end, where nothing was claimed: [cell, step + 1]."""
    spent = model.assumed.spent
    kept = given.premium[:, None] * (1.0 - model.assumed.loading - spent["premium"])
    return backward(settling(model), kept, spent=spent["policy"] + spent["sum_insured"]).first
