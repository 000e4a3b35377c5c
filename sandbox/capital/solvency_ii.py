"""Solvency II: the standard formula for life and non-life underwriting, and the solvency ratio."""

import math
from typing import TYPE_CHECKING, ClassVar, Literal

from product_factory.strict import Strict
from sandbox.capital.company import (
    LAPSES,
    Amount,
    Company,
    Line,
    amounts,
    items,
    of_lines,
    worst_lapse,
)
from sandbox.capital.factors import Factors
from sandbox.capital.item import Item, aggregated, summed
from sandbox.capital.ratio import Ratio

if TYPE_CHECKING:
    from sandbox.portfolio.portfolio import Portfolio

LINES = (
    "motor_liability",
    "motor_other",
    "transport",
    "fire",
    "liability",
    "credit",
    "legal",
    "assistance",
    "miscellaneous",
    "np_casualty",
    "np_transport",
    "np_property",
)
LIFE = ("mortality", "longevity", "disability", "expense", "revision", "lapse", "catastrophe")
NON_LIFE = ("premium_reserve", "catastrophe", "lapse")
MODULES = ("market", "default", "life", "health", "non_life")


class Catastrophe(Strict):
    """Non-life catastrophe and lapse capital, computed elsewhere."""

    catastrophe: Amount = 0.0
    lapse: Amount = 0.0


class SolvencyTwo(Company):
    """A company under Solvency II; amounts in one currency.

    non_life     volumes of each segment; no credit is taken for geographic diversification
    life         capital of risks: the fall of own funds in the stressed scenario
    market, default, health, operational   capital of these, computed elsewhere
    absorption   of losses by technical provisions and deferred taxes
    """

    PACK: ClassVar[str] = "solvency_ii"
    LIFE: ClassVar[tuple[str, ...]] = (*LIFE, *LAPSES)

    kind: Literal["solvency_ii"]
    own_funds: Amount
    non_life: tuple[Line, ...] = ()
    other: Catastrophe | None = None
    market: Amount = 0.0
    default: Amount = 0.0
    health: Amount = 0.0
    operational: Amount = 0.0
    absorption: Amount = 0.0

    def required(self, factors: Factors, products: dict[str, float]) -> Item:
        """Give the solvency capital requirement. Raises BadInput for a line that is not known.

        products  capital of life risks that products have, by risk
        """
        of_lines(self.non_life, LINES)
        modules = {
            "life": self._life(factors, amounts(self.life, products)),
            "non_life": self._non_life(factors),
        }
        for name in ("market", "default", "health"):
            modules[name] = Item(name, getattr(self, name), "as stated")
        basic = aggregated(
            "basic", [modules[name] for name in MODULES], factors.matrix("modules", MODULES), "BSCR"
        )
        operational = Item("operational", self.operational, "as stated")
        absorbed = Item("absorption", -min(self.absorption, basic.amount), "as stated")
        return summed("capital_requirement", [basic, operational, absorbed])

    def ratios(self, required: Item, factors: Factors) -> tuple[Ratio, ...]:
        """Give the ratio of eligible own funds to the requirement."""
        least = factors.number("ratio")
        return (Ratio.of("solvency", self.own_funds, required.amount, least),)

    def _non_life(self, factors: Factors) -> Item:
        """Give 3 x sigma x V, sigma V aggregated over segments, then catastrophe and lapse."""
        rho = factors.number("correlation.premium_reserve")
        multiple = factors.number("multiple")
        parts = [_segment(line, factors, rho, multiple) for line in self.non_life]
        matrix = factors.matrix("lines", LINES)
        business = aggregated("premium_reserve", parts, matrix, "segments by correlations")
        given = self.other
        rest = [
            Item("catastrophe", given.catastrophe if given else 0.0, "as stated"),
            Item("lapse", given.lapse if given else 0.0, "as stated"),
        ]
        matrix = factors.matrix("non_life", NON_LIFE)
        return aggregated("non_life", [business, *rest], matrix, "by correlations")

    def _life(self, factors: Factors, risks: dict[str, float]) -> Item:
        lapse = worst_lapse(risks)
        parts = [lapse if part.name == "lapse" else part for part in items(LIFE, risks)]
        return aggregated("life", parts, factors.matrix("life", LIFE), "by correlations")

    def of_product(self, portfolio: "Portfolio", factors: Factors) -> dict[str, float]:
        """Give what each stress costs the contracts of a product."""
        from sandbox.capital.solvency_ii_life import of_product  # noqa: PLC0415 - brings the engine

        return of_product(portfolio, factors)


def _segment(line: Line, factors: Factors, rho: float, multiple: float) -> Item:
    premium = factors.number(f"premium.{line.line}") * line.premium
    reserve = factors.number(f"reserve.{line.line}") * line.reserve
    deviation = math.sqrt(premium**2 + 2.0 * rho * premium * reserve + reserve**2)
    how = f"{multiple:g} x standard deviation of premium {premium:,.0f} and reserve {reserve:,.0f}"
    return Item(line.line, multiple * deviation, how)
