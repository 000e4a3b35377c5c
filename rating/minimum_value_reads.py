"""What the minimum cash value reads by its own names, told without the engine that computes it."""

from collections.abc import Iterator
from dataclasses import dataclass

from product_factory.assembled import AssembledProduct
from product_factory.errors import At
from product_factory.reading import Reading

MARGIN = "cn.life.minimum_value_interest"
SHARE = "cn.life.minimum_value_share"
YEARS = "cn.life.minimum_value_years"
LOADINGS = "minimum_value_loading"
LINES = ("life", "health")
OWN_SCALE = ("endowment", "annuity")
"""Types of product that have a scale of loadings and a factor k of their own."""


@dataclass(frozen=True)
class Scale:
    """The names of what the rule reads: three parameters, and the table of loadings."""

    margin: str
    share: str
    years: str
    loadings: str

    @classmethod
    def of(cls, product: AssembledProduct) -> "Scale":
        """Give the names for a product of its type."""
        own = f"_{product.product.type}" if product.product.type in OWN_SCALE else ""
        return cls(MARGIN, f"{SHARE}{own}", YEARS, f"{LOADINGS}{own}")

    @property
    def parameters(self) -> tuple[str, str, str]:
        """The names of the parameters."""
        return (self.margin, self.share, self.years)


def ruled(product: AssembledProduct) -> bool:
    """Tell whether the rule is about a product: individual life and health with a cash value."""
    declared = product.product
    individual = declared.line in LINES and declared.sold_to == "individual"
    return individual and "cash_value" in declared.values


def minimum_value_readings(product: AssembledProduct) -> Iterator[Reading]:
    """Give what the rule's computation reads of a product that is judged by it."""
    if not ruled(product):
        return
    at, scale = At("rating/minimum_value.py"), Scale.of(product)
    for name in scale.parameters:
        if name in product.parameters:
            yield Reading("rules.minimum_cash_value", "parameter", name, at)
    if scale.loadings in product.tables:
        yield Reading("rules.minimum_cash_value", "table", scale.loadings, at)
