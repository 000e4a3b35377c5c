"""Several years together: of annual contracts so many in a row, of long-term ones the first."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from rating.engines.multistate import Model
from sandbox.loss_table import LossTable, Segments

Floats = npt.NDArray[np.float64]


def joined(table: LossTable, years: int) -> LossTable:
    """Give the table with every `years` rows added up to one; rows that are left over are dropped.

    A row's largest event and claim are the largest of its years.
    """
    rows = table.years // years
    if rows < 1:
        message = f"{years} years together: expected as many simulated years, got {table.years}"
        raise BadValue(message)
    paid = _added(table.paid, rows, years)
    sizes = None if table.sizes is None else table.sizes.joined(rows, years).fitted(paid)
    return replace(
        table,
        paid=paid,
        premium=_added(table.premium, rows, years),
        expenses=None if table.expenses is None else _added(table.expenses, rows, years),
        largest_event=_largest(table.largest_event, rows, years),
        largest_claim=_largest(table.largest_claim, rows, years),
        sizes=sizes,
        by_segment={
            name: Segments(
                segments.labels,
                _added(segments.paid, rows, years),
                _added(segments.premium, rows, years),
            )
            for name, segments in table.by_segment.items()
        },
    )


def _largest(values: Floats | None, rows: int, years: int) -> Floats | None:
    return None if values is None else values[: rows * years].reshape(rows, years).max(axis=1)


def _added(values: Floats, rows: int, years: int) -> Floats:
    """Add year after year, so that the order of a sum is the same everywhere."""
    total = np.zeros((rows, *values.shape[1:]))
    for year in range(years):
        total += values[year : rows * years : years]
    return total


def first_years(model: Model, years: int) -> Model:
    """Give the model with every contract ended after so many years, without a payment for that.

    What falls due on the day on which the years end belongs to those that follow, unless the
    contract ends on it.
    """
    steps = years * model.per_year
    assumed = model.assumed

    def cut(values: Floats) -> Floats:
        return values[:, :steps]

    shorter = replace(
        assumed,
        within=cut(assumed.within),
        due=cut(assumed.due),
        by_situation=tuple(
            {event: cut(rate) for event, rate in rates.items()} for rates in assumed.by_situation
        ),
        closing="" if steps < model.steps else assumed.closing,
        loading=cut(assumed.loading),
        spent={name: cut(amount) for name, amount in assumed.spent.items()},
    )
    ways = tuple(
        replace(
            way,
            holds=None if way.holds is None else cut(way.holds),
            payments=tuple(
                replace(p, amount=cut(p.amount), each=None if p.each is None else cut(p.each))
                for p in way.payments
            ),
        )
        for way in model.ways
    )
    flows = tuple(
        replace(flow, amount=_until(flow.amount, assumed.within, steps)) for flow in model.flows
    )
    runs = tuple(one.until(steps) for one in model.running)
    return replace(model, assumed=shorter, ways=ways, flows=flows, running=runs)


def _until(amount: Floats, within: Floats, steps: int) -> Floats:
    """Cut amounts [cell, step + 1]; a contract that goes on has none on the last day."""
    found = amount[:, : steps + 1].copy()
    if steps < within.shape[1]:
        found[:, steps] = np.where(within[:, steps] > 0.0, 0.0, found[:, steps])
    return found
