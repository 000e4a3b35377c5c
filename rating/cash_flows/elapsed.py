"""How many policy years of a contract in force are over: a column of books."""

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from product_factory.assembled import AssembledProduct
from product_factory.errors import At
from product_factory.types import Type
from rating.book.columns import read_column, required, wrong_rows
from rating.book.rejects import Reject
from rating.engines.multistate.grid import ELAPSED, LIFE, LONGEST, Cells, once
from rating.variable import VariableReader

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
READER = VariableReader(ELAPSED, Type("integer"), 0.0, float(LONGEST - 1), np.nan, At(""))


def read_elapsed(column: pa.Array, numbers: Integers) -> tuple[Integers, list[Reject]]:
    """Read the column: [row], 0 where a row is rejected. numbers: of the rows."""
    found = read_column(READER, column)
    wrong = [*wrong_rows(READER, found, numbers), *required(READER, found.absent, numbers)]
    good = ~found.absent
    good[list(found.wrong)] = False
    return np.where(good, found.values, 0.0).astype(np.int64), wrong


def ended(
    product: AssembledProduct, columns: Mapping[str, Floats], elapsed: Integers, numbers: Integers
) -> tuple[Reject, ...]:
    """Reject rows of which no policy year is left; the end of a contract for life says its basis.

    columns  variable → [row], encoded;  numbers: of the rows
    """
    if product.product.contract.term == LIFE:
        return ()
    term = once(product, Cells(columns), "term")
    rows = np.flatnonzero(elapsed >= term).tolist()
    return tuple(_none_left(int(numbers[row]), int(elapsed[row]), float(term[row])) for row in rows)


def _none_left(row: int, elapsed: int, term: float) -> Reject:
    expected, got = f"less than {term:g}, the term", f"{elapsed}"
    said = f"应小于 {term:g}（保险期间），实为 {got}"
    nearest = str(math.ceil(term) - 1)
    return Reject(row, ELAPSED, got, f"expected {expected}, got {got}", expected, nearest, said)
