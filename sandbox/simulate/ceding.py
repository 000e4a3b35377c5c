"""What contracts of reinsurance take of run-offs: parts of streams by cell, and streams of layers.

A proportional contract takes of each policy a part that its sum insured says, so that what it takes
is a weight on what the policy is paid: one for each contract, cell and stream. A layer by risk
takes of each payment of an event what a table says, which is a stream of its own; so does a
contract on risk premium, whose premium is one too. A layer of the year, and a stop loss, go by what
all contracts are paid in a policy year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from product_factory.errors import At, BadInput
from rating.engines.multistate.chain import ENDED, Chain, Sheet, Stream
from rating.engines.multistate.model import Model
from rating.engines.multistate.moves import transitions
from rating.engines.multistate.value import discount
from sandbox.reinsurance import Contract, ExcessOfLoss, StopLoss
from sandbox.reinsurance.occurrences import on_grid
from sandbox.reinsurance.programme import ROUNDING
from sandbox.reinsurance.proportional import Proportional
from sandbox.simulate.risk_premium import Agreed

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Stages = Sequence[Sequence[Contract]]
PREMIUM, EXPENSES = "premium", "expenses"
EACH = " for each premium paid"
"""What stands after a column's name in the stream that is paid so many times."""


def of_year(contract: Contract) -> bool:
    """Tell whether a contract goes by what all are paid in a year."""
    return isinstance(contract, StopLoss) or (
        isinstance(contract, ExcessOfLoss) and contract.per == "year"
    )


@dataclass(frozen=True, eq=False)
class Taken:
    """What contracts take of each run, before it is put on the grid.

    weighed  [run, 2 × contracts] present values when the run begins: recovered by each, then ceded
             premium
    yearly   [run, policy year, 3] what the contracts of a year see: payments and premium, in the
             money of their year, and of the payments what others take beside them; None where
             there is no such contract
    worth    [policy year] present value, when the run begins, of 1 at its end
    """

    weighed: Floats
    yearly: Floats | None
    worth: Floats

    @property
    def bytes(self) -> int:
        """What it takes of memory."""
        return self.weighed.nbytes + (0 if self.yearly is None else self.yearly.nbytes)

    def in_order(self, order: Integers) -> "Taken":
        """Give it with its runs in another order."""
        yearly = None if self.yearly is None else self.yearly[order]
        return Taken(self.weighed[order], yearly, self.worth)


@dataclass(frozen=True, eq=False)
class Laid:
    """A chain with streams of layers, and the weights of what contracts take.

    weights   [weighing, cell, stream] of what is recovered by each contract, then of its premium
    of_years  column of events counted by the year → [weighing, cell]
    yearly    [3, cell, stream] of what the contracts of a year see, and of what others take of it
              beside them; None where there is none
    worth     [policy year] present value, when the run begins, of 1 at its end
    """

    chain: Chain
    weights: Floats
    of_years: Mapping[str, Floats]
    yearly: Floats | None
    worth: Floats


@dataclass(frozen=True, eq=False)
class Ceding:
    """Contracts bound to the cells of a portfolio of long-term contracts.

    stages   contracts in inuring order
    covers   whose payments they protect
    sums     [cell] sum insured; None where no contract asks for it
    premium_share  the part of the premium that is for these covers
    at       where the contracts are written
    value    [cell, step] cash value of a policy, where contracts on risk premium ask for it
    agreed   basis → what is agreed on it
    chosen   contract → [cell] whether it takes of these policies at all; of others it does
    rate     what one unit of the policies' currency is worth in that of the contracts, and of sums
    """

    stages: Stages
    covers: tuple[str, ...]
    sums: Floats | None
    premium_share: float
    at: At
    value: Floats | None = None
    agreed: Mapping[str, Agreed] = field(default_factory=dict)
    chosen: Mapping[str, npt.NDArray[np.bool_]] = field(default_factory=dict)
    rate: float = 1.0

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """All contracts, in inuring order."""
        return tuple(contract for stage in self.stages for contract in stage)

    def laid(self, model: Model, chain: Chain) -> Laid:
        """Lay out what contracts take of a chain's streams.

        Raises BadInput where contracts side by side take more than there is, and where a layer
        reaches an amount that depends on the premiums that one has paid.
        """
        return _Laying(self, model, chain).done()


def in_money_of_the_year(model: Model, at: At, key: str) -> None:
    """Raise BadInput where amounts hold interest that a year's own money does not have."""
    if model.assumed.brought is not None:
        text = (
            f"expected a basis with 'benefits: end', whose amounts are in the money of their year; "
            f"'{model.basis.name}' states 'benefits: start'"
        )
        raise BadInput.one(at, key, text)


