"""Years of a portfolio as a task: everything that happens in them, laid out as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadInput
from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.cells import context
from rating.engines.collective.change import Change, changed
from rating.engines.collective.happens import Given
from rating.engines.collective.sizes import stacked
from rating.kernels.settle import Plan
from rating.payout import CONTEXT
from rating.scoped import Times
from sandbox.bands import Bands
from sandbox.execution import Arrays
from sandbox.kernels.annual import ALIKE, EACH, ONCE, Items, Risks, Storms, storm_counts
from sandbox.kernels.items_year import simulate_items_block
from sandbox.kernels.sizes import Sizes
from sandbox.kernels.strata import ALONE, Drivers
from sandbox.kernels.year import simulate_block
from sandbox.simulate.counts import cell_counts, side_by_side
from sandbox.simulate.items import items_of
from sandbox.simulate.losses import ROOM, empty, used

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

    frequency: Mapping[str, float | Times] = field(default_factory=dict)
    severity: Mapping[str, float | Times] = field(default_factory=dict)
    always: Mapping[str, int] = field(default_factory=dict)

    @property
    def change(self) -> Change:
        """What it changes of events and losses."""
        return Change(self.frequency, self.severity)


@dataclass(frozen=True)
class AnnualTask:
    """Years of a portfolio. A block has these arrays.

    paid    [year, entry];  by_segment: [year, segment];  claims: [year] drawn, storms apart
    storms  [year] how many;  storm_paid: [storm] in order of year and time
    largest_claim  [year];  where there are bands the other columns of Sizes
    the columns of RiskLosses, where entries are protected

    times     what mean counts are multiplied by: [year, process] of all years, none if of nothing
    storm_times  [year] the same of storms
    segment   [classification, cell] the column of a cell in by_segment;  segments: all columns
    protects  [entry] 1 for an entry whose payouts are kept risk by risk
    edges     [band] where each band of sizes begins, none where nobody asks
    before    1 where sizes are of amounts before the terms
    room      rows that the last block needed for those: a guess, which changes no result
    """

    plan: Plan
    risks: Risks
    items: Items
    storms: Storms
    seed: int
    times: Floats
    storm_times: Floats
    segment: Integers
    segments: int
    protects: Integers
    edges: Floats
    before: int
    room: list[int] = field(default_factory=lambda: [ROOM], compare=False, repr=False)

    @property
    def by_row(self) -> Sequence[str]:
        """Names of arrays with a place for each year."""
        banded = BANDED if self.edges.size else ()
        return ("paid", "by_segment", "claims", "storms", "largest_claim", *banded)

    @property
    def by_item(self) -> bool:
        """Whether events happen to items one by one."""
        return self.items.item.size >= self.items.offsets.size

    @property
    def row_bytes(self) -> int:
        """Bytes of a year; losses of risks come besides, and are watched."""
        storms = int(self.storms.cumulative[-1]) + 1 if self.storms.cumulative.size else 0
        banded = 2 * len(self.protects) * (1 + 2 * self.edges.size) if self.edges.size else 0
        return 8 * (len(self.protects) + 2 * self.segments + 3 + 4 * storms + banded)

    @property
    def work(self) -> int:
        """Cells are looked at each year, claims paid, storms taken to every cell."""
        cells = self.items.offsets.size - 1
        claims = float((likely(self.risks) * self.risks.policies).sum())
        claims += float((self.items.means * self.risks.policies[:cells]).sum())
        storms = float(self.storms.cumulative[-1]) if self.storms.cumulative.size else 0.0
        return int(cells * (1.0 + storms) + WORK_OF_A_CLAIM * claims)

    @property
    def counted(self) -> Sequence[str]:
        """Claims are counted, and storms."""
        return ("claims", "storms")

    def block(self, first: int, last: int) -> Arrays:
        """Simulate the years first … last - 1."""
        if not self.protects.any():
            return self._years(first, last, 0)
        room = self.room[0]  # another thread may enlarge it meanwhile
        found = self._years(first, last, room)
        needed = int(found.pop("needed")[0])
        if needed > room:
            self.room[0] = needed + needed // 4
            found = self._years(first, last, needed)
            found.pop("needed")
        return found

    def _years(self, first: int, last: int, room: int) -> Arrays:
        """Simulate with room for so many losses of risks."""
        years, word = last - first, np.uint64(self.seed)
        counts = np.zeros(years, dtype=np.int64)
        storm_times = _during(self.storm_times, first, last)
        storm_counts(self.storms, self.risks.drivers, word, first, storm_times, counts)
        offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        paid = np.zeros((years, len(self.protects)))
        by_segment = np.zeros((years, self.segments))
        storm_paid = np.zeros(int(offsets[-1]))
        claims = np.zeros(years, dtype=np.int64)
        losses = empty(self.protects, room)
        sizes = self.room_of_sizes(years)
        rest = (
            self.storms,
            word,
            first,
            _during(self.times, first, last),
            offsets,
            self.segment,
            paid,
            by_segment,
            storm_paid,
            claims,
            losses,
            sizes,
        )
        if self.by_item:
            simulate_items_block(self.plan, self.risks, self.items, *rest)
        else:
            simulate_block(self.plan, self.risks, *rest)
        found: Arrays = {"paid": paid, "by_segment": by_segment, "claims": claims}
        found |= {"storms": counts, "storm_paid": storm_paid, "largest_claim": sizes.largest}
        if self.edges.size:
            found |= dict(zip(BANDED, (sizes.top, sizes.counts, sizes.paid), strict=True))
        if self.protects.any():
            found |= {"needed": losses.used, **used(losses)}
        return found

    def room_of_sizes(self, years: int) -> Sizes:
        """Make room for claims by size."""
        entries = len(self.protects) if self.edges.size else 0
        shape = years, entries, self.edges.size
        top, counts = np.zeros(shape[:2]), np.zeros(shape, dtype=np.int64)
        return Sizes(self.edges, self.before, np.zeros(years), top, counts, np.zeros(shape))


BANDED = ("size_top", "size_counts", "size_paid")
WORK_OF_A_CLAIM = 4


def likely(risks: Risks) -> Floats:
    """Give about how many claims a policy of each cell has a year, or how likely it has any."""
    return np.where(risks.table < 0, risks.first, risks.second)


def _during(times: Floats, first: int, last: int) -> Floats:
    """Give what the years first … last - 1 are multiplied by, one each where nothing varies."""
    if len(times):
        return np.ascontiguousarray(times[first:last])
    return np.ones((last - first, *times.shape[1:]))


def _times(events: Sequence[str], varying: Mapping[str, Floats]) -> Floats:
    """Lay what mean counts are multiplied by side by side: [year, event]."""
    years = max((len(varying[event]) for event in events if event in varying), default=0)
    columns = [varying.get(event, np.ones(years)) for event in events]
    return np.stack(columns, axis=1) if columns else np.zeros((0, 0))


def annual_task(  # noqa: PLR0913, PLR0917 - each is a part of what the years are
    model: AnnualModel,
    premiums: Floats,
    seed: int,
    shock: AnnualShock,
    segment: Integers,
    segments: int,
    protects: Sequence[str],
    varying: Mapping[str, Floats],
    bands: Bands | None = None,
    drivers: Drivers = ALONE,
) -> AnnualTask:
    """Lay out the years of a model under a shock.

    premiums  [cell] yearly premium of one policy
    bands     by which claims are sorted, None where nobody asks
    varying   process event → [year] what its mean number of events is multiplied by that year
    drivers   how the numbers of years are drawn
    """
    model = changed(model, shock.change)
    items, held = items_of(model)
    risks = risks_of(held, premiums[held.rows.policy] if model.by_item else premiums, drivers)
    for place, process in enumerate(model.collective):
        if process.name in varying and (risks.table[place] >= 0).any():
            text = f"{process.name}: expected poisson or negative_binomial, whose mean may vary"
            raise BadInput.one(model.basis.at, model.basis.name, text)
    stormy = [process.name for process in model.catalogue][:1]
    entries = [entry.name for entry in model.payout.entries]
    return AnnualTask(
        plan=model.payout.arrays,
        risks=risks,
        items=items,
        storms=_storms(model, shock.always, drivers),
        seed=seed,
        times=_times([process.name for process in model.collective], varying),
        storm_times=_times(stormy, varying)[:, 0] if stormy else np.zeros(0),
        segment=segment,
        segments=segments,
        protects=np.array([int(name in protects) for name in entries], dtype=np.int64),
        edges=np.array(() if bands is None else bands.edges, dtype=np.float64),
        before=int(bands is not None and bands.of == "ground_up"),
    )


def risks_of(model: AnnualModel, premiums: Floats, drivers: Drivers = ALONE) -> Risks:
    """Lay a bound year out as the kernels read it. premiums: [cell] of one policy."""
    cells, payout = model.cells, model.payout
    processes = model.collective
    items = max(1, len(payout.items))
    counts = cell_counts(model)
    chances = [(n, c) for n, p in enumerate(processes) for c in p.chances]
    draws = [(n, d) for n, p in enumerate(processes) for d in p.draws]
    pieces, parameters = stacked([d for _, d in draws])
    return Risks(
        policies=cells.policies.astype(np.int64),
        keys=cells.keys,
        days=np.stack(cells.days, axis=1),
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
        draw_each=np.array(
            [(ALIKE if d.together else EACH) if d.each else ONCE for _, d in draws], dtype=np.int64
        ),
        draw_given=_given([d.given for _, d in draws]),
        draw_code=_combined([d.code.transpose(0, 2, 1) for _, d in draws], 3, -1).astype(np.int64),
        draw_parameters=_combined([p.transpose(0, 2, 1, 3) for p in parameters], 4, np.nan),
        pieces=pieces,
        draw_factor=_stack([d.factor for _, d in draws], cells.size),
        draw_cap=np.array([d.most for _, d in draws]),
        marks=len(payout.marks),
        item_marks=len(payout.item_marks),
        drivers=drivers,
    )


def _stack(columns: list[Floats], size: int) -> Floats:
    return np.array(columns).reshape(len(columns), size)


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


def _storms(model: AnnualModel, always: Mapping[str, int], drivers: Drivers) -> Storms:
    if not model.catalogue:
        return _no_storms(model)
    (process,) = model.catalogue
    order = np.arange(len(process.rates))
    if drivers.size > 0:  # near numbers are like storms, whatever sites a portfolio has
        order = np.argsort(process.strength, kind="stable")
    each_year = always.get(process.name, -1)
    return Storms(
        event=process.event,
        stream=process.stream,
        cumulative=np.cumsum(process.rates[order]),
        place=process.place,
        intensity=np.ascontiguousarray(process.intensity[order]),
        damage=process.damage,
        mark=process.mark,
        intensity_mark=process.intensity_mark,
        chances=side_by_side([c.cumulative[0, 0] for c in process.chances]),
        chance_mark=np.array([c.mark for c in process.chances], dtype=np.int64),
        always=each_year if each_year < 0 else int(np.flatnonzero(order == each_year)[0]),
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
