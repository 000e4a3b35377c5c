"""Modified: net premiums are the gross premium re-computed on the basis, less its loading by year.

银保监办发〔2020〕7号 八-十一; the reserve behind the minimum cash value.
"""

from rating.engines.multistate.model import Model
from rating.engines.multistate.value import modified_reserves
from rating.reserves.given import Floats, Given


def reserve(model: Model, given: Given) -> Floats:  # noqa: ARG001 - every kind takes both
    """Reserve at each step's start and at the end, where nothing was claimed: [cell, step + 1]."""
    return modified_reserves(model)
