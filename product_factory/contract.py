"""The names and shapes of what stands under `adjust`; kernels implement each, a test demands all.

A line takes what the lines above it left and keeps part of it. `deductible`, `limit`, `franchise`
and `corridor` are balances: claims of one event or date that meet at one share it in proportion to
what the lines above left. `per` says when a balance is renewed, `each: item` that every item has
one. A corridor is a deductible that begins above an amount. `share` and `average` act on each claim
alone.
"""

from enum import IntEnum


class Adjust(IntEnum):
    """Codes of the term operations; the number is what a kernel reads."""

    SHARE = 1
    AVERAGE = 2
    DEDUCTIBLE = 3
    FRANCHISE = 4
    LIMIT = 5
    CORRIDOR = 6


class Per(IntEnum):
    """When a balance is renewed."""

    CLAIM = 0
    EVENT = 1
    POLICY_YEAR = 2
    CONTRACT = 3


OPERATIONS = {
    "share": (Adjust.SHARE, "ratio"),
    "average": (Adjust.AVERAGE, "number"),
    "deductible": (Adjust.DEDUCTIBLE, "money"),
    "franchise": (Adjust.FRANCHISE, "money"),
    "corridor": (Adjust.CORRIDOR, "money"),
    "limit": (Adjust.LIMIT, "money"),
}
BALANCES = frozenset({"deductible", "franchise", "corridor", "limit"})
BEGINS_ABOVE = "corridor"
"""The one operation that begins above an amount, stated beside its value."""
PERIODS = {"claim": Per.CLAIM, "event": Per.EVENT, "policy_year": Per.POLICY_YEAR}
PERIODS |= {"contract": Per.CONTRACT}

# Names that a promise may read besides terms, marks and facts, with their types.
CLOSED_LIST = {
    "age": "age",
    "attained_age": "age",
    "policy_year": "years",
    "time_in_force": "time",
    "term": "years",
    "pay": "years",
    "premium": "money",
    "premiums_paid": "money",
    "sum_insured": "money",
    "value": "money",
    "cash_value": "money",
    "reserve": "money",
    "death_benefit": "money",
    "so_far": "money",
    "date": "date",
}
