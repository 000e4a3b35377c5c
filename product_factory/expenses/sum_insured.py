"""A share of the sum insured when a policy year begins, of a contract in force."""

from product_factory.expenses.base import RATIO, ExpenseKind

SUM_INSURED = ExpenseKind(
    name="sum_insured",
    amount=RATIO,
    falls="year",
    annual=False,
    says="a share of the sum insured each year",
)
