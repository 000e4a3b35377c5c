"""The plain kernels that pay claims, compiled: the same source, so the same cents."""

import numpy as np
import numpy.typing as npt

from rating.kernels import account as account_file
from rating.kernels import effects, scalar, settle, terms
from rating.kernels import emanuel as emanuel_file
from rating.kernels.account import Account
from rating.kernels.jit import borrower, kernel, register_module
from rating.kernels.settle import Claims, Plan

for _module in (terms, scalar, account_file, effects, emanuel_file):
    register_module(_module.__name__)
register_module(settle.__name__)

Floats = npt.NDArray[np.float64]

_settle_in = borrower(settle.settle_in)


@kernel
def settle_compiled(
    plan: Plan,
    claims: Claims,
    account: Account,
    registers: Floats,
    amount: Floats,
    trace: Floats,
) -> int:
    """Pay the events of one date; see `rating.kernels.settle.settle`."""
    passing = np.empty((amount.size, 2), dtype=np.int64)
    return _settle_in(plan, claims, account, registers, amount, trace, passing)
