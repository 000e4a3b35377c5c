"""Simulate years of a portfolio of annual contracts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.cells import context
from rating.engines.collective.happens import Given
from rating.engines.collective.sizes import stacked
from rating.payout import CONTEXT
from sandbox.kernels.annual import Risks, Storms, storm_counts
from sandbox.kernels.year import Losses, RiskLosses, simulate_block
from sandbox.loss_table import LossTable, Segments
from sandbox.simulate.blocks import run_blocks
from sandbox.simulate.counts import cell_counts
from sandbox.simulate.grouping import Grouping, segment_columns
from sandbox.simulate.losses import Gathered

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
CLOCK = ("date", "time_in_force.days")


@dataclass(frozen=True)
class AnnualShock:
    """What a scenario changes in a year.

    frequency  process event → what its mean number of events is multiplied by
    severity   process event → what each drawn severity is multiplied by
    always     process event → (rows of the catalogue, the one that happens every year besides)
    """

    frequency: Mapping[str, float] = field(default_factory=dict)
    severity: Mapping[str, float] = field(default_factory=dict)
    always: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class AnnualRun:
    """The result of a simulation: the table, and every storm's payout in order of year and time.

    storm_year  [storm] the year of each storm;  storm_paid: [storm] what the portfolio was paid
    claims      how many claims were drawn, storms apart
    losses      what protected covers paid, risk by risk; None where nobody asked
    """

    table: LossTable
    storm_year: Integers
    storm_paid: Floats
    claims: int
    losses: RiskLosses | None = None


def simulate_annual(  # noqa: PLR0913 - each is a choice of the caller
    model: AnnualModel,
    premiums: Floats,
    years: int,
    seed: int,
    *,
    shock: AnnualShock | None = None,
    groupings: Mapping[str, Grouping] | None = None,
    protects: Sequence[str] = (),
    threads: int = 1,
    block: int = 256,
    progress: Callable[[int], None] | None = None,
) -> AnnualRun:
    """Simulate years. The result does not depend on threads or block, to the bit.

    premiums  [cell] yearly premium of one policy
    protects  covers whose payouts are kept risk by risk, which takes 48 bytes each
    """
    shock = shock or AnnualShock()
    groupings = groupings or {}
    risks = _risks(model, premiums, shock)
    storms = _storms(model, shock)
    word = np.uint64(seed)
    plan = model.payout.arrays
    counts = np.zeros(years, dtype=np.int64)
    storm_counts(storms, word, 0, counts)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    paid = np.zeros((years, len(model.payout.entries)))
    storm_paid = np.zeros(int(offsets[-1]))
    seen = np.zeros(years, dtype=np.int64)
    segment, first_of = segment_columns(groupings, model.cells.size)
    by_segment = np.zeros((years, sum(len(g.labels) for g in groupings.values())))

    gathered = Gathered([entry.name for entry in model.payout.entries], protects, years)

    def work(first: int, last: int) -> None:
        def block_of(losses: Losses) -> None:
            simulate_block(
                plan,
                risks,
                storms,
                word,
                first,
                offsets[first : last + 1],
                segment,
                paid[first:last],
                by_segment[first:last],
                storm_paid[offsets[first] : offsets[last]],
                seen[first:last],
                losses,
            )

        def clear() -> None:
            for column in (paid, by_segment, seen):
                column[first:last] = 0
            storm_paid[offsets[first] : offsets[last]] = 0.0

        gathered.fill(first, last, block_of, clear)

    run_blocks(work, years, threads, block, progress)
    total = float(_sum(premiums * model.cells.policies))
    table = LossTable(
        columns=tuple(entry.name for entry in model.payout.entries),
        paid=paid,
        premium=np.full(years, total),
        basis=model.basis.name,
        seed=seed,
        largest_event=_largest(years, offsets, storm_paid),
        by_segment={
            name: _segment_table(model, premiums, grouping, by_segment, first_of[name], years)
            for name, grouping in groupings.items()
        },
        currency=model.product.product.currency,
    )
    return AnnualRun(
        table,
        np.repeat(np.arange(years), counts),
        storm_paid,
        int(seen.sum()),
        gathered.ordered() if protects else None,
    )


def _sum(values: Floats) -> float:
    total = 0.0
    for value in values.tolist():
        total += value
    return total


def _segment_table(
    model: AnnualModel,
    premiums: Floats,
    grouping: Grouping,
    by_segment: Floats,
    first: int,
    years: int,
) -> Segments:
    size = len(grouping.labels)
    premium = np.zeros(size)
    for cell, place in enumerate(grouping.place.tolist()):
        premium[place] += premiums[cell] * model.cells.policies[cell]
    return Segments(
        labels=grouping.labels,
        paid=by_segment[:, first : first + size].copy(),
        premium=np.broadcast_to(premium, (years, size)),
    )


def _largest(years: int, offsets: Integers, storm_paid: Floats) -> Floats:
    largest = np.zeros(years)
    stormy = np.flatnonzero(np.diff(offsets))
    if stormy.size:
        largest[stormy] = np.maximum.reduceat(storm_paid, offsets[stormy])
    return largest


def _risks(model: AnnualModel, premiums: Floats, shock: AnnualShock) -> Risks:
    cells, payout = model.cells, model.payout
    processes = model.collective
    items = max(1, len(payout.items))
    counts = cell_counts(model, shock.frequency)
    chances = [(n, c) for n, p in enumerate(processes) for c in p.chances]
    draws = [(n, d) for n, p in enumerate(processes) for d in p.draws]
    pieces, parameters = stacked([d for _, d in draws])
    return Risks(
        policies=cells.policies.astype(np.int64),
        keys=cells.keys,
        facts=_stack([cells.columns[name] for name in payout.facts], cells.size),
        item_facts=np.ascontiguousarray(
            np.stack([cells.item_columns[name].T for name in payout.item_facts])
            if payout.item_facts
            else np.zeros((0, items, cells.size))
        ),
        present=np.ascontiguousarray(cells.present.T.astype(np.int64)),
        context=context(cells, premiums),
        clock=np.array([CONTEXT.index(name) for name in CLOCK], dtype=np.int64),
        event=np.array([p.event for p in processes], dtype=np.int64),
        stream=np.array([p.stream for p in processes], dtype=np.int64),
        code=counts.code,
        first=counts.first,
        second=counts.second,
        none=counts.none,
        table=counts.table,
        tables=counts.tables,
        chance_process=np.array([n for n, _ in chances], dtype=np.int64),
        chance_mark=np.array([c.mark for _, c in chances], dtype=np.int64),
        chance_given=_given([c.given for _, c in chances]),
        chances=_combined([c.cumulative for _, c in chances], 3, 1.0),
        draw_process=np.array([n for n, _ in draws], dtype=np.int64),
        draw_mark=np.array([d.mark for _, d in draws], dtype=np.int64),
        draw_each=np.array([int(d.each) for _, d in draws], dtype=np.int64),
        draw_together=np.array([int(d.together) for _, d in draws], dtype=np.int64),
        draw_given=_given([d.given for _, d in draws]),
        draw_code=_combined([d.code.transpose(0, 2, 1) for _, d in draws], 3, -1).astype(np.int64),
        draw_parameters=_combined([p.transpose(0, 2, 1, 3) for p in parameters], 4, np.nan),
        pieces=pieces,
        draw_factor=np.array([shock.severity.get(processes[n].name, 1.0) for n, _ in draws]),
        draw_cap=np.array([d.most for _, d in draws]),
        marks=len(payout.marks),
        item_marks=len(payout.item_marks),
    )


def _stack(columns: list[Floats], size: int) -> Floats:
    return np.array(columns).reshape(len(columns), size)


def _ragged(rows: list[Floats]) -> Floats:
    width = max((len(row) for row in rows), default=1)
    table = np.full((len(rows), width), 1.0)
    for place, row in enumerate(rows):
        table[place, : len(row)] = row
    return table


def _given(rows: Sequence[Given]) -> Integers:
    """Lay the choices that marks depend on side by side, -1 for none."""
    table = np.full((len(rows), max((len(row) for row in rows), default=0), 2), -1, dtype=np.int64)
    for place, row in enumerate(rows):
        for above, pair in enumerate(row):
            table[place, above] = pair
    return table


def _combined(arrays: Sequence[npt.NDArray[np.generic]], axes: int, empty: float) -> Floats:
    """Stack arrays as large as the largest of them; single marks use the first item's place."""
    shapes = [array.shape for array in arrays] or [(0,) * axes]
    table = np.full((len(arrays), *(max(sizes) for sizes in zip(*shapes, strict=True))), empty)
    for place, array in enumerate(arrays):
        inside = tuple(slice(size) for size in array.shape)
        table[place][inside] = array
    return table


