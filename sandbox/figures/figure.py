"""Every figure by name, with its unit and what it needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from product_factory.errors import BadValue, either, nearest
from sandbox import measures
from sandbox.figures.new_business_value import new_business_value
from sandbox.figures.profit import profit
from sandbox.figures.profit_margin import profit_margin
from sandbox.loss_table import Kind, LossTable
from sandbox.measures import Measure, Sample

if TYPE_CHECKING:
    from product_factory.assembled import AssembledProduct

BOTH: frozenset[Kind] = frozenset({"annual", "cohort"})
ANNUAL: frozenset[Kind] = frozenset({"annual"})


@dataclass(frozen=True)
class Figure:
    """One value for each simulated row.

    unit      ratio, or money in the product's currency
    of        reads it from a loss table
    kinds     the kinds of tables that have it
    expenses  whether it needs expenses
    net       whether it is of what reinsurance leaves, of the claims and of the premium
    result    whether it is what is left of premium, as ruin and return on capital ask
    """

    unit: Literal["ratio", "money"]
    of: Callable[[LossTable], Sample]
    kinds: frozenset[Kind] = BOTH
    expenses: bool = False
    net: bool = False
    result: bool = False


FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        "claims": Figure("money", measures.FIGURES["claims"]),
        "claims_over_premium": Figure("ratio", measures.FIGURES["claims_over_premium"]),
        "combined_ratio": Figure("ratio", measures.FIGURES["combined_ratio"], expenses=True),
        "largest_claim": Figure("money", measures.FIGURES["largest_claim"], ANNUAL),
        "largest_event": Figure("money", measures.FIGURES["largest_event"], ANNUAL),
        "net_claims": Figure("money", measures.FIGURES["claims"], net=True),
        "net_claims_over_premium": Figure(
            "ratio", measures.FIGURES["claims_over_premium"], net=True
        ),
        "net_combined_ratio": Figure(
            "ratio", measures.FIGURES["combined_ratio"], expenses=True, net=True
        ),
        "net_new_business_value": Figure(
            "money", new_business_value, expenses=True, net=True, result=True
        ),
        "net_profit": Figure("money", profit, ANNUAL, expenses=True, net=True, result=True),
        "new_business_value": Figure("money", new_business_value, expenses=True, result=True),
        "profit": Figure("money", profit, ANNUAL, expenses=True, result=True),
        "profit_margin": Figure("ratio", profit_margin, expenses=True),
    }
)


def figure(name: str) -> Figure:
    """Give a figure by name. BadValue with the nearest known name."""
    if name not in FIGURES:
        message = f"unknown figure '{name}'{nearest(name, FIGURES)}"
        raise BadValue(message)
    return FIGURES[name]


def asks_result(name: str, measure: Measure) -> None:
    """Raise BadValue for a measure of a result, such as ruin, of a figure that is none."""
    if getattr(measure, "RESULT", False) and not FIGURES[name].result:
        known = either(other for other, figure in FIGURES.items() if figure.result)
        message = f"{measure.kind}: expected the figure {known}, got {name}"
        raise BadValue(message)


def unit(name: str, measure: Measure) -> str:
    """Give what a measure of a figure is in: ratio, money or years."""
    return getattr(measure, "UNIT", FIGURES[name].unit)


def unfit(name: str, product: "AssembledProduct") -> str:
    """Say why a product does not have a figure, or nothing."""
    figure = FIGURES[name]
    if ("cohort" if product.long_term else "annual") not in figure.kinds:
        return f"'{name}' is no figure of long-term contracts"
    if figure.net and "reinsurance" not in product.files:
        return f"'{name}' needs the file reinsurance.yaml"
    return ""
