"""A chain as the flat arrays that the kernel of walks reads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from product_factory.errors import BadValue
from rating.engines.multistate.chain import Chain, Floats, Integers, Sheet, Stream
from rating.engines.multistate.layout import ordered
from rating.engines.multistate.project import discounted
from sandbox.kernels import walk as kernels


@dataclass(frozen=True)
class Ways:
    """Rates [row, step, rate], each cell's row, each state's class, and `staying` of classes."""

    row: Integers
    rates: Floats
    kind: Integers
    left: Floats
    ends: Integers


def ways_of(chain: Chain) -> Ways:
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
    return Ways(row, rates, np.array([classes[columns] for columns in out]), left, ends)


@dataclass(frozen=True)
class Packed:
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


def packed(chain: Chain, sheets: list[Laid | None], places: int) -> Packed:
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
    return Packed(np.concatenate(store), at, scale, width, place)


def counts_of(chain: Chain, counted: Mapping[str, str]) -> tuple[Packed, Integers]:
    """Lay out the flow that is counted, and say for each stream whether it is paid times that."""
    if len(set(counted.values())) > 1:
        raise BadValue(
            f"expected one stream to count, got {', '.join(sorted(set(counted.values())))}"
        )
    kept = tuple(chain.stream(name) for name in dict.fromkeys(counted.values()))
    free = replace(chain, streams=kept or (Stream("nothing"),), discount=np.ones(chain.steps))
    times_of = np.array([int(stream.name in counted) for stream in chain.streams], np.int64)
    return flows_of(free), times_of


def amounts_of(chain: Chain) -> Packed:
    """Discounted amounts of transitions: tables [row, step, column]."""
    v = discounted(chain)[1:, None]
    sheets: list[Laid | None] = []
    for stream in chain.streams:
        if stream.amounts is None or stream.amount_of is None:
            sheets.append(None)
        else:
            row, table = stream.amounts.used(chain.cells, chain.steps)
            sheets.append((stream.amounts, row, table * v, stream.amount_of))
    return packed(chain, sheets, len(chain.source))


def flows_of(chain: Chain) -> Packed:
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
    return packed(chain, sheets, states)
