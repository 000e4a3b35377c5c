"""The year of a policy, cut where a waiting period ends: within a phase all days are alike."""

import itertools
from dataclasses import dataclass

import numpy as np

from rating.engines.collective.annual import AnnualModel
from rating.engines.collective.events import contract
from rating.engines.collective.queue import Queue
from rating.kernels import settle as k
from rating.payout import CONTEXT

DAYS = 365
"""Days of a year, as the simulation counts them."""


@dataclass(frozen=True)
class Phase:
    """The days first … last - 1 of the year, counted from 0.

    begins  days of the contract before the year
    whole   days of the year on which the policy is on risk
    """

    first: int
    last: int
    begins: float = 0.0
    whole: int = DAYS

    @property
    def share(self) -> float:
        """How much of the time on risk it is."""
        return (self.last - self.first) / self.whole

    def enter(self, claims: k.Claims) -> None:
        """Let an event happen in this phase; the contract began on day 0."""
        _on_day(claims, self.begins + self.first)


def phases(model: AnnualModel, queue: Queue, cell: int) -> tuple[Phase, ...]:
    """Cut a policy's time on risk where a waiting period of the queue's covers ends."""
    plan = model.payout.arrays
    claims = contract(model, cell, queue.process.event)
    registers = np.zeros(plan.registers.shape[1])
    begins = float(claims.context[0, CONTEXT.index("date")])
    waiting = [entry for entry in queue.entries if plan.parts[entry, k.WAITS, 2] >= 0]
    opens, closes = (int(days[cell]) for days in model.cells.days)
    inside: list[tuple[bool, ...]] = []
    for day in range(opens, closes):
        _on_day(claims, begins + day)
        claims.marks[:] = np.nan
        k.compute_marks(plan, claims, 0, registers)
        row: list[bool] = []
        for entry in waiting:
            k.fill(plan, claims, 0, entry, -1, registers)
            row.append(k.evaluate(plan, entry, k.WAITS, registers) == 1.0)
        inside.append(tuple(row))
    pairs = enumerate(itertools.pairwise(inside), opens + 1)
    cuts = [day for day, (before, after) in pairs if after != before]
    ends = itertools.pairwise([opens, *cuts, closes])
    return tuple(Phase(first, last, begins, closes - opens) for first, last in ends)


def _on_day(claims: k.Claims, day: float) -> None:
    for name in ("date", "time_in_force.days"):
        claims.context[0, CONTEXT.index(name)] = day
