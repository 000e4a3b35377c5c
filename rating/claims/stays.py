"""Where a life is in the processes of transitions, and what falls due while a stay lasts.

A stay begins on the day of the event that leads into the state, its elimination runs from that day
in days, and its periods begin when the elimination is over; those of a relapse, soon after a stay
whose periods had begun, on its own first day. An instalment is paid to those who are
in the state when its day begins: who recovers or dies on the due date has been paid, who does so
the day before has not. A premium is waived by the same rule, where periods have begun.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from product_factory.assembled import AssembledProduct, Cover
from product_factory.due import YEAR, Due
from product_factory.errors import BadInput
from product_factory.examples import ClaimEvent
from product_factory.module import Pays
from product_factory.numbers.dates import add_months, policy_year
from product_factory.promise import DAYS, YEARS
from rating.claims.instalments import Instalment, Payments
from rating.claims.policy import Policy

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stay:
    """A stay in a state of a process, `process.state`; left: None while it lasts."""

    state: str
    entered: date
    left: date | None = None


def first_stays(policy: Policy) -> tuple[Stay, ...]:
    """Give the states in which everyone starts."""
    return tuple(
        Stay(f"{alias}.{next(iter(process.states))}", policy.start)
        for alias, process in policy.product.processes.items()
        if process.moves
    )


def moved(
    product: AssembledProduct, stays: tuple[Stay, ...], happened: ClaimEvent, path: str
) -> tuple[Stay, ...]:
    """Give the stays after an event.

    Raises BadInput for an event that leads from none of the states in which the life is.
    """
    alias, _, name = happened.event.partition(".")
    process = product.processes[alias]
    if not process.moves:
        return stays
    event = process.events[name]
    place = next(
        n
        for n, stay in enumerate(stays)
        if stay.left is None and stay.state.startswith(f"{alias}.")
    )
    now = stays[place].state.removeprefix(f"{alias}.")
    if now not in event.leaves:
        leaves = " or ".join(f"'{state}'" for state in event.leaves)
        text = f"'{happened.event}' leads from {leaves}, and the life is in '{now}' on that day"
        raise BadInput.one(happened.place("event"), f"{path}.event", text)
    left = replace(stays[place], left=happened.date)
    found = (*stays[:place], left, *stays[place + 1 :])
    return found if event.to is None else (*found, Stay(f"{alias}.{event.to}", happened.date))


def closed(stays: tuple[Stay, ...], day: date) -> tuple[Stay, ...]:
    """Give the stays of a contract that is over since a day."""
    return tuple(replace(stay, left=day) if stay.left is None else stay for stay in stays)


class StaySchedule(Payments):
    """The payments of one cover on one policy while a state lasts that one may enter."""

    def __init__(self, policy: Policy, cover: Cover, pays: Pays, due: Due) -> None:
        """Bind amounts and times. Raises BadInput for a time before the start."""
        super().__init__(policy, cover, pays, due)
        self.months = self._every(due)
        self.elimination = self.relapse = timedelta(days=0)
        if due.elimination is not None:
            self.elimination = timedelta(days=round(self._value(due.elimination, DAYS)))
        if due.relapse is not None:
            self.relapse = timedelta(days=round(self._value(due.relapse, DAYS)))
        self.most = None if due.most is None else round(self._value(due.most, YEARS) * YEAR)
        self.end = policy.end
        if due.until is not None:
            until = add_months(policy.start, self._months("until", due.until))
            self.end = until if self.end is None else min(self.end, until)

    def falling(
        self,
        after: date | None,
        last: date,
        stays: tuple[Stay, ...],
        entered: date | None = None,
    ) -> Iterator[Instalment]:
        """List the payments that fall due after a day, up to and including another.

        entered  of stays that began on that day only
        """
        for stay, begins in self._begun(stays):
            if entered is not None and stay.entered != entered:
                continue
            for day in self._days(stay, begins, last):
                if after is None or after < day:
                    yield Instalment(day, self._year(day))

    def spells(self, stays: tuple[Stay, ...]) -> Iterator[tuple[date, date | None]]:
        """Give the first and last day of the premiums that each stay waives."""
        if self.pays.then is None or self.pays.then.waives is None:
            return
        for stay, begins in self._begun(stays):
            first, over = max(begins, stay.entered + A_DAY), self._over(begins)
            ends = [day for day in (stay.left, over and over - A_DAY) if day is not None]
            last = min(ends, default=None)
            if last is None or first <= last:
                yield first, last

    def _begun(self, stays: tuple[Stay, ...]) -> Iterator[tuple[Stay, date]]:
        """Give the stays in the state with the day on which the periods of each begin."""
        spared_before = None
        for stay in stays:
            if stay.state != self.pays.during:
                continue
            begins = stay.entered + self.elimination
            if spared_before is not None and stay.entered < spared_before:
                begins = stay.entered
            yield stay, begins
            if stay.left is not None:
                spared_before = stay.left + self.relapse if begins <= stay.left else None

    def _over(self, begins: date) -> date | None:
        return None if self.most is None else add_months(begins, self.most)

    def _days(self, stay: Stay, begins: date, last: date) -> Iterator[date]:
        """List the due dates of a stay up to a day."""
        advance = self.due.in_advance
        most = min([day for day in (last, stay.left) if day is not None])
        ends = [day for day in (self.end, self._over(begins)) if day is not None]
        number = 0 if advance else 1
        while (day := add_months(begins, number * self.months)) <= most:
            if any(day >= end if advance else day > end for end in ends):
                return
            yield day
            number += 1

    def _year(self, day: date) -> int:
        """Give the policy year of the period of the payment of a day."""
        of = day if self.due.in_advance else max(day - A_DAY, self.policy.start)
        return policy_year(self.policy.start, of)
