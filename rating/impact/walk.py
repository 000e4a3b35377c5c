"""From the old premium to the new one, a change at a time; the parts add up exactly."""

import numpy as np

from product_factory.diff.change import Change
from product_factory.diff.told import cut, moved
from rating.impact.chain import Chain
from rating.impact.money import Money
from rating.impact.result import Step
from rating.impact.side import Reading, Side
from rating.impact.sums import Both, ratio, total

LONG = 60
"""How many characters of a value are told."""


class Walk:
    """Rates every block under each tariff of the chain but the first and the last.

    A row without a premium in between keeps the one that it had: what it moves by counts for the
    change that gives it a premium again, so that the parts of each row add up too.
    """

    def __init__(self, chain: Chain, money: Money, threads: int) -> None:
        self._chain = chain
        self._money = money
        self._between = [Side(link.plan, money, threads) for link in chain.links[:-1]]
        size = len(chain.links)
        self._amounts = [0] * size
        self._moved = np.zeros(size, dtype=np.int64)
        self._flips = np.zeros(size, dtype=np.int64)
        self._waiting = np.zeros(size, dtype=np.int64)

    def add(self, told: Both, reading: Reading) -> None:
        """Add a block."""
        both = told.rated
        paid, outcome = told.old, told.before.outcome
        for place in range(len(self._chain.links)):
            last = place == len(self._between)
            found = told.after if last else reading.judged(self._between[place])
            after = np.where(found.rated, found.units, paid)
            step = (after - paid)[both]
            self._amounts[place] += total(step)
            self._moved[place] += int((step != 0).sum())
            self._flips[place] += int((found.outcome != outcome).sum())
            self._waiting[place] += int((both & ~found.rated).sum())
            paid, outcome = after, found.outcome

    def steps(self, old: int) -> tuple[Step, ...]:
        """Give the changes in order. old: units of the premium before all of them."""
        return tuple(
            Step(
                parts=tuple(unit.part for unit in link.units) or (link.name,),
                needs=link.needs,
                changes=tuple(told(change) for unit in link.units for change in unit.changes),
                policies=int(self._moved[place]),
                flips=int(self._flips[place]),
                amount=self._money.amount(self._amounts[place]),
                ratio=ratio(self._amounts[place], old),
                waiting=int(self._waiting[place]),
            )
            for place, link in enumerate(self._chain.links)
        )


def told(change: Change) -> str:
    """Tell a value that differs in a line."""
    if change.moves is not None:
        return f"{change.path}: {moved(change.moves)}"
    if change.how == "changed":
        return f"{change.path}: {cut(change.old, LONG)} → {cut(change.new, LONG)}"
    return f"{change.path}: {change.how}"
