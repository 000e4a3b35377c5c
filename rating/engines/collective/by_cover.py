"""What each cover pays a policy of each cell a year on average."""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.expected import costs_of
from rating.engines.collective.fingerprint import Fingerprints
from rating.engines.collective.queue import in_sequence
from rating.engines.collective.sequence import AT_ONCE, Cost, Sizes, cost_of_rows, slot_costs

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class CoverCosts:
    """Expected payments of covers, and of exclusions that pay, with what they may be off.

    names  of the columns;  value, bound: [cell, column], in currency
    """

    names: tuple[str, ...]
    value: Floats
    bound: Floats


def cover_costs(model: AnnualModel, sizes: Sizes = AT_ONCE) -> CoverCosts:
    """Compute the expected yearly payments of every cover, cell by cell.

    sizes  how finely, where claims meet balances that last all year

    Raises BadInput at terms under which no method without random numbers exists.
    """
    if in_sequence(model):
        return _in_sequence(model, sizes)
    return _one_by_one(model)


def part_of_a_year(model: AnnualModel, share: float) -> AnnualModel:
    """Give the model of what happens in the first so much of each policy year."""
    seen = tuple(
        replace(process, counts=tuple(count.thinned(share) for count in process.counts))
        for process in model.collective
    )
    return replace(model, collective=seen)


def _in_sequence(model: AnnualModel, sizes: Sizes) -> CoverCosts:
    cells = range(model.cells.size)
    if model.by_item:
        each = [cost_of_rows(model, cell, sizes) for cell in cells]
        cost = Cost(
            *(np.concatenate([getattr(one, n) for one in each]) for n in ("value", "bound"))
        )
    else:
        cost = slot_costs(model, cells, sizes)
    entries = [entry for entry in model.payout.entries if not entry.exclusion]
    value, bound = (
        np.array(
            [[math.fsum(row[slot] for _, slot in one.slots) for one in entries] for row in table]
        ).reshape(model.cells.size, len(entries))
        for table in (cost.value.tolist(), cost.bound.tolist())
    )
    return CoverCosts(tuple(entry.name for entry in entries), value, bound)


def _one_by_one(model: AnnualModel) -> CoverCosts:
    """Price cells that are alike once: what decides which methods there are is alike for all."""
    told = Fingerprints(model.of_rows)
    known: dict[bytes, dict[str, tuple[float, float]]] = {}
    rows = []
    for cell in range(model.cells.size):
        key = b"|||".join(told.year(row) for row in model.rows_of(cell))
        if model.catalogue:
            key = bytes(str(cell), "ascii")
        if key not in known:
            single = [one for one in costs_of(model, cell) if len(one.group) == 1]
            known[key] = {one.group[0]: (one.value, one.bound) for one in single}
        rows.append(known[key])
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    found = np.array([[row.get(name, (0.0, 0.0)) for name in names] for row in rows])
    found = found.reshape(len(rows), len(names), 2)
    return CoverCosts(names, found[:, :, 0].copy(), found[:, :, 1].copy())
