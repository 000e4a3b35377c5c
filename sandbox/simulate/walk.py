"""Simulate policies on their way through a chain: present values of each stream, by run.

Every policy is simulated, by its own random numbers (seed, cell, policy, run): the next transition
time by inversion of the chance of having stayed, then which transition it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from product_factory.numbers.hashing import hash64
from rating.engines.multistate.chain import Chain, Floats, Integers, Sheet, Stream, fitting
from rating.engines.multistate.layout import ordered
from rating.engines.multistate.project import discounted
from sandbox.execution import ONE_THREAD, Arrays, Execution, blocks, run_task
from sandbox.kernels import walk as kernels
from sandbox.simulate.grouping import Grouping, segment_columns

STREAM = hash64("walk") & 0xFFFFFFFF
WORK_OF_A_POLICY = 4
WEIGHED, YEARLY = "weighed", "yearly"
ROOM_OF_BEGUN = 32 << 20
"""Bytes of counts by run, cell and step that are held at a time, for what follows."""


@dataclass(frozen=True)
class WalkRun:
    """What came of the runs.

    streams     their names
    paid        [run, stream] present value at time 0 of all policies
    by_segment  grouping → [run, segment, stream] the same by its segments
    moved       [run, transition] how many policies took it
    followed    what came of the events that follow them, by name
    weighed     [run, weighing] present value at time 0 of all policies, as they were weighed
    yearly      [run, policy year, weighing] the same year by year; no year where nobody asked
    """

    streams: tuple[str, ...]
    paid: Floats
    by_segment: Mapping[str, Floats]
    moved: Integers
    followed: Arrays
    weighed: Floats
    yearly: Floats


class Follows(Protocol):
    """What happens beside the chain to those in force; a frozen dataclass, part of the task."""

    @property
    def by_row(self) -> Sequence[str]:
        """Names of its arrays, each with a place for each run."""

    @property
    def row_bytes(self) -> int:
        """Bytes of a run."""

    @property
    def work(self) -> int:
        """How much work one run is, as a task counts it."""

    def block(self, first: int, begun: Integers) -> Arrays:
        """Compute the runs from a first one on.

        begun  [run, cell, steps + 1] how many policies of each cell began so many steps
        """


@dataclass(frozen=True)
class WalkTask:
    """Run-offs of policies through a chain. A block has these arrays.

    paid   [run, stream];  parts: [run, segment, stream];  moved: [run, transition, in order]
    weighed, yearly  as in a `WalkRun`, where somebody asks;  those of what follows

    Fields are what `sandbox.kernels.walk.walk` takes.
    """

    seed: int
    keys: npt.NDArray[np.uint64]
    policies: Integers
    lasts: Integers
    starts: Floats
    ways: "_Ways"
    first: Integers
    target: Integers
    rate_of: Integers
    amounts: "_Packed"
    amount_place: Integers
    flows: "_Packed"
    counts: "_Packed"
    times_of: Integers
    segment: Integers
    segments: int
    weights: Floats
    per_year: int
    years: int
    follows: Follows | None

    @property
    def by_row(self) -> Sequence[str]:
        """Names of arrays with a place for each run."""
        beside = () if self.follows is None else self.follows.by_row
        asked = (WEIGHED,) if len(self.weights) else ()
        return ("paid", "parts", "moved", *asked, *((YEARLY,) if self.years else ()), *beside)

    @property
    def row_bytes(self) -> int:
        """Bytes of a run."""
        beside = 0 if self.follows is None else self.follows.row_bytes
        weighed = 2 * len(self.weights) * (1 + self.years)
        own = len(self.times_of) * (2 + 3 * self.segments) + 2 * len(self.target) + weighed
        return 8 * own + beside

    @property
    def work(self) -> int:
        """Each policy is on its way for some steps."""
        beside = 0 if self.follows is None else self.follows.work
        return WORK_OF_A_POLICY * int(self.policies.sum()) + beside

    @property
    def counted(self) -> Sequence[str]:
        """Nothing is counted."""
        return ()

    def block(self, first: int, last: int) -> Arrays:
        """Simulate the runs first … last - 1."""
        if self.follows is None:
            return self._runs(first, last, np.zeros((last - first, 0, 1), np.int64))
        shape = len(self.policies), self.ways.rates.shape[1] + 1
        size = max(1, ROOM_OF_BEGUN // (8 * shape[0] * shape[1]))
        found: list[Arrays] = []
        for start, end in blocks(last - first, size):
            begun = np.zeros((end - start, *shape), np.int64)
            arrays = self._runs(first + start, first + end, begun)
            found.append(arrays | self.follows.block(first + start, begun))
        return {name: np.concatenate([one[name] for one in found]) for name in self.by_row}

    def _runs(self, first: int, last: int, begun: Integers) -> Arrays:
        """Simulate, and count in `begun`, which has no cell where nobody asks."""
        runs, streams = last - first, len(self.times_of)
        paid = np.zeros((runs, streams))
        parts = np.zeros((runs, self.segments, streams))
        moved = np.zeros((runs, len(self.target)), np.int64)
        weighed = np.zeros((runs, len(self.weights)))
        yearly = np.zeros((runs, self.years, len(self.weights)))
        kernels.walk(
            np.uint64(self.seed),
            STREAM,
            first,
            self.keys,
            self.policies,
            self.lasts,
            self.starts,
            self.ways.row,
            self.ways.rates,
            self.first,
            self.target,
            self.rate_of,
            self.ways.kind,
            self.ways.left,
            self.ways.ends,
            self.amounts.store,
            self.amounts.at,
            self.amounts.scale,
            self.amounts.width,
            self.amount_place,
            self.flows.store,
            self.flows.at,
            self.flows.scale,
            self.flows.place,
            self.counts.store,
            self.counts.at[0],
            self.counts.place[0],
            self.times_of,
            self.segment,
            self.weights,
            self.per_year,
            paid,
            parts,
            moved,
            begun,
            weighed,
            yearly,
        )
        found = {"paid": paid, "parts": parts, "moved": moved, WEIGHED: weighed, YEARLY: yearly}
        return {name: one for name, one in found.items() if name in self.by_row}


def walk(  # noqa: PLR0913 - each is a choice of the caller
    chain: Chain,
    policies: Integers,
    runs: int,
    seed: int,
    *,
    keys: npt.NDArray[np.uint64],
    groupings: Mapping[str, Grouping] | None = None,
    execution: Execution = ONE_THREAD,
    inputs: Mapping[str, str] | None = None,
    counted: Mapping[str, str] | None = None,
    follows: Follows | None = None,
    weights: Floats | None = None,
    by_year: bool = False,
) -> WalkRun:
    """Simulate every policy's way through the chain. The same for any execution.

    policies  [cell];  keys: [cell] hash of the risk
    inputs    what the chain was made of, by names that a person knows
    counted   stream → the stream whose flow so far, not discounted, its transitions are paid times
    follows   what happens beside the chain to those in force
    weights   [weighing, cell, stream] what is counted of each stream beside the streams themselves
    by_year   whether that is told by policy year too
    """
    if len(policies) != chain.cells or len(keys) != chain.cells:
        raise BadValue(f"expected {chain.cells} cells, got {len(policies)} and {len(keys)}")
    groupings = groupings or {}
    fitting(chain)
    segment, first_of = segment_columns(groupings, chain.cells)
    by = ordered(chain)
    amounts = _amounts(chain)
    counts, times_of = _counts(chain, counted or {})
    task = WalkTask(
        seed=seed,
        keys=keys,
        policies=policies,
        lasts=chain.lasts,
        starts=(
            np.zeros((chain.cells, 0)) if chain.start is None else np.cumsum(chain.start, axis=1)
        ),
        ways=_ways(chain),
        first=by.first,
        target=chain.target[by.order],
        rate_of=chain.rate_of[by.order],
        amounts=amounts,
        amount_place=amounts.place[:, by.order],
        flows=_flows(chain),
        counts=counts,
        times_of=times_of,
        segment=segment,
        segments=sum(len(grouping.labels) for grouping in groupings.values()),
        weights=np.zeros((0, 0, 0)) if weights is None else np.ascontiguousarray(weights),
        per_year=chain.per_year,
        years=-(-chain.steps // chain.per_year) if by_year else 0,
        follows=follows,
    )
    done = run_task(task, runs, execution, inputs=inputs)
    back = np.empty_like(by.order)
    back[by.order] = np.arange(len(by.order))
    return WalkRun(
        streams=tuple(stream.name for stream in chain.streams),
        paid=done["paid"],
        by_segment={
            name: done["parts"][:, first_of[name] : first_of[name] + len(grouping.labels)].copy()
            for name, grouping in groupings.items()
        },
        moved=done["moved"][:, back],
        followed={} if follows is None else {name: done[name] for name in follows.by_row},
        weighed=done.get(WEIGHED, np.zeros((runs, 0))),
        yearly=done.get(YEARLY, np.zeros((runs, 0, 0))),
    )


@dataclass(frozen=True)
class _Ways:
    """Rates [row, step, rate], each cell's row, each state's class, and `staying` of classes."""

    row: Integers
    rates: Floats
    kind: Integers
    left: Floats
    ends: Integers


def _ways(chain: Chain) -> _Ways:
    """States that leave by the same rates, in the same order, are one class."""
    row, rates = chain.rates.used(chain.cells, chain.steps)
    by = ordered(chain)
    column = chain.rate_of[by.order]
    out = [tuple(column[a:b].tolist()) for a, b in zip(by.first, by.first[1:], strict=False)]
    classes = {columns: place for place, columns in enumerate(dict.fromkeys(out))}
    first = np.cumsum([0, *(len(columns) for columns in classes)])
    flat = np.array([c for columns in classes for c in columns], np.int64)
    left = np.zeros((len(classes), len(rates), chain.steps))
    ends = np.zeros(left.shape, np.int64)
    kernels.staying(rates, first, flat, left, ends)
    return _Ways(row, rates, np.array([classes[columns] for columns in out]), left, ends)


@dataclass(frozen=True)
class _Packed:
    """Numbers of all streams in one row: see `sandbox.kernels.walk.walk`.

    store        the numbers;  at, scale: [stream, cell];  width: [stream]
    place        [stream, transition or state] the column or pattern, -1 for none
    """

    store: Floats
    at: Integers
    scale: Floats
    width: Integers
    place: Integers


Laid = tuple[Sheet, Integers, Floats, Integers]
"""A sheet, the row of its table that each cell reads, the table, and the places it is read at."""


def _packed(chain: Chain, sheets: list[Laid | None], places: int) -> _Packed:
    """Lay tables [row, …] of every stream one behind the other."""
    at = np.zeros((len(sheets), chain.cells), np.int64)
    scale = np.ones(at.shape)
    width = np.zeros(len(sheets), np.int64)
    place = np.full((len(sheets), places), -1)
    store: list[Floats] = [np.zeros(1)]
    size = 1
    for i, given in enumerate(sheets):
        if given is None:
            continue
        sheet, row, table, place[i] = given
        at[i] = size + row * table[0].size
        scale[i] = sheet.scales(chain.cells)
        width[i] = table.shape[2]
        store.append(table.ravel())
        size += table.size
    return _Packed(np.concatenate(store), at, scale, width, place)


def _counts(chain: Chain, counted: Mapping[str, str]) -> tuple[_Packed, Integers]:
    """Lay out the flow that is counted, and say for each stream whether it is paid times that."""
    if len(set(counted.values())) > 1:
        raise BadValue(
            f"expected one stream to count, got {', '.join(sorted(set(counted.values())))}"
        )
    kept = tuple(chain.stream(name) for name in dict.fromkeys(counted.values()))
    free = replace(chain, streams=kept or (Stream("nothing"),), discount=np.ones(chain.steps))
    times_of = np.array([int(stream.name in counted) for stream in chain.streams], np.int64)
    return _flows(free), times_of


def _amounts(chain: Chain) -> _Packed:
    """Discounted amounts of transitions: tables [row, step, column]."""
    v = discounted(chain)[1:, None]
    sheets: list[Laid | None] = []
    for stream in chain.streams:
        if stream.amounts is None or stream.amount_of is None:
            sheets.append(None)
        else:
            row, table = stream.amounts.used(chain.cells, chain.steps)
            sheets.append((stream.amounts, row, table * v, stream.amount_of))
    return _packed(chain, sheets, len(chain.source))


def _flows(chain: Chain) -> _Packed:
    """Discounted flows, added up over time: tables [row, pattern, time], each pattern kept once."""
    v = discounted(chain)[:, None]
    states = len(chain.states)
    sheets: list[Laid | None] = []
    for stream in chain.streams:
        if stream.flow is None:
            sheets.append(None)
            continue
        row, table = stream.flow.used(chain.cells, chain.steps + 1)
        flat = (table * v).reshape(-1, table.shape[2])
        if stream.flow_of is None:
            distinct, pattern = np.unique(flat, axis=1, return_inverse=True)
            pattern = np.broadcast_to(pattern.ravel(), (states,)).copy()
        else:
            distinct, pattern = flat, stream.flow_of.copy()
        nothing = ~(distinct != 0.0).any(axis=0)
        pattern[(pattern >= 0) & nothing[pattern]] = -1
        kept = distinct.reshape(*table.shape[:2], -1).transpose(0, 2, 1)
        sheets.append((stream.flow, row, np.cumsum(kept, axis=2), pattern))
    return _packed(chain, sheets, states)
