"""The products that ship, assembled as the command line does."""

from functools import cache

import cli
from product_factory.assemble import assemble
from product_factory.assembled import AssembledProduct
from product_factory.shelf import installed, open_shelf

PRODUCTS = ("home", "million_medical", "term_life")


@cache
def shipped(name: str) -> AssembledProduct:
    """Assemble a product of the shelf once for all tests."""
    return assemble(open_shelf(installed()), name, cli.language())
