"""The recursion of one policy's value, state by state (Thiele), with every term apart.

The value at time t in a state is what falls due then, less the premium, and the present value of
what the step brings: for each event its chance times what is paid and the value where it leads,
and for nothing happening the value one step later. Where payments depend on the number n of
premiums paid so far and some states have paid fewer than others, the value is plain + n × each.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from product_factory.errors import BadValue
from rating.engines.multistate.model import Model
from rating.engines.multistate.moves import Brought, brought, transitions
from rating.engines.multistate.running import Running
from rating.engines.multistate.value import net_premium

Floats = npt.NDArray[np.float64]
ENDED = -1


@dataclass(frozen=True)
class Term:
    """One term: the product of its factors.

    kind     premium, commission, expenses, due, counts, runs, settles, pays, settling, leads, stays
             or onward
    of       the event or cover that it is of;  marks: of the event, where they tell ways apart
    target   the state whose value is among the factors, or ''
    factors  signed where the term is taken off; the first is the discount factor where there is one
    """

    kind: str
    of: str
    target: str
    factors: tuple[float, ...]
    marks: str = ""

    @property
    def amount(self) -> float:
        """What the term adds to the value."""
        found = 1.0
        for factor in self.factors:
            found *= factor
        return found


@dataclass(frozen=True)
class Step:
    """The value at a time in a state, and its terms, which add up to it.

    time   steps since issue;  state: its name
    each   the value for each premium paid so far beside it, with its own terms; None: there is none
    """

    time: int
    state: str
    value: float
    terms: tuple[Term, ...]
    each: "Step | None" = None


class Recursion:
    """The values of the only cell of a model, at each time and in each state.

    plain, each  [time, state]; each is 0 where nothing depends on the number of premiums paid
    counts       whether a payment does, of which some in a state may have paid fewer
    """

    def __init__(self, model: Model, premium: float, *, net: bool = False) -> None:
        """Run it.

        premium  what is charged when one falls due;  net: instead of it the net premium of the
                 basis, and no expenses: the net premium reserve
        """
        if model.cells.size != 1:
            raise BadValue(f"expected one policy, got {model.cells.size}")
        self.model, self.net = model, net
        self.premium = float(net_premium(model)[0]) if net else premium
        self.v, self.brought = model.assumed.discounts, model.assumed.brought
        self.last = int(model.within[0].sum())
        self._laid = transitions(model)
        self._named = tuple(
            (way.event, ", ".join(f"{name} {value}" for name, value in way.marks.items()))
            for way in model.ways
        )
        self._rows = tuple(brought(model, self._laid))
        self._from = [
            tuple(row for row in self._rows if row.source == state)
            for state in range(len(model.states))
        ]
        shape = (self.last + 1, len(model.states))
        self.plain, self.each = np.zeros(shape), np.zeros(shape)
        self.counts = any(p.each is not None for row in self._rows for _, p in row.payments)
        for time in reversed(range(self.last + 1)):
            for state in range(len(model.states)):
                if self.counts:
                    self.each[time, state] = _sum(self._each_terms(time, state))
                self.plain[time, state] = _sum(self._terms(time, state))

    @property
    def per_year(self) -> int:
        """Steps in a policy year."""
        return self.model.per_year

    def paid_before(self, time: int) -> float:
        """Give how many premiums fell due before a time, for who paid all of them."""
        return float(self.model.due[0, :time].sum())

    def value(self, time: int) -> float:
        """Give the value in the first state of a policy that paid every premium."""
        return float(self.plain[time, 0] + self.paid_before(time) * self.each[time, 0])

    def steps(self, year: int | None = None) -> Iterator[Step]:
        """Give the steps of a policy year, or of all and the end, in order; states that may be.

        Raises BadValue for a year that the contract does not reach.
        """
        years = -(-self.last // self.per_year)
        if year is not None and not 1 <= year <= years:
            raise BadValue(f"expected a policy year from 1 to {years}, got {year}")
        reached = self._reached()
        for time in range(self.last + 1):
            if year is not None and time // self.per_year + 1 != year:
                continue
            for state in np.flatnonzero(reached[time]).tolist():
                yield self._step(time, state)

    def _step(self, time: int, state: int) -> Step:
        name = self.model.states[state]
        each = None
        if self.counts:
            terms = tuple(self._each_terms(time, state))
            each = Step(time, name, float(self.each[time, state]), terms)
        terms = tuple(self._terms(time, state))
        return Step(time, name, float(self.plain[time, state]), terms, each)

    def _terms(self, time: int, state: int) -> Iterator[Term]:
        model, k, assumed = self.model, time, self.model.assumed
        for flow in model.flows:
            if flow.states[state] and flow.amount[0, k]:
                yield Term("due", flow.column, "", (float(flow.amount[0, k]),))
        if k == self.last:
            return
        owed = 0.0 if model.waived[state] else float(model.due[0, k])
        if owed:
            yield Term("premium", "", "", (-owed, self.premium))
            share = float(assumed.spent["premium"][0, k])
            if share and not self.net:
                yield Term("commission", "", "", (share, owed, self.premium))
            if self.each[k, state]:
                yield Term("counts", "", "", (owed, float(self.each[k, state])))
        spent = float(assumed.spent["policy"][0, k] + assumed.spent["sum_insured"][0, k])
        if spent and not self.net:
            yield Term("expenses", "", "", (spent,))
        yield from self._of_step(k, state)

    def _of_step(self, k: int, state: int) -> Iterator[Term]:
        """Give what the events of a step bring, and nothing happening."""
        cost = self.model.assumed.spent
        for one in self.model.running:
            yield from self._runs(one, k)
        for row in self._from[state]:
            chance = float(self._laid.rates[0, k, row.rate])
            if not chance:
                continue
            paid = sum(float(p.amount[0, k]) for _, p in row.payments)
            if paid:
                yield self._brings("pays", row, k, chance, paid)
            settled = float(cost["claim"][0, k]) + float(cost["claim_payment"][0, k]) * paid
            if settled and row.claim and not self.net:
                yield self._brings("settling", row, k, chance, settled)
            if row.target != ENDED:
                yield self._leading(row, k, chance, self.plain)
        yield from self._staying(k, state, self.plain)

    def _runs(self, one: Running, k: int) -> Iterator[Term]:
        """Give what events counted by the year are expected to bring, and what settling costs."""
        amount = float(one.amount[0, k])
        first: tuple[float, ...] = (float(self.v[k]),)
        if self.brought is not None:
            amount, first = amount / float(self.brought[k]), ()
        share = float(self.model.assumed.spent["claim_payment"][0, k])
        if amount:
            yield Term("runs", one.column, "", (*first, amount))
        if amount and share and not self.net:
            yield Term("settles", one.column, "", (*first, share, amount))

    def _each_terms(self, time: int, state: int) -> Iterator[Term]:
        """Give the terms of what is worth so much for each premium paid so far."""
        if time == self.last:
            return
        for row in self._from[state]:
            chance = float(self._laid.rates[0, time, row.rate])
            if not chance:
                continue
            parts = [float(p.each[0, time]) for _, p in row.payments if p.each is not None]
            paid = sum(parts) * float(self.model.premium[0])
            if paid:
                yield self._brings("pays", row, time, chance, paid)
            share = float(self.model.assumed.spent["claim_payment"][0, time])
            if paid and share and row.claim and not self.net:
                yield self._brings("settling", row, time, chance, share * paid)
            if row.target != ENDED:
                yield self._leading(row, time, chance, self.each)
        yield from self._staying(time, state, self.each)

    def _brings(self, kind: str, row: Brought, k: int, chance: float, amount: float) -> Term:
        """Give what an event pays or costs; at the step's start it is not discounted over it."""
        event, marks = self._named[row.way]
        factors: tuple[float, ...] = (float(self.v[k]), chance, amount)
        if self.brought is not None and event not in self.model.assumed.acts:
            factors = (chance, amount / float(self.brought[k]))
        return Term(kind, event, "", factors, marks)

    def _leading(self, row: Brought, k: int, chance: float, value: Floats) -> Term:
        """Give the value in the state to which an event leads."""
        event, marks = self._named[row.way]
        return replace(self._later("leads", row.target, k, chance, value), of=event, marks=marks)

    def _later(self, kind: str, target: int, k: int, chance: float, value: Floats) -> Term:
        """Give the value in a state one step later."""
        factors = (float(self.v[k]), chance, float(value[k + 1, target]))
        return Term(kind, "", self.model.states[target], factors)

    def _staying(self, k: int, state: int, value: Floats) -> Iterator[Term]:
        """Give the value one step later where nothing happens; clocks may lead to another state."""
        onward = self.model.onward[state]
        chance = float(self._laid.rates[0, k, self._laid.stay[state]])
        if chance:
            kind = "stays" if onward == state else "onward"
            yield self._later(kind, onward, k, chance, value)

    def _reached(self) -> npt.NDArray[np.bool_]:
        """Tell in which states the policy may be at each time: [time, state]."""
        there = np.zeros(self.plain.shape, np.bool_)
        there[0, 0] = True
        for k in range(self.last):
            rates = self._laid.rates[0, k]
            for row in self._rows:
                if there[k, row.source] and row.target != ENDED and rates[row.rate]:
                    there[k + 1, row.target] = True
            for state in np.flatnonzero(there[k]).tolist():
                if rates[self._laid.stay[state]]:
                    there[k + 1, self.model.onward[state]] = True
        return there


def _sum(terms: Iterator[Term]) -> float:
    total = 0.0
    for term in terms:
        total += term.amount
    return total
