"""What a simulation leaves: one row for each simulated year, or for each simulated run-off.

The arrays of a table are handed over: a table seals them, so that the caller's own name for
an array is read-only from then on, and no copy of a large result is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from product_factory.errors import BadValue, either
from sandbox.size_table import SizeTable

Amounts: TypeAlias = NDArray[np.float64]
Kind: TypeAlias = Literal["annual", "cohort"]


@dataclass(frozen=True, eq=False)
class Segments:
    """Claims and premium of each segment of one classification (zone, sex, ...).

    labels: names of the segments, in the order of the columns.
    paid:    [year, segment] payouts, currency.
    premium: [year, segment] premium, currency; a broadcast view will do where it is constant.
    """

    labels: tuple[str, ...]
    paid: Amounts
    premium: Amounts

    def __post_init__(self) -> None:
        """Seal the arrays; refuse labels that repeat and columns that are not theirs."""
        _distinct("segment labels", self.labels)
        years = len(self.paid) if self.paid.ndim else 0
        for name in ("paid", "premium"):
            sealed = _sealed(f"segments.{name}", getattr(self, name), (years, len(self.labels)))
            object.__setattr__(self, name, sealed)


@dataclass(frozen=True, eq=False)
class LossTable:
    """Payouts and premium of `years` simulated rows, in currency units.

    columns: names of the covers, in the fixed order in which they are summed.
    paid:    [year, cover] payouts of each cover.
    premium: [year] premium of the whole portfolio.
    basis, seed: the named basis and the seed that the rows were simulated with.
    kind:    "annual": collective covers, a row is one simulated year;
             "cohort": long-term covers, a row is one simulated run-off and amounts are present
             values at its start.
    expenses:      [year] expenses, or nothing when they were not simulated.
    largest_event: [year] largest payout from one event (a storm, an accident), for occurrence
                   exceedance; zero in a year without an event.
    largest_claim: [year] largest payout of one event to one policy under one cover; zero in a
                   year without a claim, nothing where rows hold no single claims.
    by_segment:    classification -> Segments.
    sizes:         claims by size, where asked.
    currency:      ISO 4217 code, for units in figures and plots.
    replicate:     rows, one after the other, that were drawn together; 1 of independent rows.
    """

    columns: tuple[str, ...]
    paid: Amounts
    premium: Amounts
    basis: str
    seed: int
    kind: Kind = "annual"
    expenses: Amounts | None = None
    largest_event: Amounts | None = None
    by_segment: Mapping[str, Segments] = field(default_factory=dict)
    currency: str = "CNY"
    largest_claim: Amounts | None = None
    sizes: SizeTable | None = None
    replicate: int = 1

    def __post_init__(self) -> None:
        """Seal every array; refuse shapes that do not fit and amounts that are not finite."""
        _distinct("covers", self.columns)
        if self.kind not in ("annual", "cohort"):
            msg = f"kind: expected {either(('annual', 'cohort'))}, got {self.kind!r}"
            raise BadValue(msg)
        years = len(self.premium) if self.premium.ndim else 0
        if years < 1:
            msg = "a loss table: expected at least 1 simulated year, got none"
            raise BadValue(msg)
        object.__setattr__(self, "paid", _sealed("paid", self.paid, (years, len(self.columns))))
        object.__setattr__(self, "premium", _sealed("premium", self.premium, (years,)))
        for name in ("expenses", "largest_event", "largest_claim"):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, _sealed(name, given, (years,)))
        for name, segments in self.by_segment.items():
            if len(segments.paid) != years:
                msg = f"segments by {name}: expected {years} years, got {len(segments.paid)}"
                raise BadValue(msg)
        if self.sizes is not None and self.sizes.largest.shape != self.paid.shape:
            msg = f"sizes: expected shape {self.paid.shape}, got {self.sizes.largest.shape}"
            raise BadValue(msg)
        object.__setattr__(self, "by_segment", MappingProxyType(dict(self.by_segment)))

    @property
    def years(self) -> int:
        """Number of simulated rows."""
        return len(self.premium)

    def total(self) -> Amounts:
        """Give payouts of all covers by row, [year]: columns added one by one, first to last.

        np.sum would add in an order that changes with the machine's vector width.
        """
        total = np.zeros(self.years)
        for column in range(len(self.columns)):
            total += self.paid[:, column]
        return total


def _sealed(name: str, given: Amounts, shape: tuple[int, ...]) -> Amounts:
    """Give the array as read-only float64 of this shape, all finite."""
    array = np.asarray(given, dtype=np.float64)
    if array.shape != shape:
        msg = f"{name}: expected shape {shape}, got {array.shape}"
        raise BadValue(msg)
    if not np.isfinite(array).all():
        row = int(np.argwhere(~np.isfinite(array))[0][0])
        msg = f"{name}: expected finite amounts, got {array[row]} in row {row}"
        raise BadValue(msg)
    array.setflags(write=False)
    return array


def _distinct(what: str, names: tuple[str, ...]) -> None:
    """Refuse a name that stands twice."""
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        msg = f"{what}: expected each name once, got {either(twice)} more than once"
        raise BadValue(msg)
