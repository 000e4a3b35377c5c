"""Whom a product is sold to: generated from `portfolio.yaml`, or read from a book; priced by the tariff.

In use:
    generate(product)                     the product's own portfolio
    read_book(product, Path("book.csv"))  the rows of a file
"""

from sandbox.portfolio.book import read_book
from sandbox.portfolio.generate import generate
from sandbox.portfolio.portfolio import Portfolio
from sandbox.portfolio.specification import PORTFOLIO, Specification

__all__ = ["PORTFOLIO", "Portfolio", "Specification", "generate", "read_book"]
