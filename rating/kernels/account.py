"""What a contract carries from one date to the next, and how it is opened."""

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from rating.kernels.settle import Plan

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
PASSED = 1e300
"""As much of a deductible or corridor as has come when nothing of it is left."""


class Account(NamedTuple):
    """What a contract carries from one date to the next; settling changes it.

    used     [stage, item + 1] what is used up of yearly and contract balances
    met      [entry, choice] 1 where the entry has paid for this choice of its `once`
    alive    [entry] 1 while the cover lasts
    paid     [entry] how many events it has paid;  last: the day of the last one, NaN for none
    reduced  [item + 1] what the sum insured is less by
    due      [effect, item + 1] the day on which a restoration falls, NaN for none
    waived   [1] the day from which premiums are waived, NaN for none
    """

    used: Floats
    alive: Integers
    paid: Integers
    last: Floats
    reduced: Floats
    due: Floats
    waived: Floats
    met: Integers


def open_account(plan: "Plan", items: int) -> Account:
    """Give the account of a new contract with so many items."""
    entries = plan.ends.size
    return Account(
        np.zeros((plan.stages.shape[0], items + 1)),
        np.ones(entries, dtype=np.int64),
        np.zeros(entries, dtype=np.int64),
        np.full(entries, math.nan),
        np.zeros(items + 1),
        np.full((plan.effects.shape[0], items + 1), math.nan),
        np.full(1, math.nan),
        np.zeros(plan.listed.shape, dtype=np.int64),
    )


def reopen(account: Account) -> None:
    """Make an account that of a new contract again."""
    account.used[:] = 0.0
    account.alive[:] = 1
    account.paid[:] = 0
    account.last[:] = math.nan
    account.reduced[:] = 0.0
    account.due[:] = math.nan
    account.waived[:] = math.nan
    account.met[:] = 0
