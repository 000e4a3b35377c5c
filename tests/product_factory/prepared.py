"""Everything that may complain of a product before it is used: assembly, engine, claims."""

from pathlib import Path

import numpy as np

from product_factory.assemble import assemble
from product_factory.shelf import open_shelf
from rating import payout
from rating.engines.multistate import Cells, gross_premium, model
from tests.product_factory.shelves import LANGUAGE


def prepare(root: Path, name: str) -> None:
    """Assemble a product, price two risks if it is long-term, and bind its claims."""
    product = assemble(open_shelf(root), name, LANGUAGE)
    if product.long_term and product.bases:
        columns = {"age": [30, 59], "sex": [0, 1], "term": [0, 1], "pay": [1, 2]}
        columns["sum_insured"] = [100_000, 1_000_000]
        cells = Cells({key: np.array(column, np.float64) for key, column in columns.items()})
        gross_premium(model(product, next(iter(product.bases.values())), cells))
    payout.bind(product)
