"""Bind: product + basis + cells → what may happen to a contract, step by step, and what it pays.

Everything that a basis states and that a promise pays becomes an array `[cell, step]`; states come
from the contract's state graph. `chained` in `moves.py` turns a model into the chain that the
verbs, and the sandbox's run-offs, read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.clocks import Clocks
from product_factory.clocks import clocks as clocks_of
from product_factory.errors import BadInput
from product_factory.states import state_graph
from rating.engines.collective.change import UNCHANGED, Change
from rating.engines.multistate.amount import (
    NOT_AT_ALL,
    OTHERWISE,
    PREMIUM,
    PREMIUMS_PAID,
)
from rating.engines.multistate.assumed import Assumed, assume, situation_of
from rating.engines.multistate.grid import Cells
from rating.engines.multistate.instalments import Instalments, instalments
from rating.engines.multistate.marks import marks as marks_of
from rating.engines.multistate.on_clocks import Move, mixed, moves_of, states_of
from rating.engines.multistate.payment import Flow, Payment, due_in_first
from rating.engines.multistate.promised import Promised, promised
from rating.engines.multistate.running import Running, running

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Way:
    """An event with one set of marks, met by the same promises.

    weight  chance of these marks given the event;  holds: [cell, step] 1 where this is what the
            event does, None: everywhere
    """

    event: str
    marks: Mapping[str, str]
    weight: float
    holds: Floats | None
    payments: tuple[Payment, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class Begun:
    """Contracts in force at time 0: the state of each, [cell], and how many premiums were due."""

    state: npt.NDArray[np.int64]
    paid: Floats


@dataclass(frozen=True)
class Model:
    """What may happen to contracts, and what is paid.

    states   names of the living states, the first that of a new contract
    waived   for each, whether no premium falls due
    situation  for each, its place among the situations for which rates are assumed
    onward   for each, the state one step later if nothing happens: clocks run
    premium  [cell] yearly premium that amounts may read; NaN where nothing reads it
    running  what events counted by the year pay on average while the contract runs
    change   what a scenario changes of those events
    begun    where contracts stand at time 0; None: all are new
    """

    product: AssembledProduct
    basis: AssembledBasis
    cells: Cells
    assumed: Assumed
    states: tuple[str, ...]
    waived: tuple[bool, ...]
    onward: tuple[int, ...]
    situation: tuple[int, ...]
    ways: tuple[Way, ...]
    flows: tuple[Flow, ...]
    premium: Floats
    running: tuple[Running, ...] = ()
    change: Change = UNCHANGED
    begun: Begun | None = None

    @property
    def within(self) -> Floats:
        """[cell, step] whether the contract runs in that step."""
        return self.assumed.within

    @property
    def due(self) -> Floats:
        """[cell, step] whether a premium is due at its start."""
        return self.assumed.due

    @property
    def rates(self) -> Mapping[str, Floats]:
        """Event → [cell, step] probability, in the first situation in which it can happen."""
        return self.assumed.rates

    @property
    def per_year(self) -> int:
        """Steps in a policy year."""
        return self.assumed.grid.per_year

    @property
    def steps(self) -> int:
        """The longest run, in steps."""
        return int(self.within.shape[1])

    @property
    def years(self) -> int:
        """The longest run, in policy years."""
        return -(-self.steps // self.per_year)

    @property
    def paid(self) -> Floats:
        """[cell, step] how many premiums have fallen due by then, the step's included."""
        paid = np.cumsum(self.due, axis=1)
        return paid if self.begun is None else paid + self.begun.paid[:, None]

    @property
    def start(self) -> Floats:
        """[cell, state] 1 where contracts stand at time 0."""
        found = np.zeros((self.cells.size, len(self.states)))
        found[np.arange(len(found)), 0 if self.begun is None else self.begun.state] = 1.0
        return found

    @property
    def columns(self) -> tuple[str, ...]:
        """What may be paid: for events, at due dates, then for events counted by the year."""
        by_event = [p.column for way in self.ways for p in way.payments]
        due = [flow.column for flow in self.flows]
        return tuple(dict.fromkeys([*by_event, *due, *(one.column for one in self.running)]))


@dataclass(frozen=True)
class OpenWay:
    """A way whose payments may read what is still solved for."""

    event: str
    marks: Mapping[str, str]
    weight: float
    holds: Floats | None
    promised: tuple[Promised, ...]
    moves: tuple[Move, ...]


