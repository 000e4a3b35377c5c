"""The tables of the report of a simulation, as texts."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sandbox.loss_table import LossTable, Segments
from sandbox.measures import Mean, Measured, Sample, estimated
from sandbox.measures.ranks import decimal, ranks
from sandbox.measures.told import mark

WORST = 10
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995)


@dataclass(frozen=True)
class Shown:
    """How figures are written; unknown: the word for an error that the rows cannot bound."""

    unknown: str

    def money(self, value: float) -> str:
        """Write an amount; a bound that the rows do not give is a dash."""
        return f"{round(value, 2) + 0.0:,.2f}" if math.isfinite(value) else "—"  # never -0.00

    def share(self, value: float) -> str:
        """Write a share."""
        return f"{round(value * 100, 2) + 0.0:.2f}%" if math.isfinite(value) else "—"

    def measured(self, one: Measured, *, ratio: bool = False) -> list[str]:
        """Write value, error and interval."""
        written = self.share if ratio else self.money
        error = written(one.error) if math.isfinite(one.error) else self.unknown
        ends = f"{written(one.low)} … {written(one.high)}"
        return [written(one.value), f"{error}{mark(one)}", ends]

    def within(self, one: Measured, *, ratio: bool = False) -> str:
        """Write a value with its error."""
        value, error, _ = self.measured(one, ratio=ratio)
        return f"{value} ± {error}"

    def segments(self, segments: Segments, replicate: int = 1) -> list[list[str]]:
        """Write mean premium, mean claims and the loss ratio of each segment."""
        rows = []
        for place, label in enumerate(segments.labels):
            paid, premium = segments.paid[:, place], segments.premium[:, place]
            amounts = [self.money(float(part.mean())) for part in (premium, paid)]
            ratio = ["—", "—"]
            if (premium > 0.0).all():
                one = estimated(Mean(), Sample.ratio(paid, premium, replicate))
                ratio = self.measured(one, ratio=True)[:2]
            rows.append([label, *amounts, *ratio])
        return rows


def quantile_rows(table: LossTable, shown: Shown) -> list[list[str]]:
    """Give what a share of rows do not exceed: all claims, and claims over premium."""
    total = table.total()
    ratio = np.divide(
        total, table.premium, out=np.full_like(total, np.nan), where=table.premium > 0
    )
    ascending = np.sort(total), np.sort(ratio)
    found = []
    for level in QUANTILES:
        at = ranks(table.years, decimal(level)).at - 1
        amount, share = (float(one[at]) for one in ascending)
        found.append([f"{level * 100:g}%", shown.money(amount), shown.share(share)])
    return found


def cover_rows(
    table: LossTable, parts: Mapping[str, Measured], shown: Shown, together: str
) -> list[list[str]]:
    """Give what each cover pays and, where there are parts of the tail, its own."""
    alike = table.replicate
    means = [estimated(Mean(), Sample(column, replicate=alike)) for column in table.paid.T]
    whole = estimated(Mean(), Sample(table.total(), replicate=alike))
    tail = math.fsum(one.value for one in parts.values())
    columns = zip([*table.columns, together], [*means, whole], strict=True)
    rows = []
    for place, (name, mean) in enumerate(columns):
        paid = table.paid[:, place] if place < len(means) else table.total()
        row = [
            name,
            shown.within(mean),
            shown.share(mean.value / whole.value if whole.value else math.nan),
            shown.money(float(paid.std(ddof=1))),
            shown.share(np.count_nonzero(paid) / table.years),
        ]
        if parts and place < len(means):
            part = parts[name]
            row += [shown.within(part), shown.share(part.value / tail if tail else math.nan)]
        elif parts:
            row += [shown.money(tail), shown.share(1.0 if tail else math.nan)]
        rows.append(row)
    return rows


def worst_rows(table: LossTable, shown: Shown) -> tuple[list[str], list[list[str]]]:
    """Give the covers that paid in the rows of the largest claims, and these rows.

    A row is its number, all claims, claims over premium, and what each of those covers paid.
    """
    total = table.total()
    worst = np.argsort(-total, kind="stable")[:WORST]
    paying = np.flatnonzero(table.paid[worst].any(axis=0))
    rows = [
        [
            f"{row:,}",
            shown.money(float(total[row])),
            shown.share(float(total[row] / table.premium[row]) if table.premium[row] else math.nan),
            *(shown.money(float(paid)) for paid in table.paid[row, paying]),
        ]
        for row in worst.tolist()
    ]
    return [table.columns[place] for place in paying.tolist()], rows
