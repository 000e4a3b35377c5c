"""What a model pays: with an event, or at due dates."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Payment:
    """What is paid at a step's end, [cell, step], in the product's currency.

    column   the cover, or `exclusion.line`
    amount   what is paid, with the step's interest where it falls at its start
    each     beside it, for each unit of premium paid so far, where premiums may be waived and those
             of one state have paid different numbers of them; else None
    """

    column: str
    amount: Floats
    each: Floats | None = None

    def grown(self, factor: Floats) -> "Payment":
        """Give so many times the payment: [step]."""
        each = None if self.each is None else self.each * factor[None, :]
        return Payment(self.column, self.amount * factor[None, :], each)


@dataclass(frozen=True)
class Flow:
    """What is paid at due dates to those who are in certain states, in the product's currency.

    column   the cover;  amount: [cell, step + 1], at each step's start and at the end
    states   for each state of the model, whether it is one in which this is paid
    """

    column: str
    amount: Floats
    states: tuple[bool, ...]


def due_in_first(flows: tuple[Flow, ...], shape: tuple[int, ...]) -> Floats:
    """Add up what falls due in the first state: [cell, step + 1], for a grid of that shape."""
    found = np.zeros((shape[0], shape[1] + 1))
    for flow in flows:
        if flow.states[0]:
            found = found + flow.amount
    return found
