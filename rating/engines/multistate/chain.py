"""A chain: states, transitions between them, payments, as arrays and nothing else.

It is what binding a product makes, and what pricing, reserves, projections and simulated run-offs
read. Step k runs from time k to time k + 1; a step is a year or a month.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
ENDED = -1
"""The target of a transition that ends the contract."""
SLACK = 1e-12
"""By how much chances may pass 0 or 1 for rounding alone."""
PER_YEAR = (1, 2, 4, 12)


@dataclass(frozen=True)
class Sheet:
    """Numbers by cell and step, kept once where cells or steps share them.

    The number of cell c at step k in column m is values[row[c], period[k], m] * scale[c].

    values  [rows, periods, columns]
    row     [cell] which row a cell reads; None: the only one, or that of the cell's place
    period  [step] which period a step reads; None: the only one, or that of the step's place
    scale   [cell] what the cell's numbers are multiplied by; None: 1
    """

    values: Floats
    row: Integers | None = None
    period: Integers | None = None
    scale: Floats | None = None

    @property
    def columns(self) -> int:
        """How many numbers stand at a cell and step."""
        return int(self.values.shape[2])

    def rows(self, cells: int) -> Integers:
        """Give the row of each cell."""
        return _places(self.row, self.values.shape[0], cells, "rows", "cells")

    def periods(self, steps: int) -> Integers:
        """Give the period of each step."""
        return _places(self.period, self.values.shape[1], steps, "periods", "steps")

    def scales(self, cells: int) -> Floats:
        """Give the scale of each cell."""
        if self.scale is None:
            return np.ones(cells)
        if self.scale.shape != (cells,):
            raise BadValue(f"expected a scale for each of {cells} cells, got {self.scale.shape}")
        return self.scale

    def full(self, cells: int, steps: int) -> Floats:
        """Write every number out: [cell, step, column]."""
        found = self.values[self.rows(cells)[:, None], self.periods(steps)[None, :]]
        return found * self.scales(cells)[:, None, None]

    def read(self, cells: int) -> tuple[Integers, Floats]:
        """Give the row that each cell reads, and the rows [rows, period, column] without others.

        Where rows are not more than cells, all are given, read or not. The scale is not in them.
        """
        row, kept = self.rows(cells), np.ascontiguousarray(self.values)
        if len(kept) <= cells:
            return row, kept
        few, row = np.unique(row, return_inverse=True)
        return row.astype(np.int64), kept[few]

    def used(self, cells: int, steps: int) -> tuple[Integers, Floats]:
        """Give the same with the rows written out: [rows, step, column]."""
        row, kept = self.read(cells)
        if self.period is None and kept.shape[1] == steps:
            return row, kept
        return row, kept[:, self.periods(steps)]

    def part(self, first: int, last: int, cells: int) -> "Sheet":
        """Give the sheet of the cells first … last - 1 of so many."""
        scale = None if self.scale is None else self.scale[first:last]
        return Sheet(self.values, self.rows(cells)[first:last], self.period, scale)


def _places(given: Integers | None, kept: int, wanted: int, has: str, of: str) -> Integers:
    if given is None:
        if kept not in {1, wanted}:
            raise BadValue(f"expected 1 or {wanted} {has}, one for each of the {of}, got {kept}")
        return np.zeros(wanted, np.int64) if kept == 1 else np.arange(wanted, dtype=np.int64)
    if given.shape != (wanted,) or (wanted and not 0 <= given.min() <= given.max() < kept):
        raise BadValue(f"expected one of {kept} {has} for each of {wanted} {of}")
    return given


@dataclass(frozen=True)
class Stream:
    """Named payments: on transitions, in states, or both.

    amounts    columns of what is paid at the END of a step in which a transition is taken
    amount_of  [transition] the column that it pays, or -1
    flow       paid at TIME k to those in a state then, k = 0 … n (n: maturity): one column a
               state, or a single column for all; in arrears is the flow of the next time
    flow_of    [state] the column of flow that is paid in it, or -1; None: as said above
    """

    name: str
    amounts: Sheet | None = None
    amount_of: Integers | None = None
    flow: Sheet | None = None
    flow_of: Integers | None = None

    def by_state(self) -> Sheet | None:
        """Give the flow with a column for each state, or the single one of all."""
        if self.flow is None or self.flow_of is None:
            return self.flow
        wide = self.flow.values[:, :, np.maximum(self.flow_of, 0)] * (self.flow_of >= 0)
        return replace(self.flow, values=wide)


@dataclass(frozen=True)
class Chain:
    """A Markov chain with payments, cells side by side.

    states     names of the living states; the contract starts in the first unless `start` is given
    source     [transition] the state that it leaves
    target     [transition] the state that it reaches; ENDED where it ends the contract
    rates      distinct dependent probabilities of a step (with everything else at work), in columns
    rate_of    [transition] the column of rates that it uses; what no transition takes stays
    streams    what is paid
    discount   [step] factor from time k + 1 to time k
    lasts      [cell] its number of steps, 0 … n; at that time its flow is paid, then nothing
    per_year   steps in a year
    start      [cell, state] chances at time 0
    """

    states: tuple[str, ...]
    source: Integers
    target: Integers
    rates: Sheet
    rate_of: Integers
    streams: tuple[Stream, ...]
    discount: Floats
    lasts: Integers
    per_year: int = 1
    start: Floats | None = None

    @property
    def steps(self) -> int:
        """The longest run of any cell: n."""
        return len(self.discount)

    @property
    def cells(self) -> int:
        """How many cells stand side by side."""
        return len(self.lasts)

    @property
    def starting(self) -> Floats:
        """Chances at time 0: [cell, state]."""
        if self.start is not None:
            return self.start
        found = np.zeros((self.cells, len(self.states)))
        found[:, 0] = 1.0
        return found

    def stream(self, name: str) -> Stream:
        """Give a stream by its name."""
        for stream in self.streams:
            if stream.name == name:
                return stream
        known = ", ".join(stream.name for stream in self.streams)
        raise BadValue(f"expected one of the streams {known}, got '{name}'")

    def part(self, first: int, last: int) -> "Chain":
        """Give the chain of the cells first … last - 1."""

        def cut(sheet: Sheet | None) -> Sheet | None:
            return None if sheet is None else sheet.part(first, last, self.cells)

        streams = tuple(
            replace(stream, amounts=cut(stream.amounts), flow=cut(stream.flow))
            for stream in self.streams
        )
        return replace(
            self,
            rates=self.rates.part(first, last, self.cells),
            streams=streams,
            lasts=self.lasts[first:last],
            start=None if self.start is None else self.start[first:last],
        )


def checked(chain: Chain) -> Chain:
    """Give the chain back if its shapes fit and every step's probabilities are probabilities.

    Raises BadValue naming cell, step and state by their places (from 0).
    """
    _check_rates(fitting(chain))
    return chain


def fitting(chain: Chain) -> Chain:
    """Give the chain back if its shapes fit; every verb asks, since kernels look at no bounds.

    Raises BadValue.
    """
    states, count = len(chain.states), len(chain.source)
    if not states or chain.per_year not in PER_YEAR:
        raise BadValue(f"expected a state and steps of {PER_YEAR} a year, got {chain.per_year}")
    for name, places, low, high in (
        ("source", chain.source, 0, states),
        ("target", chain.target, ENDED, states),
        ("rate_of", chain.rate_of, 0, chain.rates.columns),
        ("lasts", chain.lasts, 0, chain.steps + 1),
    ):
        if name != "lasts" and len(places) != count:
            raise BadValue(f"expected {count} transitions in {name}, got {len(places)}")
        if len(places) and not low <= places.min() <= places.max() < high:
            raise BadValue(f"expected {name} from {low} to {high - 1}, got {places}")
    if chain.starting.shape != (chain.cells, states):
        raise BadValue(f"expected start of {(chain.cells, states)}, got {chain.starting.shape}")
    if not (np.isfinite(chain.discount).all() and (chain.discount > 0.0).all()):
        raise BadValue("expected discount factors above 0")
    for stream in chain.streams:
        _check_stream(stream, count, states)
    if chain.rates.scale is not None:
        raise BadValue("rates have no scale: what is multiplied is written out")
    return chain


def _check_stream(stream: Stream, count: int, states: int) -> None:
    if (stream.amounts is None) != (stream.amount_of is None):
        raise BadValue(f"stream {stream.name}: amounts and amount_of belong together")
    if stream.amounts is not None and stream.amount_of is not None:
        of = stream.amount_of
        if len(of) != count or (count and not -1 <= of.min() <= of.max() < stream.amounts.columns):
            raise BadValue(f"stream {stream.name}: amount_of names no column of amounts")
    paid_in = stream.flow_of
    if stream.flow is None and paid_in is not None:
        raise BadValue(f"stream {stream.name}: flow_of belongs to a flow")
    if stream.flow is not None and paid_in is not None:
        low, high = paid_in.min(initial=-1), paid_in.max(initial=-1)
        if len(paid_in) != states or low < -1 or high >= stream.flow.columns:
            raise BadValue(f"stream {stream.name}: flow_of names no column of flow")
    elif stream.flow is not None and stream.flow.columns not in {1, states}:
        got = stream.flow.columns
        raise BadValue(f"stream {stream.name}: expected a flow of 1 or {states} columns, got {got}")


def _check_rates(chain: Chain) -> None:
    # a row of rates is checked once, as far as the longest of its cells runs
    row, period = chain.rates.rows(chain.cells), chain.rates.periods(chain.steps)
    used = np.zeros((chain.rates.values.shape[0], chain.rates.values.shape[1]), bool)
    longest = np.zeros(len(used), np.int64)
    np.maximum.at(longest, row, chain.lasts)
    for r in np.flatnonzero(longest):
        used[r, period[: longest[r]]] = True
    rates = chain.rates.values
    low = np.where(used[:, :, None], rates, 0.0)
    if not ((low >= -SLACK) & (low <= 1.0 + SLACK)).all():
        r, p, column = np.argwhere(~((low >= -SLACK) & (low <= 1.0 + SLACK)))[0]
        _complain(chain, int(r), int(p), f"rate {column}", rates[r, p, column])
    for state in range(len(chain.states)):
        total = np.zeros(used.shape)
        for j in np.flatnonzero(chain.source == state):
            total += low[:, :, chain.rate_of[j]]
        if (total > 1.0 + SLACK).any():
            r, p = np.argwhere(total > 1.0 + SLACK)[0]
            what = f"all that leaves '{chain.states[state]}'"
            _complain(chain, int(r), int(p), what, total[r, p])


def _complain(chain: Chain, row: int, period: int, what: str, got: float) -> None:
    cell = int(np.flatnonzero(chain.rates.rows(chain.cells) == row)[0])
    step = int(np.flatnonzero(chain.rates.periods(chain.steps) == period)[0])
    raise BadValue(
        f"cell {cell}, step {step}: expected a probability of 0 to 1, {what} is {got:.6g}"
    )