class _Laying:
    """Goes through the stages once: what each sees is what those before it leave.

    What is seen of payments, and of premium, is a weight of each source by cell; a source is a
    stream of the chain, a stream of a layer, or a column of events counted by the year.
    """

    def __init__(self, ceding: Ceding, model: Model, chain: Chain) -> None:
        self.ceding, self.model, self.chain = ceding, model, chain
        self.cells = chain.cells
        own = [name for one in ceding.contracts for name in _streams(one)]
        self.streams = [*(stream.name for stream in chain.streams), *own]
        years = [one.column for one in model.running if one.column in ceding.covers]
        self.sources = [*self.streams, *(f"{name}{YEARS}" for name in years)]
        self.years = years
        self.added: list[Stream] = []

    @cached_property
    def events(self) -> "Events":
        """Payments of events, where a layer asks for them."""
        return events_of(self.model, self.chain, self.ceding.covers)

    def done(self) -> Laid:
        ceding, size = self.ceding, (self.cells, len(self.sources))
        protected = {name + end for name in ceding.covers for end in ("", EACH, YEARS)}
        seen = np.zeros(size)
        seen[:, [name in protected for name in self.sources]] = 1.0
        premium = self._only(PREMIUM) * ceding.premium_share
        sums = ceding.sums
        paid = more = value = np.zeros((1, 1, 1))
        if any(map(_streams, ceding.contracts)):
            paid, more = self.events.amounts, self.events.more
        if ceding.value is not None:
            value = ceding.value[:, :, None]
        taken, costs, yearly = [], [], None
        for stage in ceding.stages:
            left, kept, rest, original = seen, np.ones(self.cells), paid, np.ones(self.cells)
            for contract in stage:
                part = contract.shares(sums, self.cells) * ceding.chosen.get(contract.name, 1.0)
                cost = (part + _rate(contract))[:, None] * premium
                if _streams(contract):
                    if isinstance(contract, ExcessOfLoss):
                        table = self._above(contract, paid, more)
                    else:
                        # the cash value is let go of where the contract ends, and not before
                        own = value * self.events.ends
                        table = part[:, None, None] * np.maximum(paid - own, 0.0)
                        table = table * self.events.claims
                        cost = self._only(_cost(contract))
                    self._add(contract, table)
                    rest = rest - table
                    takes = self._only(_layer(contract))
                elif of_year(contract):
                    in_money_of_the_year(self.model, self.ceding.at, "contracts")
                    takes, yearly = np.zeros(size), (seen, premium)
                else:
                    rest = rest - part[:, None, None] * paid
                    takes, original = part[:, None] * seen, original - part
                kept = kept - part
                left = left - takes
                taken.append(takes)
                costs.append(cost)
            self._within(stage, kept, rest, paid)
            original = np.maximum(original, 0.0)
            seen, premium = left, original[:, None] * premium
            paid, more = np.maximum(rest, 0.0), original[:, None, None] * more
            value = original[:, None, None] * value
            sums = None if sums is None else np.maximum(kept, 0.0) * sums
        weights, streams = np.stack([*taken, *costs]), len(self.streams)
        of_years = {n: weights[:, :, streams + place] for place, n in enumerate(self.years)}
        model = self.model
        return Laid(
            chain=replace(self.chain, streams=(*self.chain.streams, *self.added)),
            weights=np.ascontiguousarray(weights[:, :, :streams]),
            of_years=of_years,
            yearly=None if yearly is None else self._by_year(*yearly, taken)[:, :, :streams].copy(),
            worth=_year_ends(model),
        )

    def _by_year(self, seen: Floats, premium: Floats, taken: Sequence[Floats]) -> Floats:
        """Weigh what the last stage sees, its premium, and what its contracts take of payments.

        taken  by each contract; that of a contract of the year is settled by the year
        """
        beside = sum(taken[-len(self.ceding.stages[-1]) :], np.zeros_like(seen))
        return np.stack([seen, premium, beside])

    def _within(self, stage: Sequence[Contract], kept: Floats, rest: Floats, paid: Floats) -> None:
        """Refuse contracts side by side that take more than there is."""
        over = max(-float(kept.min(initial=0.0)), 0.0)
        short = -float((rest + ROUNDING * paid).min(initial=0.0))
        if over > ROUNDING or short > 0.0:
            names = " and ".join(f"'{contract.name}'" for contract in stage)
            said = f"{over:.4%} of a risk" if over > ROUNDING else f"{short:,.2f} of a payment"
            text = f"side by side {names} recover more than the loss, by {said}"
            raise BadInput.one(self.ceding.at, "contracts", text)

    def _only(self, name: str) -> Floats:
        found = np.zeros((self.cells, len(self.sources)))
        found[:, self.sources.index(name)] = 1.0
        return found

    def _above(self, contract: ExcessOfLoss, paid: Floats, more: Floats) -> Floats:
        """Give what a layer takes of payments."""
        attachment, limit = on_grid(contract.attachment), on_grid(contract.limit)
        rate = self.ceding.rate
        paid, more = paid * rate, more * rate
        if ((more > 0.0) & (paid + more > attachment)).any():
            text = (
                f"'{contract.name}' reaches an amount that goes by the premiums that one has "
                f"paid, up to {(paid + more)[more > 0.0].max():,.2f}; expected an attachment above "
                "it, or other covers"
            )
            raise BadInput.one(self.ceding.at, "contracts", text)
        return contract.share * np.clip(paid - attachment, 0.0, limit) / rate

    def _add(self, contract: Contract, table: Floats) -> None:
        """Add the streams of a contract that takes of each payment what a table says."""
        events = self.events
        sheet = Sheet(table * events.worth)
        self.added.append(Stream(_layer(contract), sheet, events.amount_of))
        if isinstance(contract, Proportional):
            times, agreed = contract.risk_premium or 0.0, self.ceding.agreed[contract.basis]
            due = np.zeros((self.cells, self.chain.steps + 1, len(self.chain.states)))
            for row, source in enumerate(self.chain.source.tolist()):
                column = int(events.amount_of[row])
                if column >= 0:
                    chance = times * agreed.rates[:, :, row] * agreed.worth
                    due[:, :-1, source] += chance * table[:, :, column]
            self.added.append(Stream(_cost(contract), flow=Sheet(due)))


