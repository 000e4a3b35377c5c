"""What every kind of expense states."""

from dataclasses import dataclass
from typing import Literal

from product_factory.types import Type

MONEY, RATIO = Type("money"), Type("ratio")


@dataclass(frozen=True)
class ExpenseKind:
    """A kind of expense.

    name    the word after `per:`
    amount  the type of its amount: money, or a share of what it is measured by
    falls   when: at the start of each policy year or month in force, with each premium that falls
            due, or with each claim that no act of the policyholder asked for
    annual  whether a contract of a year knows it when it is sold
    says    what its amount is, in words;  joins: the kind with which it is added up, its own if ''
    """

    name: str
    amount: Type
    falls: Literal["year", "month", "premium", "claim"]
    annual: bool
    says: str
    joins: str = ""
