"""Whom a product is sold to: generated from `portfolio.yaml`, or read from a book; then priced.

In use:
    from sandbox.portfolio import PORTFOLIO                    reads portfolio.yaml; no numba
    from sandbox.portfolio.generate import generate            the product's own portfolio
    from sandbox.portfolio.book import read_book               the rows of a file
"""

from sandbox.portfolio.specification import PORTFOLIO, Specification

__all__ = ["PORTFOLIO", "Specification"]
