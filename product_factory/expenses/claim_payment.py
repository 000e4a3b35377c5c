"""A share of what a claim pays: what it costs to settle."""

from product_factory.expenses.base import RATIO, ExpenseKind

CLAIM_PAYMENT = ExpenseKind(
    name="claim_payment",
    amount=RATIO,
    falls="claim",
    annual=False,
    says="a share of what a claim pays",
)