def _storms(model: AnnualModel, shock: AnnualShock) -> Storms:
    if not model.catalogue:
        return _no_storms(model)
    (process,) = model.catalogue
    rates = process.rates * shock.frequency.get(process.name, 1.0)
    return Storms(
        event=process.event,
        stream=process.stream,
        cumulative=np.cumsum(rates),
        place=process.place,
        intensity=process.intensity * shock.severity.get(process.name, 1.0),
        damage=process.damage,
        mark=process.mark,
        intensity_mark=process.intensity_mark,
        chances=_ragged([c.cumulative[0, 0] for c in process.chances]),
        chance_mark=np.array([c.mark for c in process.chances], dtype=np.int64),
        always=shock.always.get(process.name, -1),
    )


def _no_storms(model: AnnualModel) -> Storms:
    items = max(1, len(model.payout.items))
    return Storms(
        event=-1,
        stream=0,
        cumulative=np.zeros(0),
        place=np.zeros(model.cells.size, dtype=np.int64),
        intensity=np.zeros((0, 1)),
        damage=np.full((model.cells.size, items, 2), np.nan),
        mark=0,
        intensity_mark=-1,
        chances=np.ones((0, 1)),
        chance_mark=np.zeros(0, dtype=np.int64),
        always=-1,
    )
