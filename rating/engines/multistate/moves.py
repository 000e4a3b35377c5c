"""From a model to the transitions and rates of its chain.

States from which the same events lead on share their rates: those of nature as the basis states
them, those of the policyholder's acts for whom nature left alone, and the chance that nothing
happens where that leads to another state because clocks run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rating.engines.multistate.chain import Chain, Sheet, Stream
from rating.engines.multistate.model import Model, Payment

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
NOTHING = -1
DUE = "premiums due"


@dataclass(frozen=True)
class Transitions:
    """The transitions of a model.

    source, target, rate_of  [transition] as in a chain;  way: [transition] its place among the
                             model's ways, NOTHING where only clocks run
    rates                    [cell, step, column]
    stay                     [state] the column of rates that is the chance of nothing happening
    """

    source: Integers
    target: Integers
    rate_of: Integers
    way: Integers
    rates: Floats
    stay: Integers


def transitions(model: Model) -> Transitions:
    """Lay out the transitions of a model, state by state and way by way."""
    leaving: list[list[tuple[int, int]]] = [[] for _ in model.states]
    for number, way in enumerate(model.ways):
        for move in way.moves:
            leaving[move.source].append((number, move.target))
    columns = _Columns(model)
    rows: list[tuple[int, int, int, int]] = []
    stay = []
    for state, ways in enumerate(leaving):
        profile = columns.profile(state, tuple(number for number, _ in ways))
        rows += [(state, target, profile[number], number) for number, target in ways]
        stay.append(profile[NOTHING])
        onward = model.onward[state]
        if onward != state:
            rows.append((state, onward, profile[NOTHING], NOTHING))
    table = np.array(rows, np.int64).reshape(-1, 4)
    return Transitions(
        source=table[:, 0].copy(),
        target=table[:, 1].copy(),
        rate_of=table[:, 2].copy(),
        way=table[:, 3].copy(),
        rates=np.stack(columns.found, axis=-1),
        stay=np.array(stay, np.int64),
    )


@dataclass(frozen=True)
class Brought:
    """A transition that an event brings.

    row     its place among the transitions;  way: that of what brings it among the model's ways
    claim   whether it pays anything that no act of the policyholder asked for
    payments  (way, place of a payment) → what is paid
    """

    row: int
    source: int
    target: int
    rate: int
    way: int
    claim: bool
    payments: tuple[tuple[tuple[int, int], Payment], ...]


def brought(model: Model, laid: Transitions) -> Iterator[Brought]:
    """List the transitions that events bring, in their order, with what they pay."""
    for row, number in enumerate(laid.way.tolist()):
        if number == NOTHING:
            continue
        way, source = model.ways[number], int(laid.source[row])
        pays = next(move.pays for move in way.moves if move.source == source)
        paid = [((number, n), p) for n, p in enumerate(way.payments) if p.column in pays]
        yield Brought(
            row,
            source,
            int(laid.target[row]),
            int(laid.rate_of[row]),
            number,
            bool(pays) and way.event not in model.assumed.acts,
            tuple(paid),
        )


class _Columns:
    """Collects distinct rates: [cell, step] each."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.found: list[Floats] = []
        self._nature: dict[tuple[int, int], int] = {}
        self._profiles: dict[tuple[tuple[int, int], ...], dict[int, int]] = {}

    def profile(self, state: int, ways: tuple[int, ...]) -> dict[int, int]:
        """Give way → column, and NOTHING → the column of nothing happening."""
        model = self.model
        # situations share the arrays of the rates that they share
        rates = model.assumed.by_situation[model.situation[state]]
        key = tuple((number, id(rates[model.ways[number].event])) for number in ways)
        if key in self._profiles:
            return self._profiles[key]
        nature, acting = np.zeros_like(model.within), np.zeros_like(model.within)
        for number in ways:
            if model.ways[number].event not in model.assumed.acts:
                nature = nature + self._chance(number, rates)
        found: dict[int, int] = {}
        for number in ways:
            if model.ways[number].event in model.assumed.acts:
                chance = self._chance(number, rates) * (1.0 - nature)
                acting = acting + self._chance(number, rates)
                found[number] = self._add(chance)
            else:
                shared = (number, id(rates[model.ways[number].event]))
                if shared not in self._nature:
                    self._nature[shared] = self._add(self._chance(number, rates))
                found[number] = self._nature[shared]
        found[NOTHING] = self._add((1.0 - nature) * (1.0 - acting) * model.within)
        self._profiles[key] = found
        return found

    def _add(self, chance: Floats) -> int:
        self.found.append(chance)
        return len(self.found) - 1

    def _chance(self, number: int, rates: Mapping[str, Floats]) -> Floats:
        way = self.model.ways[number]
        chance = rates[way.event] * way.weight
        return chance if way.holds is None else chance * way.holds


def chained(model: Model) -> Chain:
    """Give the chain of a model: a stream a column, and the number of premiums due.

    What is paid for each premium paid so far (`Payment.each`) is not in the streams.
    """
    laid = transitions(model)
    streams = [_stream(model, laid, column) for column in model.columns]
    due = np.concatenate([model.due, np.zeros((model.cells.size, 1))], axis=1)
    unwaived = np.where(np.array(model.waived), NOTHING, 0).astype(np.int64)
    streams.append(Stream(DUE, flow=Sheet(due[:, :, None]), flow_of=unwaived))
    return Chain(
        states=model.states,
        source=laid.source,
        target=laid.target,
        rates=_shared(laid.rates),
        rate_of=laid.rate_of,
        streams=tuple(streams),
        discount=discounts(model),
        lasts=model.within.sum(axis=1).astype(np.int64),
        per_year=model.per_year,
        start=None if model.begun is None or not model.begun.state.any() else model.start,
    )


def _shared(rates: Floats) -> Sheet:
    """Keep once what cells share: rates seldom depend on the sum insured."""
    places: dict[bytes, int] = {}
    row = np.array([places.setdefault(one.tobytes(), len(places)) for one in rates], np.int64)
    if len(places) == len(rates):
        return Sheet(rates)
    first = np.unique(row, return_index=True)[1]
    return Sheet(rates[first], row)


def discounts(model: Model) -> Floats:
    """Give v of each step, the factor from its end to its start: [step]."""
    return model.assumed.discounts


def _stream(model: Model, laid: Transitions, column: str) -> Stream:
    amounts: list[Floats] = []
    amount_of = np.full(len(laid.way), -1, np.int64)
    for number, way in enumerate(model.ways):
        paid = [p.amount for p in way.payments if p.column == column]
        if not paid:
            continue
        paying = {move.source for move in way.moves if column in move.pays}
        here = (laid.way == number) & np.isin(laid.source, list(paying))
        amount_of[here] = len(amounts)
        total = paid[0]
        for more in paid[1:]:
            total = total + more
        amounts.append(total)
    flow = next((flow for flow in model.flows if flow.column == column), None)
    at_due = None if flow is None else Sheet(flow.amount[:, :, None])
    flow_of = None if flow is None else np.where(np.array(flow.states), 0, NOTHING).astype(np.int64)
    if not amounts:
        return Stream(column, flow=at_due, flow_of=flow_of)
    return Stream(column, Sheet(np.stack(amounts, axis=-1)), amount_of, at_due, flow_of)