YEARS = " of events counted by the year"
"""What stands after a column's name in the source of what such events are paid."""


def _layer(contract: Contract) -> str:
    return f"layer: {contract.name}"


def _cost(contract: Contract) -> str:
    return f"risk premium: {contract.name}"


def _streams(contract: Contract) -> tuple[str, ...]:
    """Name the streams of a contract that takes of each payment what a table says."""
    if isinstance(contract, ExcessOfLoss) and contract.per == "risk":
        return (_layer(contract),)
    if isinstance(contract, Proportional) and contract.risk_premium is not None:
        return (_layer(contract), _cost(contract))
    return ()


def _rate(contract: Contract) -> float:
    """Give the premium of a contract as part of the premium that it sees, beside what it cedes."""
    return contract.share * contract.rate if isinstance(contract, ExcessOfLoss | StopLoss) else 0.0


def _year_ends(model: Model) -> Floats:
    """Present value, when the run begins, of 1 at the end of each policy year, [year]."""
    ends = np.minimum(np.arange(1, model.years + 1) * model.per_year, model.steps)
    return discount(model)[ends]


@dataclass(frozen=True, eq=False)
class Events:
    """What the protected covers pay together in each transition.

    amount_of  [transition] the column of its payments, or -1
    amounts    [cell, step, column] in the money of the event
    more       [cell, step, column] the most that is paid besides, for premiums paid so far
    worth      [step, column] what 1 of it is worth at the step's end
    claims     [column] 1 where it is paid for an event, 0 for an act of the policyholder
    ends       [column] 1 where the contract ends with it, 0 where it goes on
    """

    amount_of: Integers
    amounts: Floats
    more: Floats
    worth: Floats
    claims: Floats
    ends: Floats


def events_of(model: Model, chain: Chain, covers: Sequence[str]) -> Events:
    """Add up what covers pay in each transition; those that pay and end alike share a column."""
    laid = transitions(model)
    protected = {name + end for name in covers for end in ("", EACH)}
    paying = [stream for stream in chain.streams if stream.name in protected and stream.amounts]
    grown = np.ones(model.steps) if model.assumed.brought is None else model.assumed.brought
    places: dict[tuple[int, ...], int] = {}
    amount_of = np.full(len(laid.way), -1, np.int64)
    for row, number in enumerate(laid.way.tolist()):
        columns = tuple(-1 if s.amount_of is None else int(s.amount_of[row]) for s in paying)
        if max(columns, default=-1) >= 0:
            act = int(model.ways[number].event in model.assumed.acts)
            ends = int(laid.target[row] == ENDED)
            amount_of[row] = places.setdefault((act, ends, *columns), len(places))
    amounts = np.zeros((chain.cells, chain.steps, len(places)))
    more, worth = np.zeros_like(amounts), np.ones(amounts.shape[1:])
    claims, ending = np.ones(len(places)), np.zeros(len(places))
    for (act, ends, *of), place in places.items():
        claims[place], ending[place] = 1.0 - act, ends
        for stream, column in zip(paying, of, strict=True):
            if column < 0 or stream.amounts is None:
                continue
            amount = stream.amounts.full(chain.cells, chain.steps)[:, :, column]
            if stream.name.endswith(EACH):
                more[:, :, place] += amount * model.paid
            else:
                amounts[:, :, place] += amount
        if not act:
            worth[:, place] = grown
            amounts[:, :, place] /= grown
            more[:, :, place] /= grown
    return Events(amount_of, amounts, more, worth, claims, ending)
