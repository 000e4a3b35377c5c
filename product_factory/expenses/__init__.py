"""The kinds of expenses, by the word that stands after `per:`; every use of expenses reads them."""

from product_factory.expenses.base import ExpenseKind
from product_factory.expenses.claim import CLAIM
from product_factory.expenses.claim_payment import CLAIM_PAYMENT
from product_factory.expenses.policy import POLICY
from product_factory.expenses.policy_month import POLICY_MONTH
from product_factory.expenses.premium import PREMIUM
from product_factory.expenses.sum_insured import SUM_INSURED

EXPENSES: dict[str, ExpenseKind] = {
    kind.name: kind for kind in (POLICY, POLICY_MONTH, PREMIUM, SUM_INSURED, CLAIM, CLAIM_PAYMENT)
}
