"""An amount for each claim that is paid, whatever it pays."""

from product_factory.expenses.base import MONEY, ExpenseKind

CLAIM = ExpenseKind(
    name="claim",
    amount=MONEY,
    falls="claim",
    annual=False,
    says="money a claim",
)
