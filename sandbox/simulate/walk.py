"""Simulate policies on their way through a chain: present values of each stream, by run.

Every policy is simulated, by its own random numbers (seed, cell, policy, run): the next transition
time by inversion of the chance of having stayed, then which transition it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from product_factory.numbers.hashing import hash64
from rating.engines.multistate.chain import Chain, Floats, Integers, Sheet, Stream, fitting
from rating.engines.multistate.layout import ordered
from rating.engines.multistate.project import discounted
from sandbox.kernels import walk as kernels
from sandbox.simulate.blocks import run_blocks
from sandbox.simulate.grouping import Grouping, segment_columns

STREAM = hash64("walk") & 0xFFFFFFFF
FEWEST_RUNS_IN_BLOCK = 16


@dataclass(frozen=True)
class WalkRun:
    """What came of the runs.

    streams     their names
    paid        [run, stream] present value at time 0 of all policies
    by_segment  grouping → [run, segment, stream] the same by its segments
    moved       [run, transition] how many policies took it
    """

    streams: tuple[str, ...]
    paid: Floats
    by_segment: Mapping[str, Floats]
    moved: Integers


def walk(  # noqa: PLR0913 - each is a choice of the caller
    chain: Chain,
    policies: Integers,
    runs: int,
    seed: int,
    *,
    keys: npt.NDArray[np.uint64],
    groupings: Mapping[str, Grouping] | None = None,
    threads: int = 1,
    block: int = FEWEST_RUNS_IN_BLOCK,
    progress: Callable[[int], None] | None = None,
    counted: Mapping[str, str] | None = None,
    follows: Callable[[int, Integers], None] | None = None,
) -> WalkRun:
    """Simulate every policy's way through the chain. The same for any threads and block.

    policies  [cell];  keys: [cell] hash of the risk
    counted   stream → the stream whose flow so far, not discounted, its transitions are paid times
    follows   called with the first run of a block, and how many policies of each cell began so many
              steps in each of its runs: [run, cell, steps + 1]
    """
    if len(policies) != chain.cells or len(keys) != chain.cells:
        raise BadValue(f"expected {chain.cells} cells, got {len(policies)} and {len(keys)}")
    groupings = groupings or {}
    fitting(chain)
    segment, first_of = segment_columns(groupings, chain.cells)
    by = ordered(chain)
    ways = _ways(chain)
    amounts, flows = _amounts(chain), _flows(chain)
    counts, times_of = _counts(chain, counted or {})
    starts = np.zeros((chain.cells, 0)) if chain.start is None else np.cumsum(chain.start, axis=1)
    paid = np.zeros((runs, len(chain.streams)))
    parts = np.zeros((runs, sum(len(g.labels) for g in groupings.values()), len(chain.streams)))
    moved = np.zeros((runs, len(chain.source)), np.int64)
    word = np.uint64(seed)

    shape = (0, 1) if follows is None else (chain.cells, chain.steps + 1)

    def work(first: int, last: int) -> None:
        begun = np.zeros((last - first, *shape), np.int64)
        kernels.walk(
            word,
            STREAM,
            first,
            keys,
            policies,
            chain.lasts,
            starts,
            ways.row,
            ways.rates,
            by.first,
            chain.target[by.order],
            chain.rate_of[by.order],
            ways.kind,
            ways.left,
            ways.ends,
            amounts.store,
            amounts.at,
            amounts.scale,
            amounts.width,
            amounts.place[:, by.order],
            flows.store,
            flows.at,
            flows.scale,
            flows.place,
            counts.store,
            counts.at[0],
            counts.place[0],
            times_of,
            segment,
            paid[first:last],
            parts[first:last],
            moved[first:last],
            begun,
        )
        if follows is not None:
            follows(first, begun)

    run_blocks(work, runs, threads, block, progress)
    back = np.empty_like(by.order)
    back[by.order] = np.arange(len(by.order))
    return WalkRun(
        streams=tuple(stream.name for stream in chain.streams),
        paid=paid,
        by_segment={
            name: parts[:, first_of[name] : first_of[name] + len(grouping.labels)].copy()
            for name, grouping in groupings.items()
        },
        moved=moved[:, back],
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