@dataclass(frozen=True)
class OpenModel:
    """A model before its amounts are known: rates and states depend on no amount.

    reads  the unknown names that some payment depends on
    """

    product: AssembledProduct
    basis: AssembledBasis
    cells: Cells
    assumed: Assumed
    states: tuple[str, ...]
    waived: tuple[bool, ...]
    onward: tuple[int, ...]
    situation: tuple[int, ...]
    ways: tuple[OpenWay, ...]
    due: tuple[Instalments, ...]
    running: tuple[Running, ...] = ()

    @property
    def reads(self) -> frozenset[str]:
        """The unknown names that some payment depends on."""
        amounts = [one.amount.reads for way in self.ways for one in way.promised]
        return frozenset[str]().union(*amounts, *(one.amount.reads for one in self.due))

    def closed(
        self, premium: Floats | None = None, known: Mapping[str, Floats] | None = None
    ) -> Model:
        """Evaluate every amount.

        premium  [cell] yearly premium;  known: `cash_value`, `reserve` → [cell, step]
        """
        given = np.full(self.cells.size, np.nan) if premium is None else premium
        ways = tuple(self._way(way, given, known or {}) for way in self.ways)
        flows = tuple(self._flow(one, given, known or {}) for one in self.due)
        return Model(
            product=self.product,
            basis=self.basis,
            cells=self.cells,
            assumed=self.assumed,
            states=self.states,
            waived=self.waived,
            onward=self.onward,
            situation=self.situation,
            ways=ways,
            flows=flows,
            premium=given,
            running=self.running,
        )

    def falls_due(self, premium: Floats | None = None) -> Floats:
        """Give what falls due at each time in the first state: [cell, step + 1]."""
        given = np.full(self.cells.size, np.nan) if premium is None else premium
        flows = tuple(self._flow(one, given, {}) for one in self.due)
        return due_in_first(flows, self.assumed.within.shape)

    @property
    def mixed(self) -> tuple[bool, ...]:
        """For each state, whether some in it have paid fewer premiums: those after a waiver."""
        return mixed(self.waived, self.onward, (way.moves for way in self.ways))

    def _flow(self, one: Instalments, premium: Floats, known: Mapping[str, Floats]) -> Flow:
        paid_for = one.amount.manner(PREMIUMS_PAID) != NOT_AT_ALL
        if paid_for and any(w and s for w, s in zip(self.mixed, one.states, strict=True)):
            text = (
                "expected an amount that does not read premiums_paid, since premiums may be "
                "waived and two contracts in one state have paid different numbers of them"
            )
            raise BadInput.one(one.at, f"covers.{one.column}.amount", text)
        return Flow(one.column, one.flow(self._unknown(premium, known)), one.states)

    def _way(self, way: OpenWay, premium: Floats, known: Mapping[str, Floats]) -> Way:
        payments = tuple(self._payment(way, one, premium, known) for one in way.promised)
        worth = None if way.event in self.assumed.acts else self.assumed.brought
        if worth is not None:
            payments = tuple(one.grown(worth) for one in payments)
        return Way(way.event, way.marks, way.weight, way.holds, payments, way.moves)

    def _payment(
        self, way: OpenWay, one: Promised, premium: Floats, known: Mapping[str, Floats]
    ) -> Payment:
        unknown = self._unknown(premium, known)
        if not self._differs(way, one):
            return Payment(one.column, one.amount.whole(unknown) * one.holds)
        shape = self.assumed.within.shape
        nothing, unit = np.zeros(shape), np.ones(shape)
        amount = one.amount.whole({**unknown, PREMIUMS_PAID: nothing})
        each = one.amount.whole({**unknown, PREMIUMS_PAID: unit}) - amount
        return Payment(one.column, amount * one.holds, each * one.holds)

    def _unknown(self, premium: Floats, known: Mapping[str, Floats]) -> dict[str, Floats]:
        level = np.repeat(premium[:, None], self.assumed.within.shape[1], axis=1)
        paid = level * np.cumsum(self.assumed.due, axis=1)
        return {**known, PREMIUM: level, PREMIUMS_PAID: paid}

    def _differs(self, way: OpenWay, one: Promised) -> bool:
        """Tell whether it reads premiums paid in a state where some have paid fewer than others.

        Raises BadInput where it does so otherwise than in proportion.
        """
        if PREMIUMS_PAID not in one.amount.reads:
            return False
        sources = [move.source for move in way.moves if one.column in move.pays]
        mixed = self.mixed
        if not any(mixed[source] for source in sources):
            return False
        if one.amount.manner(PREMIUMS_PAID) == OTHERWISE:
            text = (
                "expected an amount in proportion to premiums_paid, since premiums may be waived "
                "and two contracts in one state have paid different numbers of them"
            )
            raise BadInput.one(one.at, f"covers.{one.column}.amount", text)
        return True


