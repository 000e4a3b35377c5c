"""An amount for each contract in force when a policy year begins."""

from product_factory.expenses.base import MONEY, ExpenseKind

POLICY = ExpenseKind(
    name="policy",
    amount=MONEY,
    falls="year",
    annual=True,
    says="money a policy and year",
)
