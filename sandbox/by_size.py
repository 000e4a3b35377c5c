"""Claims of an average year by size: how many, what they are paid, the largest, with errors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sandbox.bands import Basis
from sandbox.loss_table import LossTable
from sandbox.measures import Mean, Measured, Sample, ValueAtRisk

TOP = ValueAtRisk(level=0.995)
ALL = ""
"""In the place of a cover: all covers together."""


@dataclass(frozen=True)
class SizeRow:
    """Claims of one band, of a cover or of ALL.

    low, high  the band: sizes from low on, below high; None for no end
    claims     mean number of a row;  paid: mean of what they are paid in a row, currency
    """

    cover: str
    low: float
    high: float | None
    claims: Measured
    paid: Measured


@dataclass(frozen=True)
class LargestClaim:
    """The largest claim of a row, currency, of a cover or of ALL: its mean, and in 200 rows."""

    cover: str
    mean: Measured
    top: Measured


@dataclass(frozen=True)
class BySize:
    """What is told of claims by size; covers without a claim are left out.

    of     what a claim's size is;  rows: cover after cover, then ALL, each from the lowest band on
    """

    of: Basis
    rows: Sequence[SizeRow]
    largest: Sequence[LargestClaim]


def by_size(table: LossTable) -> BySize | None:
    """Measure the claims of a table by size; nothing where they were not sorted."""
    sizes = table.sizes
    if sizes is None:
        return None
    mean = Mean()
    rows, largest = [], []
    met = [place for place in range(len(table.columns)) if sizes.counts[:, place].any()]
    highs = (*sizes.bands.edges[1:], None)
    for name, places in [*((table.columns[p], [p]) for p in met), (ALL, met)]:
        for band, (low, high) in enumerate(zip(sizes.bands.edges, highs, strict=True)):
            counts, paid = np.zeros(table.years), np.zeros(table.years)
            for place in places:
                counts += sizes.counts[:, place, band]
                paid += sizes.paid[:, place, band]
            claims, amount = mean.measure(Sample(counts)), mean.measure(Sample(paid))
            rows.append(SizeRow(name, low, high, claims, amount))
        top = sizes.largest[:, places].max(axis=1, initial=0.0)
        one = Sample(top)
        largest.append(LargestClaim(name, mean.measure(one), TOP.measure(one)))
    return BySize(sizes.bands.of, tuple(rows), tuple(largest))


__all__ = ["ALL", "BySize", "LargestClaim", "SizeRow", "by_size"]
