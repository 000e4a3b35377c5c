"""The products of the shelf, assembled once, with small portfolios of their own."""

from functools import cache

from cli import language
from product_factory.assemble import assemble
from product_factory.assembled import AssembledProduct
from product_factory.nodes import read_nodes
from product_factory.shelf import installed, open_shelf
from product_factory.strict import read_as
from sandbox.portfolio.generate import generate
from sandbox.portfolio.portfolio import Portfolio


@cache
def product(name: str) -> AssembledProduct:
    return assemble(open_shelf(installed()), name, language())


@cache
def small(name: str, policies: int = 300) -> Portfolio:
    return generate(product(name), policies=policies)


def written(adapter, text):
    return read_as(adapter, read_nodes(text, "file.yaml"))
