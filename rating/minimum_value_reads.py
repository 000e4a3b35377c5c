"""What the minimum cash value reads by its own names, told without the engine that computes it."""

from collections.abc import Iterator

from product_factory.assembled import AssembledProduct
from product_factory.errors import At
from product_factory.reading import Reading

MARGIN = "cn.life.minimum_value_interest"
SHARE = "cn.life.minimum_value_share"
YEARS = "cn.life.minimum_value_years"
LOADINGS = "minimum_value_loading"


def minimum_value_readings(product: AssembledProduct) -> Iterator[Reading]:
    """Give what the rule's computation reads of a product that is judged by it."""
    declared = product.product
    individual = declared.line == "life" and declared.sold_to == "individual"
    if not individual or "cash_value" not in declared.values:
        return
    at = At("rating/minimum_value.py")
    for name in (MARGIN, SHARE, YEARS):
        if name in product.parameters:
            yield Reading("rules.minimum_cash_value", "parameter", name, at)
    if LOADINGS in product.tables:
        yield Reading("rules.minimum_cash_value", "table", LOADINGS, at)
