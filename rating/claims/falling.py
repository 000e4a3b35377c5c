"""What falls due on one policy: the payments at due dates of every cover, between two days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from product_factory.module import ALIVE
from rating.claims.instalments import Instalment, Payments, Schedule
from rating.claims.of_lives import LifeSchedule, unpaid
from rating.claims.policy import Policy
from rating.claims.settlement import Answer, EventSettled
from rating.claims.stays import A_DAY, Stay, StaySchedule
from rating.claims.waived import Waived


@dataclass(frozen=True)
class Schedules:
    """The payments at due dates of a policy: while the insured lives, and while a state lasts."""

    policy: Policy
    living: tuple[Schedule, ...] = ()
    staying: tuple[StaySchedule | LifeSchedule, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self.living or self.staying)

    def waived(self, since: date | None, stays: tuple[Stay, ...]) -> Waived:
        """Give the premiums that are waived, those for good after a day."""
        spells = [spell for one in self.staying for spell in one.spells(stays)]
        spells += unpaid(self.policy, stays)
        return Waived(since, tuple(sorted(spells, key=lambda spell: spell[0])))

    def fallen_due(
        self, after: date | None, last: date, waived: Waived, stays: tuple[Stay, ...]
    ) -> Iterator[EventSettled]:
        """Settle what fell due after a day, up to and including another, by date.

        after  None: from the start on
        """
        listed: list[tuple[Payments, Instalment]] = []
        for living in self.living:
            fell = (one for one in living.all(last) if after is None or one.day > after)
            listed += [(living, one) for one in fell]
        for staying in self.staying:
            listed += [(staying, one) for one in staying.falling(after, last, stays)]
        return _settled(listed, waived)

    def on_entry(
        self, day: date, waived: Waived, stays: tuple[Stay, ...]
    ) -> Iterator[EventSettled]:
        """Settle what falls due on the very day on which a state is entered."""
        return _settled(
            [
                (staying, one)
                for staying in self.staying
                if isinstance(staying, StaySchedule)
                for one in staying.falling(day - A_DAY, day, stays, entered=day)
            ],
            waived,
        )


def schedules(policy: Policy) -> Schedules:
    """Bind the payments at due dates of every cover. Raises BadInput as they do."""
    living: list[Schedule] = []
    staying: list[StaySchedule | LifeSchedule] = []
    for cover in policy.product.covers.values():
        pays = cover.module.pays
        if pays is not None and pays.due is not None:
            if pays.during is None or pays.during == ALIVE:
                living.append(Schedule(policy, cover, pays, pays.due))
            elif policy.product.processes[pays.during.partition(".")[0]].from_the_start:
                staying.append(LifeSchedule(policy, cover, pays, pays.due))
            else:
                staying.append(StaySchedule(policy, cover, pays, pays.due))
    return Schedules(policy, tuple(living), tuple(staying))


def _settled(listed: list[tuple[Payments, Instalment]], waived: Waived) -> Iterator[EventSettled]:
    found: dict[tuple[date, str], list[Answer]] = {}
    years: dict[tuple[date, str], int] = {}
    for payments, one in listed:
        answer = payments.answer(one, waived)
        if answer.outcome == "paid":  # what its condition keeps away does not fall due
            key = (one.day, str(payments.pays.during))
            found.setdefault(key, []).append(answer)
            years[key] = one.year
    for key in sorted(found):
        day, during = key
        yield EventSettled(day, during, (), "settled", years[key], tuple(found[key]), due=True)
