"""One risk of a product as the engine takes it."""

import numpy as np

from rating.engines.multistate import Cells


def per_thousand(product, age, sex, term, pay):
    """A cell of a sum insured of 1,000, from the words of its choices."""
    chosen = {"sex": sex, "term": term, "pay": pay}
    places = {name: product.variables[name].type.of.index(word) for name, word in chosen.items()}
    known = {"age": age, "sum_insured": 1_000.0, **places}
    return Cells({name: np.array([float(value)]) for name, value in known.items()})
