"""Premiums that do not fall due: for good since a payment waived them, or while a state lasts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Waived:
    """Which premiums of a policy are waived.

    since   the day after which none falls due, or None
    spells  first and last day of the due dates that are waived meanwhile; None: it still lasts
    """

    since: date | None = None
    spells: tuple[tuple[date, date | None], ...] = ()

    def last(self, day: date) -> date:
        """Give the day up to which premiums fall due, of those up to a day."""
        return day if self.since is None else min(day, self.since)

    def meanwhile(self, days: Iterable[date]) -> int:
        """Count the due dates of which the premium is waived while a state lasts."""
        return sum(
            any(first <= day and (last is None or day <= last) for first, last in self.spells)
            for day in days
        )


NONE_WAIVED = Waived()
