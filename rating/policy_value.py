"""What one policy is worth on a day: cash value, unearned premium, what a refund would be.

Between anniversaries the cash value runs on a straight line from one year's end, less what fell due
that day, to the next, 0 at the start; a surrender is paid that of the year's end, since the premium
of the year is paid. The unearned premium is the last premium's share of the days until the next one
falls due; a contract of a year or less returns it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadValue
from product_factory.modes import times
from product_factory.numbers.dates import (
    MONTHS_IN_YEAR,
    add_months,
    anniversary,
    days_between,
    due_so_far,
    policy_year,
)
from product_factory.numbers.rounding import round_half_up
from rating.encode import encode, readers
from rating.engines.multistate.grid import Cells, once
from rating.engines.multistate.unknowns import Contract
from rating.plan import bind
from rating.quote import quote


@dataclass(frozen=True)
class PolicyValue:
    """The values of a policy on a day, in the product's currency.

    cash_value  None for a contract that has none;  loan: the most that may be lent on it
    """

    day: date
    policy_year: int
    premium: float
    premiums_paid: float
    unearned: float
    cash_value: float | None
    at_year_end: float | None
    loan: float | None

    @property
    def refund(self) -> float:
        """What ending the contract on that day pays back, as wording and claims have it."""
        return self.unearned if self.at_year_end is None else self.at_year_end


CENTS = 100.0
LOAN = "cn.life.policy_loan_share"


def policy_value(
    product: AssembledProduct, given: Mapping[str, object], start: date, day: date
) -> PolicyValue:
    """Value a policy that claimed nothing. Raises BadValue for a day outside of its term."""
    premium = quote(bind(product), given).premium
    risk = encode(readers(product), given)
    cells = Cells({name: risk.columns[name] for name in product.variables})
    if day < start:
        raise BadValue(f"expected a day from the start {start} on, got {day}")
    year = policy_year(start, day)
    since, until = anniversary(start, year - 1), anniversary(start, year)
    gone = days_between(since, day) / days_between(since, until)
    pay = 1.0
    if product.long_term and product.product.contract.pay != "life":
        pay = float(once(product, cells, "pay")[0])
    elif product.long_term:
        pay = float("inf")
    often = int(times(product, cells.columns, 1)[0])
    fallen = due_so_far(start, day, often)
    paid = premium * min(float(fallen), pay * often)
    unearned = premium * (1.0 - _gone(start, day, fallen, often)) if fallen <= pay * often else 0.0
    cash = end = loan = None
    if product.long_term and "cash_value" in product.product.values:
        contract = Contract(product, cells)
        values = contract.values_at_premium(np.array([premium]))[0]
        term = int(contract.of_values.assumed.grid.term[0])
        if year > term:
            raise BadValue(f"expected a day within the term of {term} years, got {day}")
        due = contract.falls_due(np.array([premium]))[0]
        before = float(values[year - 2] - due[year - 2]) if year > 1 else 0.0
        end = float(values[year - 1])
        cash = before + gone * (end - before)
        share = product.parameters.get(LOAN)
        if share is not None and isinstance(share.value, float):
            loan = share.value * cash
    elif year > 1:
        raise BadValue(f"expected a day within the year from {start} on, got {day}")
    return PolicyValue(day, year, premium, paid, unearned, cash, end, loan)


def _gone(start: date, day: date, fallen: int, often: int) -> float:
    """Give the share of the time that the last premium is for that has gone by."""
    months = MONTHS_IN_YEAR // often
    since, until = add_months(start, (fallen - 1) * months), add_months(start, fallen * months)
    return days_between(since, day) / days_between(since, until)


def value_told(found: PolicyValue) -> dict[str, object]:
    """Give the values as plain values for JSON, to the cent."""
    amounts = {
        "premium": found.premium,
        "premiums_paid": found.premiums_paid,
        "unearned": found.unearned,
        "cash_value": found.cash_value,
        "cash_value_at_year_end": found.at_year_end,
        "policy_loan_most": found.loan,
        "refund": found.refund,
    }
    told: dict[str, object] = {"on": found.day.isoformat(), "policy_year": found.policy_year}
    return told | {
        name: None if amount is None else f"{round_half_up(amount, 1, CENTS):.2f}"
        for name, amount in amounts.items()
    }


def value_lines(found: PolicyValue) -> list[str]:
    """Give the values as lines."""
    told = value_told(found)
    return [
        f"{name.replace('_', ' '):<24} {text}" for name, text in told.items() if text is not None
    ]
