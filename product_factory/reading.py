"""That one part of a product reads one dated parameter or table."""

from dataclasses import dataclass
from typing import Literal

from product_factory.errors import At


@dataclass(frozen=True, order=True)
class Reading:
    """One read.

    path     the part of the product that reads, such as `covers.death.terms.waiting`
    what     parameter or table
    name     the parameter's full name; `table`, `table.column` or `table.key` of a table
    at       where the name is written
    through  the names on the way from the part to it, none where the part itself names it
    """

    path: str
    what: Literal["parameter", "table"]
    name: str
    at: At
    through: tuple[str, ...] = ()
