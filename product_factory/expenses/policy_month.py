"""An amount for each contract in force when a month begins; a grid of years sees twelve at once."""

from product_factory.expenses.base import MONEY, ExpenseKind

POLICY_MONTH = ExpenseKind(
    name="policy_month",
    amount=MONEY,
    falls="month",
    annual=False,
    says="money a policy and month",
    joins="policy",
)
