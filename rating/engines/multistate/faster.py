"""Expenses of a model whose growth is another: what each kind is multiplied by."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from product_factory.scopes import general_scope
from rating.engines.multistate.model import Model
from rating.engines.multistate.spent import spent

Floats = npt.NDArray[np.float64]


def grown_faster(model: Model, faster: Mapping[str, Floats]) -> dict[str, Floats]:
    """Give kind of expense → what it is multiplied by, [cell, step].

    faster  kind, none that joins another → what is added to the yearly growth that its expenses
            state (`grows`, else none), in the policy years from the second on: [cell, step]

    A growth of 2.5% and 1% more is (1 + 2.5% + 1%) / (1 + 2.5%) each year, not 1 + 1%.
    """
    assumed, grid = model.assumed, model.assumed.grid
    step = np.arange(grid.steps)
    within = (step[None, :] < grid.term[:, None] * grid.per_year).astype(np.float64)
    wide = {kind: assumed.on_grid(added) for kind, added in faster.items()}
    if assumed.begun is not None:  # in a first step nothing has grown yet
        for added in wide.values():
            added[np.arange(len(added)), assumed.begun] = 0.0
    every = model.basis, grid, general_scope(model.product), within, step % grid.per_year == 0
    usual, moved = spent(*every), spent(*every, wide)
    found = {}
    for kind in faster:
        base, dear = assumed.of_grid(usual[kind]), assumed.of_grid(moved[kind])
        found[kind] = np.divide(dear, base, out=np.ones_like(base), where=base != 0)
    return found


__all__ = ["grown_faster"]
