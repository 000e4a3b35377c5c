"""Results of years put in another order: margins are kept to the bit, only who meets whom changes.

Each column's values are handed out by the ranks of a copula's sample (M. Iman and W. J. Conover,
"A distribution-free approach to inducing rank correlation among input variables", Communications in
Statistics B11 (1982), with the sample of any copula in the place of their scores).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from sandbox.dependence.bind import BoundDependence
from sandbox.loss_table import LossTable

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def ranks(values: Floats) -> Integers:
    """Give the rank of each row from 0; of equal values, the earlier row has the lower one."""
    found = np.empty(len(values), dtype=np.int64)
    found[np.argsort(values, kind="stable")] = np.arange(len(values))
    return found


def orders(columns: Sequence[Floats], u: Floats) -> list[Integers]:
    """Give for each column which of its rows stands in each row; the first column stays in place.

    columns  [line] the results, [row];  u: [row, line] a sample of the copula
    """
    # the row of the sample whose first rank is that of the first column's row
    sample_of = np.argsort(u[:, 0], kind="stable")[ranks(columns[0])]
    found = [np.arange(len(columns[0]))]
    for line in range(1, len(columns)):
        rank = ranks(u[:, line])[sample_of]
        found.append(np.argsort(columns[line], kind="stable")[rank])
    return found


def reordered(table: LossTable, bound: BoundDependence) -> LossTable:
    """Give the table with the covers of every reordering in their new order.

    Segments are dropped, since they hold all covers of a year together; claims by size go with
    their cover, and make the largest claim of a row, which is dropped where there are none.
    """
    if not bound.reordered:
        return table
    paid, sizes = table.paid.copy(), table.sizes
    for one in bound.reordered:
        key = bound.file.says.key(one.reordering.reordering, table.seed)
        u = one.copula.sample(key, 0, table.years)
        places = [table.columns.index(name) for name in one.covers]
        columns = [table.paid[:, place] for place in places]
        for place, order in zip(places, orders(columns, u), strict=True):
            paid[:, place] = table.paid[order, place]
            sizes = None if sizes is None else sizes.reordered(place, order)
    largest = None if sizes is None else sizes.largest.max(axis=1)
    return replace(table, paid=paid, by_segment={}, largest_claim=largest, sizes=sizes)
