"""Events that happen to the items of policies one by one, laid out as the kernels read them."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from rating.engines.collective.annual import AnnualModel, items_hit
from rating.frequencies import Frequency, Poisson
from sandbox.kernels.annual import Items

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
NEVER = Poisson(0.0)


def items_of(model: AnnualModel) -> tuple[Items, AnnualModel]:
    """Give the items of the cells, and the model of what is drawn row by row besides.

    The Poisson counts of a policy's items are drawn together; in the model they never happen.
    """
    cells, rows, processes = model.cells.size, model.rows.size, len(model.collective)
    if not model.by_item:
        nothing = np.full(rows, -1, dtype=np.int64)
        none = np.ones((processes, cells))
        offsets = np.full(cells + 1, cells, dtype=np.int64)
        share = np.zeros((0, 0))
        states = _own(model), _many(model)
        return Items(offsets, nothing, 1.0 - none, none, share, nothing + 1, *states), model
    item, policy = model.rows.item, model.rows.policy
    assert item is not None and policy is not None  # noqa: PT018, S101 - rows of items have both
    offsets = np.searchsorted(policy[cells:], np.arange(cells + 1)) + cells
    means, none = np.zeros((processes, cells)), np.ones((processes, cells))
    shares, apart = np.zeros((processes, rows)), np.zeros(rows, dtype=np.int64)
    rest = []
    for place, process in enumerate(model.collective):
        counts: list[Frequency] = list(process.counts)
        for cell in range(cells):
            total = 0.0
            for row in range(offsets[cell], offsets[cell + 1]):
                count = counts[row]
                if isinstance(count, Poisson):
                    total += count.mean
                    counts[row] = NEVER
                else:
                    apart[row] = 1
                shares[place, row] = total
            means[place, cell] = total
            none[place, cell] = Poisson(total * float(model.cells.policies[cell])).probability(0)
        rest.append(replace(process, counts=tuple(counts)))
    states = _own(model), _many(model)
    items = Items(offsets.astype(np.int64), item, means, none, shares, apart, *states)
    return items, replace(model.of_rows, collective=tuple(rest))


def _own(model: AnnualModel) -> Integers:
    """Tell which entries every item has for itself: those of items that events hit one by one."""
    single = items_hit(model.product).keys()
    return np.array(
        [
            int(any(item for item, _ in entry.slots) and not single.isdisjoint(entry.events))
            for entry in model.payout.entries
        ],
        dtype=np.int64,
    )


def _many(model: AnnualModel) -> Integers:
    """Tell of which items several may stand in a policy."""
    declared = model.product.product.items.values()
    return np.array([int(item.many) for item in declared], dtype=np.int64)
