"""A module in use and the product's currency: neither takes the other's amounts for its own."""

from collections.abc import Iterator

from product_factory.currency import CODES
from product_factory.errors import Problem
from product_factory.expressions.tree import Number
from product_factory.module import Module
from product_factory.product import Product, Use


def foreign(product: Product, use: Use, module: Module, path: str) -> Iterator[Problem]:
    """Give a problem at the use for each amount of the module in another currency.

    A module that states a currency has its bare amounts in it; one that states none has them in
    the currency of whichever product uses it.
    """
    home, where = product.currency, product.place("currency")
    if module.currency not in (None, home):
        text = f"{module.module} is in {module.currency} ({module.place('currency')}) and the"
        text += f" product in {home} ({where}); use a module in {home} or one without a currency"
        yield Problem(use.at, path, text)
        return
    for name, term in module.terms.items():
        written = term.default
        if term.type != "money" or name in use.set or not isinstance(written, Number):
            continue
        stated = term.declared.currency or home
        if written.unit in CODES and written.unit != stated:
            text = f"the term '{name}' of {module.module} is {written.text} ({written.at}) and the"
            text += f" product in {home} ({where}); set it in {home}, or convert it by a rate,"
            text += f" a number with unit: {home}/{written.unit}"
            yield Problem(use.at, f"{path}.set.{name}", text)
