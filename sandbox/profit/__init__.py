"""Profit tests of a product, as it is and with one assumption moved at a time.

In use:
    found = profit_of(product, portfolio)       base, sensitivities, what needs lapses
"""

from sandbox.profit.sensitivity import MOVES, ProfitTable, insured, profit_of
from sandbox.profit.told import profit_lines, profit_told

__all__ = ["MOVES", "ProfitTable", "insured", "profit_lines", "profit_of", "profit_told"]
