"""The products of the shelf, with small portfolios of their own."""

from functools import cache

from product_factory.nodes import read_nodes
from product_factory.strict import read_as
from sandbox.portfolio.generate import generate
from sandbox.portfolio.portfolio import Portfolio
from tests.the_shelf import shipped as product


@cache
def small(name: str, policies: int = 300) -> Portfolio:
    return generate(product(name), policies=policies)


def written(adapter, text):
    return read_as(adapter, read_nodes(text, "file.yaml"))
