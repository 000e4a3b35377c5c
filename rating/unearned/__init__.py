"""The kinds of unearned premium, by the word after `kind:`: the part of a premium still to come."""

from collections.abc import Callable
from datetime import date

from rating.unearned import days, half_months, months

Left = Callable[[date, date, date], tuple[int, int]]
"""First day, first day after the end, day → the part to come as numerator and denominator."""
UNEARNED: dict[str, Left] = {
    "unearned_days": days.left,
    "unearned_months": months.left,
    "unearned_half_months": half_months.left,
}

__all__ = ["UNEARNED", "Left"]
