"""The verb: points through the engine, group by group, into sums and rows of a file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import numpy as np
import pyarrow as pa

from product_factory.assembled import AssembledBasis, AssembledProduct
from rating.cash_flows.flows import CashFlows, cash_flows
from rating.cash_flows.points import Floats, Points, group_size, grouped
from rating.engines.multistate.unknowns import bound
from rating.long_term import basis_of_years

By: TypeAlias = Literal["step", "point", "point_step"]


@dataclass
class Sums:
    """What all points together bring, each times its number of policies; added in their order.

    points, policies  how many;  columns: name → [t];  present: `pv_…` → currency
    """

    per_year: int = 1
    points: int = 0
    policies: float = 0.0
    columns: dict[str, Floats] = field(default_factory=dict)
    present: dict[str, float] = field(default_factory=dict)
    disc_factors: Floats = field(default_factory=lambda: np.zeros(0))

    def add(self, points: Points, flows: CashFlows) -> None:
        """Add a group."""
        self.per_year = flows.per_year
        self.points += points.size
        self.policies = _added(self.policies, points.policies)
        for name, flow in flows.columns.items():
            before = self.columns.get(name, np.zeros(0))
            self.columns[name] = _rows_added(before, flow * points.policies[:, None])
        for name, worth in flows.present.items():
            self.present[name] = _added(self.present.get(name, 0.0), worth * points.policies)
        if len(flows.disc_factors) > len(self.disc_factors):
            self.disc_factors = flows.disc_factors


def _added(before: float, more: Floats) -> float:
    return float(np.cumsum(np.concatenate([[before], more]))[-1])


def _rows_added(before: Floats, rows: Floats) -> Floats:
    """Add rows one after the other, so that no group moves a bit: [t]."""
    size = max(len(before), rows.shape[1])
    table = np.zeros((len(rows) + 1, size))
    table[0, : len(before)] = before
    table[1:, : rows.shape[1]] = rows
    return np.asarray(np.cumsum(table, axis=0)[-1], np.float64)


def basis_of(product: AssembledProduct, name: str, *, months: bool = False) -> AssembledBasis:
    """Give a basis on which a product can be projected. Raises BadInput where there is none.

    months  by month, whatever the step of its grid: a year's rates turn into those of its months as
            the grid says
    """
    basis = basis_of_years(product, name, "a projection")
    if months and basis.grid.step != "month":
        basis = replace(basis, grid=basis.grid.model_copy(update={"step": "month"}))
    return basis


def projected(
    product: AssembledProduct, basis: AssembledBasis, parts: Iterable[Points]
) -> Iterator[tuple[Points, CashFlows]]:
    """Project points on a basis, group by group; no more than one group is held."""
    for points in grouped(parts, group_size(product)):
        model = bound(product, basis, points.cells, points.premiums)
        yield points, cash_flows(model, points.premiums)


def by_step(sums: Sums) -> pa.Table:
    """Give the sums as a table, a row for each time."""
    steps = len(sums.disc_factors)
    columns: Mapping[str, object] = {
        "t": np.arange(steps, dtype=np.int64),
        **sums.columns,
        "disc_factors": sums.disc_factors,
    }
    return pa.table(columns)


def by_point(points: Points, flows: CashFlows) -> pa.RecordBatch:
    """Give a row for each point: its policies, premium, and present values of all of them."""
    return pa.record_batch(
        {
            "point": points.number,
            "policies": points.policies,
            "premium": points.premiums,
            **{name: worth * points.policies for name, worth in flows.present.items()},
        }
    )


def by_point_and_step(points: Points, flows: CashFlows) -> pa.RecordBatch:
    """Give a row for each point and time at which its contract runs or ends."""
    there = flows.columns["pols_if"] + flows.columns["pols_maturity"] > 0.0
    row, time = np.nonzero(there)
    return pa.record_batch(
        {
            "point": points.number[row],
            "t": time.astype(np.int64),
            **{
                name: (flow * points.policies[:, None])[row, time]
                for name, flow in flows.columns.items()
            },
            "disc_factors": flows.disc_factors[time],
        }
    )


ROWS = {"point": by_point, "point_step": by_point_and_step}
