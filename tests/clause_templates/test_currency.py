"""The wording prints the currency of money that is not in the product's."""

from decimal import Decimal

import pytest

from clause_templates.facts import Fact
from clause_templates.formats import show
from product_factory.errors import At


@pytest.mark.parametrize(("currency", "printed"), [("", "1万元"), ("USD", "10,000 USD")])
def test_money_of_another_currency_is_printed_with_its_code(currency, printed):
    fact = Fact("care.cap", "money", Decimal(10000), At("x"), currency=currency)
    assert show(fact, "money_cn", "zh", {}, At("x")) == printed
