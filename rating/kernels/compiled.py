"""The plain kernels that pay claims, compiled: the same source, so the same cents."""

from rating.kernels import account as account_file
from rating.kernels import effects, scalar, settle, terms
from rating.kernels import emanuel as emanuel_file
from rating.kernels.jit import borrower, register_module

for _module in (terms, scalar, account_file, effects, emanuel_file):
    register_module(_module.__name__)
register_module(settle.__name__)

settle_compiled = borrower(settle.settle_in)
"""Pays the events of one date, see `rating.kernels.settle.settle_in`."""
reopen = borrower(account_file.reopen)
"""Makes an account that of a new contract again."""