def open_model(product: AssembledProduct, basis: AssembledBasis, cells: Cells) -> OpenModel:
    """Bind what depends on no amount.

    Raises BadInput where a name is not known, a period is credited that the grid cannot see, or a
    rate leaves 0 … 1; the message names the cell.
    """
    clocks = clocks_of(product, basis, state_graph(product))
    where = [situation_of(clocks, cell) for cell in clocks.cells]
    situations = tuple(dict.fromkeys(where))
    assumed = assume(product, basis, cells, clocks.graph, situations)
    due = instalments(assumed.grid, basis, clocks)
    ways: list[OpenWay] = []
    for event in assumed.rates:
        if not any(rates[event].any() for rates in assumed.by_situation if event in rates):
            continue  # what never happens pays nothing, and its amount may not even be known
        for marks, weight in marks_of(product, basis, event):
            ones = promised(assumed.grid, basis, clocks, event, marks, due)
            ways += _ways(product, clocks, event, marks, weight, ones)
    states, onward = states_of(clocks)
    return OpenModel(
        product=product,
        basis=basis,
        cells=cells,
        assumed=assumed,
        states=states,
        waived=tuple(clocks.waived(cell) for cell in clocks.cells),
        onward=onward,
        situation=tuple(situations.index(one) for one in where),
        ways=tuple(ways),
        due=due,
        running=running(product, basis, assumed),
    )


def model(
    product: AssembledProduct,
    basis: AssembledBasis,
    cells: Cells,
    premium: Floats | None = None,
    known: Mapping[str, Floats] | None = None,
) -> Model:
    """Bind a model whose unknown amounts are given; see `OpenModel.closed`.

    Raises BadInput naming what an amount reads and nobody gave.
    """
    opened = open_model(product, basis, cells)
    given = {*(known or {}), *((PREMIUM, PREMIUMS_PAID) if premium is not None else ())}
    missing = sorted(opened.reads - given)
    if missing:
        text = f"'{missing[0]}' is not known to the multistate engine here"
        raise BadInput.one(product.product.at, basis.name, text)
    return opened.closed(premium, known)


def _ways(
    product: AssembledProduct,
    clocks: Clocks,
    event: str,
    marks: Mapping[str, str],
    weight: float,
    ones: tuple[Promised, ...],
) -> Iterator[OpenWay]:
    """Split an event by what meets it; where all lead the same way, it is one way."""
    process, _, name = event.partition(".")
    declared = product.processes[process]
    ends = declared.kind == "decrement" or declared.events[name].ends == "life"
    code = np.zeros((1, 1), np.int64)
    for place, one in enumerate(ones):
        code = code + (one.holds.astype(np.int64) << place)
    kinds = np.unique(code).tolist() if ones else [0]
    parts = []
    for kind in kinds:
        here = tuple(one for place, one in enumerate(ones) if kind >> place & 1)
        paid = tuple(one.column for one in here)
        parts.append((kind, here, moves_of(clocks, event, paid, ends=ends)))
    leads = {tuple((m.source, m.target) for m in moves) for _, _, moves in parts}
    if len(leads) == 1:
        pays = [move.pays for move in parts[0][2]]
        for _, _, moves in parts[1:]:
            pays = [one | move.pays for one, move in zip(pays, moves, strict=True)]
        joined = [Move(m.source, m.target, p) for m, p in zip(parts[0][2], pays, strict=True)]
        if joined:
            yield OpenWay(event, marks, weight, None, ones, tuple(joined))
        return
    for kind, here, moves in parts:
        if moves:
            holds = (code == kind).astype(np.float64)
            yield OpenWay(event, marks, weight, holds, here, moves)


__all__ = [
    "Flow",
    "Model",
    "Move",
    "OpenModel",
    "Payment",
    "Way",
    "model",
    "open_model",
]
