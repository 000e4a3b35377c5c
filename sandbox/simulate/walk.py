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
from rating.engines.multistate.chain import Chain, Floats, Integers, Stream, fitting
from rating.engines.multistate.layout import ordered
from sandbox.execution import ONE_THREAD, Arrays, Execution, blocks, run_task
from sandbox.kernels import walk as kernels
from sandbox.simulate.grouping import Grouping, segment_columns
from sandbox.simulate.packed import Packed, Ways, amounts_of, counts_of, flows_of, ways_of

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
    yearly      [run, policy year, weighing] not discounted, year by year; no year: nobody asked
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
    again            the same ways once more, for payments that are not discounted

    Fields are what `sandbox.kernels.walk.walk` takes.
    """

    seed: int
    keys: npt.NDArray[np.uint64]
    policies: Integers
    lasts: Integers
    starts: Floats
    ways: Ways
    first: Integers
    target: Integers
    rate_of: Integers
    amounts: Packed
    amount_place: Integers
    flows: Packed
    counts: Packed
    times_of: Integers
    segment: Integers
    segments: int
    weights: Floats
    per_year: int
    years: int
    follows: Follows | None
    again: "WalkTask | None"

    @property
    def by_row(self) -> Sequence[str]:
        """Names of arrays with a place for each run."""
        beside = () if self.follows is None else self.follows.by_row
        asked = (WEIGHED,) if len(self.weights) else ()
        years = () if self.again is None and not self.years else (YEARLY,)
        return ("paid", "parts", "moved", *asked, *years, *beside)

    @property
    def row_bytes(self) -> int:
        """Bytes of a run."""
        beside = 0 if self.follows is None else self.follows.row_bytes
        beside += 0 if self.again is None else self.again.row_bytes
        weighed = 2 * len(self.weights) * (1 + self.years)
        own = len(self.times_of) * (2 + 3 * self.segments) + 2 * len(self.target) + weighed
        return 8 * own + beside

    @property
    def work(self) -> int:
        """Each policy is on its way for some steps."""
        beside = 0 if self.follows is None else self.follows.work
        beside += 0 if self.again is None else self.again.work
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
        if self.again is not None:
            yearly = self.again.block(first, last)[YEARLY]
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
    by_year: Floats | None = None,
) -> WalkRun:
    """Simulate every policy's way through the chain. The same for any execution.

    policies  [cell];  keys: [cell] hash of the risk
    inputs    what the chain was made of, by names that a person knows
    counted   stream → the stream whose flow so far, not discounted, its transitions are paid times
    follows   what happens beside the chain to those in force
    weights   [weighing, cell, stream] what is counted of each stream beside the streams themselves
    by_year   [weighing, cell, stream] what is counted of payments that are not discounted, by
              policy year
    """
    groupings = groupings or {}
    task = _task(chain, policies, seed, keys, groupings, counted or {})
    task = replace(task, follows=follows)
    if weights is not None:
        task = replace(task, weights=np.ascontiguousarray(weights))
    if by_year is not None:
        task = replace(task, again=_again(chain, task, by_year))
    done = run_task(task, runs, execution, inputs=inputs)
    by, first_of = ordered(chain), segment_columns(groupings, chain.cells)[1]
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


def walk_by_year(  # noqa: PLR0913 - each is a choice of the caller
    chain: Chain,
    policies: Integers,
    runs: int,
    seed: int,
    weights: Floats,
    *,
    keys: npt.NDArray[np.uint64],
    execution: Execution = ONE_THREAD,
    inputs: Mapping[str, str] | None = None,
    counted: Mapping[str, str] | None = None,
    follows: Follows | None = None,
) -> tuple[Floats, Arrays]:
    """Give what is paid by policy year, not discounted, and what followed; others as for `walk`.

    weights  [weighing, cell, stream] what is counted;  returns [run, policy year, weighing]
    """
    task = _again(chain, _task(chain, policies, seed, keys, {}, counted or {}), weights)
    done = run_task(replace(task, follows=follows), runs, execution, inputs=inputs)
    return done[YEARLY], {} if follows is None else {name: done[name] for name in follows.by_row}


def _task(
    chain: Chain,
    policies: Integers,
    seed: int,
    keys: npt.NDArray[np.uint64],
    groupings: Mapping[str, Grouping],
    counted: Mapping[str, str],
) -> WalkTask:
    """Lay a chain out. BadValue where policies or keys are not of its cells."""
    if len(policies) != chain.cells or len(keys) != chain.cells:
        raise BadValue(f"expected {chain.cells} cells, got {len(policies)} and {len(keys)}")
    fitting(chain)
    by = ordered(chain)
    amounts = amounts_of(chain)
    counts, times_of = counts_of(chain, counted)
    return WalkTask(
        seed=seed,
        keys=keys,
        policies=policies,
        lasts=chain.lasts,
        starts=(
            np.zeros((chain.cells, 0)) if chain.start is None else np.cumsum(chain.start, axis=1)
        ),
        ways=ways_of(chain),
        first=by.first,
        target=chain.target[by.order],
        rate_of=chain.rate_of[by.order],
        amounts=amounts,
        amount_place=amounts.place[:, by.order],
        flows=flows_of(chain),
        counts=counts,
        times_of=times_of,
        segment=segment_columns(groupings, chain.cells)[0],
        segments=sum(len(grouping.labels) for grouping in groupings.values()),
        weights=np.zeros((0, 0, 0)),
        per_year=chain.per_year,
        years=0,
        follows=None,
        again=None,
    )


def _again(chain: Chain, task: WalkTask, weights: Floats) -> WalkTask:
    """Give the task of the same ways, for what is paid of some streams in the money of its time."""
    used = np.flatnonzero(weights.any(axis=(0, 1)))
    streams = tuple(chain.streams[place] for place in used.tolist()) or (Stream("nothing"),)
    free = replace(chain, streams=streams, discount=np.ones(chain.steps))
    amounts = amounts_of(free)
    return replace(
        task,
        amounts=amounts,
        amount_place=amounts.place[:, ordered(chain).order],
        flows=flows_of(free),
        times_of=task.times_of[used] if len(used) else np.zeros(1, np.int64),
        segment=np.zeros((0, chain.cells), np.int64),
        segments=0,
        weights=np.ascontiguousarray(weights[:, :, used]),
        years=-(-chain.steps // chain.per_year),
        follows=None,
    )
