"""How often a premium falls due in a year: fixed for the product, or the customer's choice `mode`.

`premium`, wherever a value reads it, is the one that falls due: a year's, or an instalment.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct, AssembledVariable
from product_factory.errors import Problem, either, nearest
from product_factory.product import Product

Floats = npt.NDArray[np.float64]
TIMES = {"year": 1, "half_year": 2, "quarter": 4, "month": 12}
"""Mode → how many premiums fall due in a year."""
MODE = "mode"
OFFERED = "offered"


def times(product: AssembledProduct, columns: Mapping[str, Floats], size: int) -> Floats:
    """Give how many premiums fall due in a year of each risk: [cell].

    columns  variable → encoded values; where a choice of mode is left out, one a year
    """
    written = product.product.contract.mode
    if written != OFFERED:
        return np.full(size, float(TIMES[written or "year"]))
    if MODE not in columns:
        return np.ones(size)
    offered = np.array([float(TIMES[word]) for word in product.variables[MODE].type.of])
    return offered[columns[MODE].astype(np.int64)]


def mode_problems(
    product: Product, found: Mapping[str, AssembledVariable], *, long_term: bool
) -> Iterator[Problem]:
    """Say what is wrong with the mode of a contract."""
    written, contract = product.contract.mode, product.contract
    if written is None:
        return
    at, path = contract.place(MODE), f"contract.{MODE}"
    if written not in (*TIMES, OFFERED):
        hint = nearest(written, (*TIMES, OFFERED))
        yield Problem(at, path, f"expected {either((*TIMES, OFFERED))}, got {written}{hint}")
    elif not long_term:
        text = "a contract of a year has one premium; only a longer one falls due in instalments"
        yield Problem(at, path, text)
    if written != OFFERED:
        return
    variable = found.get(MODE)
    if variable is None:
        yield Problem(at, path, f"'{MODE}' is offered, but 'offers' has no '{MODE}'")
        return
    odd = [word for word in variable.type.of if word not in TIMES]
    if odd or not variable.type.chosen:
        text = f"expected a choice of {either(TIMES)}, got {odd[0] if odd else variable.type.kind}"
        yield Problem(variable.declared.place("of"), f"offers.{MODE}.of", text)
