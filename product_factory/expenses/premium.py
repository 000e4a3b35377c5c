"""A share of each premium that falls due: commissions, levies."""

from product_factory.expenses.base import RATIO, ExpenseKind

PREMIUM = ExpenseKind(
    name="premium",
    amount=RATIO,
    falls="premium",
    annual=True,
    says="a share of each premium",
)
