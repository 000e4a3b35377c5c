"""How the kernels see a chain: rows that cells share, transitions by state, sheets by address."""

from dataclasses import dataclass

import numpy as np

from rating.engines.multistate.chain import Chain, Floats, Integers, Stream, fitting

SHARED = 8
"""From so many cells a row on, a row is looked through for what all of them may leave out."""


@dataclass(frozen=True)
class Rows:
    """What cells of a chain share: rows of rates.

    row     [cell] the row of each cell
    lasts   [row] the steps of the longest of its cells
    rates   [row, period, rate];  period: [step];  start: [row, state]
    """

    row: Integers
    lasts: Integers
    rates: Floats
    period: Integers
    start: Floats


@dataclass(frozen=True)
class Order:
    """Transitions in the order of the states that they leave.

    order  [transition] their places;  first: [state + 1] where those of each state begin
    """

    order: Integers
    first: Integers


def ordered(chain: Chain) -> Order:
    """Give the transitions in the order of the states that they leave."""
    order = np.argsort(chain.source, kind="stable").astype(np.int64)
    first = np.searchsorted(chain.source[order], np.arange(len(chain.states) + 1))
    return Order(order, first.astype(np.int64))


def rows_of(chain: Chain) -> Rows:
    """Give the rows of rates; a cell of a start of its own has a row of its own."""
    row, rates = fitting(chain).rates.read(chain.cells)
    if chain.start is not None:
        row, rates = np.arange(chain.cells), rates[row]
    lasts = np.zeros(len(rates), np.int64)
    np.maximum.at(lasts, row, chain.lasts)
    start = np.zeros((len(rates), len(chain.states)))
    start[:, 0] = 1.0
    if chain.start is not None:
        start[:] = chain.start
    return Rows(row, lasts, rates, chain.rates.periods(chain.steps), start)


def in_order(rows: Rows) -> Integers:
    """Give the cells in the order of their rows."""
    few = len(rows.lasts) < np.iinfo(np.uint16).max  # sorted by counting, ten times as fast
    row = rows.row.astype(np.uint16) if few else rows.row
    return np.argsort(row, kind="stable").astype(np.int64)


@dataclass(frozen=True)
class Laid:
    """Sheets as `projected` reads them: by address, so that any number of them will do.

    sheets  [sheet, 9] see `projected`;  pays: [stream, transition];  flow_of: [stream, state]
    held    the arrays that stand at the addresses
    """

    sheets: Integers
    pays: Integers
    flow_of: Integers
    held: list[Floats | Integers]


def laid(chain: Chain) -> Laid:
    """Lay out the sheets of every stream."""
    found = Laid(
        np.zeros((sum(_sheets(stream) for stream in chain.streams), 9), np.int64),
        np.full((len(chain.streams), len(chain.source)), -1),
        np.zeros((len(chain.streams), len(chain.states)), np.int64),
        [],
    )
    for i, stream in enumerate(chain.streams):
        if stream.amount_of is not None:
            found.pays[i] = stream.amount_of
        if stream.flow_of is not None:
            found.flow_of[i] = stream.flow_of
        elif stream.flow is not None and stream.flow.columns > 1:
            found.flow_of[i] = np.arange(len(chain.states))
        for flows, sheet in enumerate((stream.amounts, stream.flow)):
            if sheet is not None:
                row, values = sheet.used(chain.cells, chain.steps + flows)
                values = np.ascontiguousarray(values, np.float64)
                scale = np.ascontiguousarray(sheet.scales(chain.cells), np.float64)
                counts = _counts(chain, row, values, flows)
                parts = (values, np.ascontiguousarray(row, np.int64), counts, scale)
                addresses = [part.ctypes.data for part in parts]
                size = values.shape[1] * values.shape[2]
                line = [i, flows, sheet.columns, size, *addresses, values.size]
                found.sheets[len(found.held) // len(parts)] = line
                found.held.extend(parts)
    return found


def _sheets(stream: Stream) -> int:
    return (stream.amounts is not None) + (stream.flow is not None)


def _counts(chain: Chain, row: Integers, values: Floats, flows: int) -> Integers:
    """How many numbers of its row each cell reads: [cell]."""
    counts: Integers = ((chain.lasts + flows) * values.shape[2]).astype(np.int64)
    if len(values) * SHARED > chain.cells:
        return counts
    # what is nothing to the end for all who share a row need not be read
    flat = values.reshape(len(values), -1)
    ends = np.where(flat.any(axis=1), flat.shape[1] - np.argmax(flat[:, ::-1] != 0.0, axis=1), 0)
    least: Integers = np.minimum(counts, ends[row])
    return least
