"""The loss table that reinsurance leaves."""

from dataclasses import replace

import numpy as np

from product_factory.errors import BadValue, either
from sandbox.loss_table import LossTable
from sandbox.reinsurance.settlement import Settlement

_AGREE = 1e-9
"""Relative: the same payouts, added by cover here and in order of time there."""


def net_table(table: LossTable, settlement: Settlement, reinsured: tuple[str, ...]) -> LossTable:
    """Give the table with the columns `reinsured` replaced by one column `net of reinsurance`.

    Premium is less what contracts cost, reinstatements included, and expenses are less
    commissions; contracts that state no premium cost nothing. `largest_event` becomes the
    largest net event of the reinsured covers; segments and sizes of claims are dropped, since a
    recovery belongs to none. BadValue where a column is unknown or the settlement's gross is not
    what these columns hold.
    """
    unknown = [name for name in reinsured if name not in table.columns]
    if unknown:
        expected = either(table.columns)
        msg = f"reinsured covers: expected some of {expected}, got '{unknown[0]}'"
        raise BadValue(msg)
    if len(settlement.gross) != table.years:
        msg = f"a settlement: expected {table.years} years, got {len(settlement.gross)}"
        raise BadValue(msg)
    held = np.zeros(table.years)
    for name in reinsured:
        held += table.paid[:, table.columns.index(name)]
    if not np.allclose(held, settlement.gross, rtol=_AGREE, atol=0.0):
        row = int(np.argmax(np.abs(held - settlement.gross)))
        msg = f"year {row}: expected gross {held[row]} of the covers, got {settlement.gross[row]}"
        raise BadValue(msg)
    kept = [index for index, name in enumerate(table.columns) if name not in reinsured]
    return replace(
        table,
        columns=(*(table.columns[index] for index in kept), "net of reinsurance"),
        premium=table.premium - settlement.ceded_premium(),
        expenses=None if table.expenses is None else table.expenses - settlement.commissions(),
        paid=np.column_stack([*(table.paid[:, index] for index in kept), settlement.net]),
        largest_event=settlement.net_largest,
        by_segment={},
        largest_claim=None,
        sizes=None,
    )
