"""What is drawn for the policies of a cell together, and how it reaches each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput, BadValue
from rating.engines.collective.annual import AnnualModel
from rating.frequencies import Binomial, Frequency, NegativeBinomial, Poisson

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
NEARLY_ALL = 1.0 - 2.0**-53
MOST_EVENTS = 1 << 16
"""The most events that one policy may have in a year, where policies are drawn one by one."""
Drawn = tuple[int, float, float, float, int]
"""Code, first, second, none and table, as `sandbox.kernels.annual.Risks` has them by cell."""


@dataclass(frozen=True)
class CellCounts:
    """See `sandbox.kernels.annual.Risks`; all but the last are [process, cell]."""

    code: Integers
    first: Floats
    second: Floats
    none: Floats
    table: Integers
    tables: Floats


def cell_counts(model: AnnualModel) -> CellCounts:
    """Give what is drawn.

    Raises BadInput where a policy may have more events than a table holds.
    """
    processes, cells = model.collective, model.cells
    rows: list[list[Drawn]] = []
    tables: dict[Frequency, int] = {}
    chances: list[Floats] = []
    for process in processes:
        known: dict[tuple[Frequency, int], Drawn] = {}
        for count, policies in zip(process.counts, cells.policies.tolist(), strict=True):
            if (count, policies) not in known:
                try:
                    known[count, policies] = _drawn(count, policies, tables, chances)
                except BadValue as error:
                    text = f"{process.name}: {error}"
                    raise BadInput.one(model.basis.at, model.basis.name, text) from None
        pairs = zip(process.counts, cells.policies.tolist(), strict=True)
        rows.append([known[pair] for pair in pairs])
    drawn = np.array(rows, dtype=np.float64).reshape(len(processes), cells.size, 5)
    return CellCounts(
        code=drawn[:, :, 0].astype(np.int64),
        first=drawn[:, :, 1].copy(),
        second=drawn[:, :, 2].copy(),
        none=drawn[:, :, 3].copy(),
        table=drawn[:, :, 4].astype(np.int64),
        tables=side_by_side(chances),
    )


def _drawn(
    count: Frequency,
    policies: int,
    tables: dict[Frequency, int],
    chances: list[Floats],
) -> Drawn:
    if policies * count.mean == 0.0:
        return Poisson.CODE, 0.0, 1.0, 1.0, -1
    if isinstance(count, Poisson | NegativeBinomial):
        # the sum of so many such counts is one of them
        return count.CODE, *count.parameters(), count.scaled(policies).probability(0), -1
    if count not in tables:
        tables[count] = len(chances)
        chances.append(_given_any(count))
    some = count.survival(0)
    if some >= 1.0:
        # every policy has an event: the greatest chance that a binomial count may have
        some = NEARLY_ALL
    none = Binomial(policies, some).probability(0)
    return Binomial.CODE, 1.0, some, none, tables[count]


def _given_any(count: Frequency) -> Floats:
    """Give P(N <= n | N > 0) for n = 1, 2, …, up to where it is 1."""
    some = count.survival(0)
    found: list[float] = []
    total = 0.0
    for n in range(1, MOST_EVENTS):
        total += count.probability(n) / some
        found.append(total)
        if n > count.mean and count.survival(n) <= (1.0 - NEARLY_ALL) * some:
            return np.array([*found[:-1], 1.0])
    raise BadValue(f"expected less than {MOST_EVENTS} events of a policy in a year, got {count}")


def side_by_side(rows: Sequence[Floats]) -> Floats:
    """Lay cumulated chances out as a table, those of a shorter row being 1 to its end."""
    table = np.ones((len(rows), max((row.size for row in rows), default=1)))
    for place, row in enumerate(rows):
        table[place, : row.size] = row
    return table
