"""What may happen to a contract: dated events drawn near every day on which an answer changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from product_factory.declared import Mark
from product_factory.examples import ClaimEvent
from product_factory.module import ALIVE
from product_factory.numbers.dates import add_months
from product_factory.types import day_of, number
from rating.export.draws import Draws
from rating.payout import PayoutPlan

MOST_EVENTS = 6
MOST_DAYS, LEAST_AMOUNT = 730, 20.0
"""Constants of a product up to so many may be days, from so much on amounts of money."""
A_YEAR = 12
YEARS_AHEAD = 6
LONG_AHEAD = 60
USUAL, MOSTLY, SAME_DAY, SAME_EVENT = 0.5, 0.7, 0.18, 0.3
SINCE_START, SINCE_LAST, ANNIVERSARY, AT_END, FAR = 0.45, 0.62, 0.75, 0.83, 0.88
"""Up to which of [0, 1) the next day lies near each of these."""
MANY = 20
"""So many choices are names of one kind, of which none is the usual one."""


@dataclass(frozen=True)
class Grounds:
    """What draws of events go by, of one product.

    days     numbers that may be days of a waiting period, a gap, an elimination
    amounts  numbers that may be deductibles and limits
    heard    the events that some cover or exclusion answers
    """

    plan: PayoutPlan
    days: tuple[int, ...]
    amounts: tuple[float, ...]
    heard: tuple[str, ...]
    falls_due: bool

    @classmethod
    def of(cls, plan: PayoutPlan) -> "Grounds":
        """Gather the numbers of a product."""
        known = {float(one) for program in plan.programs for one in program.constants}
        known |= {float(one) for program in plan.programs for one in program.data}
        numbers = sorted(one for one in known if np.isfinite(one))
        heard = {event for entry in plan.entries for event in entry.events}
        return cls(
            plan=plan,
            days=tuple(int(one) for one in numbers if one == int(one) and 1 <= one <= MOST_DAYS),
            amounts=tuple(one for one in numbers if one >= LEAST_AMOUNT) or (1000.0,),
            heard=tuple(event for event in plan.events if event in heard),
            falls_due=any(
                cover.module.pays is not None and cover.module.pays.due is not None
                for cover in plan.product.covers.values()
            ),
        )


class Life:
    """One contract to which events happen, one after another."""

    def __init__(
        self,
        grounds: Grounds,
        draws: Draws,
        start: date,
        end: date | None,
        facts: Mapping[str, str],
        there: Sequence[str] = (),
    ) -> None:
        """Start where everyone starts.

        facts  amounts of money of the policy, item.name or name;  there: its items
        """
        self.grounds, self.draws, self.start, self.end = grounds, draws, start, end
        self.amounts = [*grounds.amounts, *(float(one) for one in facts.values())]
        self.product = grounds.plan.product
        self.items = tuple(dict.fromkeys(n.rpartition(".")[0] for n in facts if "." in n))
        self.there, self.met = there, ""
        self.states = {
            alias: next(iter(process.states))
            for alias, process in self.product.processes.items()
            if process.moves
        }

    def events(self) -> Iterator[ClaimEvent]:
        """Give events in order of date; after what ends a life there are few."""
        day, before = self.start, ""
        for _ in range(1 + self.draws.below(MOST_EVENTS)):
            day = self._next(day)
            if self.grounds.falls_due and self.draws.one() < SAME_DAY:
                yield ClaimEvent.model_construct(date=day, event=ALIVE, marks={})
                continue
            name = before if before and self.draws.one() < SAME_EVENT else self._event()
            alias, _, event = name.partition(".")
            process = self.product.processes[alias]
            said = process.events[event]
            if process.moves and self.states[alias] not in said.leaves:
                continue
            if said.each is not None and not self.there:
                continue
            if said.to is not None:
                self.states[alias] = said.to
            before = name
            item = self._item() if said.each is not None else None
            marks = self._marks(alias, day, item)
            yield ClaimEvent.model_construct(date=day, event=name, item=item, marks=marks)
            if said.ends == "life" and self.draws.one() < 1.0 - SAME_DAY:
                return

    def _item(self) -> str:
        """Give an item of the policy, often the one that was met before."""
        if not self.met or self.draws.one() >= USUAL:
            self.met = self.there[self.draws.below(len(self.there))]
        return self.met

    def _event(self) -> str:
        here = [
            name
            for name in self.grounds.plan.events
            if (process := self.product.processes[name.partition(".")[0]]).moves
            and self.states[name.partition(".")[0]] in process.events[name.partition(".")[2]].leaves
        ]
        likely = [*self.grounds.heard, *here, *here]
        known = (
            likely if likely and self.draws.one() < 1.0 - SAME_DAY / 2 else self.grounds.plan.events
        )
        return known[self.draws.below(len(known))]

    def _next(self, day: date) -> date:
        """Give a day not before another: the same, or one near which something changes."""
        draws, days = self.draws, self.grounds.days or (30,)
        found = day
        u = draws.one()
        beside = timedelta(days=draws.below(3) - 1)
        if u < SAME_DAY:
            return day
        if u < SINCE_START:
            found = self.start + timedelta(days=days[draws.below(len(days))]) + beside
        elif u < SINCE_LAST:
            found = day + timedelta(days=days[draws.below(len(days))]) + beside
        elif u < ANNIVERSARY:
            found = add_months(self.start, A_YEAR * (1 + draws.below(YEARS_AHEAD))) + beside
        elif u < AT_END and self.end is not None:
            found = self.end + beside
        elif u < FAR:
            found = add_months(self.start, draws.below(LONG_AHEAD * A_YEAR))
        if found <= day:
            found = day + timedelta(days=1 + draws.below(400))
        late = self.end is not None and found > self.end + timedelta(days=1)
        if late and self.end is not None and day < self.end and draws.one() < 1.0 - SAME_DAY / 2:
            found = day + timedelta(days=draws.below((self.end - day).days + 1))
        return found

    def _marks(self, alias: str, day: date, alone: str | None) -> dict[str, object]:
        found: dict[str, object] = {}
        marks = self.product.processes[alias].marks
        of_items = [name for name, mark in marks.items() if mark.each == "item"]
        stated = of_items[self.draws.below(len(of_items))] if of_items else ""
        hit = [item for item in self.items if self.draws.one() < MOSTLY] or list(self.items[:1])
        hit = hit if alone is None else [alone]
        for name, mark in marks.items():
            if mark.each == "item":
                if name == stated:
                    found[name] = {item: self._mark(mark, day) for item in hit}
            elif mark.computed is None or self.draws.one() < USUAL:
                found[name] = self._mark(mark, day)
        return found

    def _mark(self, mark: Mark, day: date) -> str:
        draws, kind = self.draws, mark.declared
        if kind.chosen:
            usual = draws.one() < MOSTLY and len(kind.of) <= MANY
            return kind.of[0 if usual else draws.below(len(kind.of))]
        if mark.type == "yes_no":
            return "yes" if draws.one() < USUAL else "no"
        if mark.type == "date":
            since = (day - self.start).days
            return (self.start + timedelta(days=draws.below(since + 1))).isoformat()
        if mark.type == "ratio":
            return number(round(draws.one(), 2))
        if mark.type == "money":
            return number(self._amount())
        return number(float(1 + draws.below(70)))

    def _amount(self) -> float:
        draws = self.draws
        amount = self.amounts[draws.below(len(self.amounts))]
        u = draws.one()
        if u < SAME_EVENT:
            return amount
        if u < USUAL:
            return max(amount - 0.01, 0.0)
        return round(amount * float(10.0 ** round(draws.one() - 0.5, 3)), 2)


def starts(on: date, draws: Draws) -> date:
    """Give a day on which a contract may start: month ends and 29 February among them."""
    usual = (on, date(on.year + 1, 1, 31), date(2028, 2, 29), date(on.year, 12, 31))
    if draws.one() < USUAL:
        return usual[draws.below(len(usual))]
    return max(on, on + timedelta(days=draws.below(700)))


def stated(mark: Mark, value: float) -> str:
    """Write the value of a mark as an export gives it."""
    kind = mark.declared
    if kind.chosen:
        return kind.of[int(value)]
    if mark.type == "yes_no":
        return "yes" if value else "no"
    return day_of(value).isoformat() if mark.type == "date" else number(value)
