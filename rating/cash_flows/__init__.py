"""Projected cash flows under lifelib's names: of one point, of a portfolio, of a book.

In use:
    found = project_points(product, "best_estimate", [points])      sums, present values
    found = project_book(product, "best_estimate", path, by="point", out=target)
"""

from rating.cash_flows.points import Points
from rating.cash_flows.run import Projected, project_book, project_points

__all__ = ["Points", "Projected", "project_book", "project_points"]
