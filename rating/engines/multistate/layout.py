"""How the kernels see a chain: rows that cells share, transitions by state, sheets by address."""

from dataclasses import dataclass

import numpy as np

from rating.engines.multistate.chain import Chain, Floats, Integers, Stream, fitting

SURELY = -1
"""The rate of a pull that takes the whole chance: the kernels know it by its sign."""
ROOM, WIDEST, NARROWEST = 1 << 17, 256, 8
"""How many numbers a block of cells may keep at hand, and how many cells it has (a multiple)."""
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


@dataclass(frozen=True)
class Pulls:
    """What each state pulls in a step, as the kernels of `rating.kernels.forward` read it.

    first    [state + 1] leaving[first[s]] … leaving[first[s + 1] - 1] are the columns of rates that
             leave state s; who does not leave stays, in a column after the last
    arrives  [state + 1] pulls[arrives[s]] … are what state s pulls: (source, column of rates)
    """

    first: Integers
    leaving: Integers
    arrives: Integers
    pulls: Integers


def pulls_of(chain: Chain) -> Pulls:
    """Give what each state pulls, in the order of the states that it comes from."""
    by, states = ordered(chain), len(chain.states)
    source, target = chain.source[by.order], chain.target[by.order]
    leaving = chain.rate_of[by.order]
    stays = np.arange(states)
    # after all that leaves a state comes who stays in it
    found = np.concatenate([source, stays]), np.concatenate([target, stays])
    column = np.concatenate([leaving, chain.rates.columns + stays])
    order = np.lexsort((np.repeat([0, 1], [len(source), states]), *found))
    order = order[len(found[1]) - np.count_nonzero(found[1] >= 0) :]  # ends come first
    arrives = np.searchsorted(found[1][order], np.arange(states + 1)).astype(np.int64)
    pulls = np.stack([found[0][order], column[order]], axis=1)
    return Pulls(by.first, np.ascontiguousarray(leaving), arrives, pulls)


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


def width(numbers: int) -> int:
    """How many cells run side by side, where each keeps so many numbers."""
    return max(NARROWEST, min(ROOM // numbers, WIDEST) // NARROWEST * NARROWEST)


def in_order(lasts: Integers) -> Integers:
    """Give the cells in the order of their lasts."""
    few = lasts.max(initial=0) < np.iinfo(np.uint16).max  # sorted by counting, ten times as fast
    return np.argsort(lasts.astype(np.uint16) if few else lasts, kind="stable").astype(np.int64)


@dataclass(frozen=True)
class Laid:
    """Sheets as `projected` reads them: by address, so that any number of them will do.

    sheets  [sheet, 10];  parts: [part, 3] see `projected`
    held    the arrays that stand at the addresses
    """

    sheets: Integers
    parts: Integers
    held: list[Floats | Integers]


def laid(chain: Chain) -> Laid:
    """Lay out the sheets of every stream."""
    lines: list[list[int]] = []
    parts: list[tuple[int, int, int]] = []
    held: list[Floats | Integers] = []
    for i, stream in enumerate(chain.streams):
        for flows, sheet in enumerate((stream.amounts, stream.flow)):
            if sheet is None:
                continue
            row, values = sheet.used(chain.cells, chain.steps + flows)
            values = np.ascontiguousarray(values, np.float64)
            scale = np.ascontiguousarray(sheet.scales(chain.cells), np.float64)
            counts = _counts(chain, row, values, flows)
            here = (values, np.ascontiguousarray(row, np.int64), counts, scale)
            begins = len(parts)
            parts += _flowing(chain, stream) if flows else _paying(chain, stream)
            size = values.shape[1] * values.shape[2]
            addresses = [part.ctypes.data for part in here]
            line = [i, flows, sheet.columns, size, *addresses, begins, len(parts)]
            lines.append(line)
            held += here
    return Laid(np.array(lines, np.int64), np.array(parts, np.int64).reshape(-1, 3), held)


def _flowing(chain: Chain, stream: Stream) -> list[tuple[int, int, int]]:
    if stream.flow_of is not None:
        paid = stream.flow_of.tolist()
    elif stream.flow is not None and stream.flow.columns > 1:
        paid = list(range(len(chain.states)))
    else:
        paid = [0] * len(chain.states)
    return [(state, SURELY, column) for state, column in enumerate(paid) if column >= 0]


def _paying(chain: Chain, stream: Stream) -> list[tuple[int, int, int]]:
    paid = () if stream.amount_of is None else stream.amount_of.tolist()
    moves = zip(chain.source.tolist(), chain.rate_of.tolist(), paid, strict=True)
    return [move for move in moves if move[2] >= 0]


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
