"""C-ROSS II (偿二代二期): minimum capital by rules 2, 4 and 5, and the solvency ratios."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from product_factory.strict import Share, Strict
from sandbox.capital.catastrophe import Peril, peril_capital
from sandbox.capital.company import (
    LAPSES,
    Amount,
    Any,
    Company,
    Line,
    amounts,
    items,
    of_lines,
    worst_lapse,
)
from sandbox.capital.factors import Factors
from sandbox.capital.item import Item, aggregated, pair, summed
from sandbox.capital.ratio import Ratio

if TYPE_CHECKING:
    from sandbox.portfolio.portfolio import Portfolio

LINES = (
    "motor",
    "property",
    "transport",
    "liability",
    "agriculture",
    "credit",
    "short_accident",
    "short_health",
    "short_life",
    "other",
)
LOSSES = ("mortality", "mortality_catastrophe", "longevity", "disease", "medical", "other")
OUTER = ("loss", "expense", "lapse")
MODULES = {
    "property": ("non_life", "market", "credit"),
    "life": ("life", "non_life", "market", "credit"),
    "reinsurer": ("life", "non_life", "market", "credit"),
}


class CRossLine(Line):
    """A line with what its characteristic factors go by; what is left out has the factor 0.

    combined_ratio          of the last 6 months (motor) or 12 (others)
    combined_ratio_change   of motor, in points;  reserve_deviation: run-off over what was set aside
    excess_cession          net cession to excess of loss as part of premium; motor and property
    growth_over_market, market_share   of motor
    """

    combined_ratio: Annotated[Share | None, Field(ge=0.0)] = None
    combined_ratio_change: Any | None = None
    reserve_deviation: Any | None = None
    excess_cession: Any | None = None
    growth_over_market: Any | None = None
    market_share: Share | None = None


class Catastrophes(Strict):
    """Catastrophe capital of each peril, or what it is computed from."""

    motor_typhoon: Amount | Peril = 0.0
    property_typhoon: Amount | Peril = 0.0
    earthquake: Amount | Peril = 0.0
    overseas: Amount | Peril = 0.0


class OwnFunds(Strict):
    """Core capital, and actual capital, which holds it."""

    core: Amount
    actual: Amount

    @model_validator(mode="after")
    def _core_is_a_part(self) -> "OwnFunds":
        if self.core > self.actual:
            text = f"expected at most the actual capital {self.actual:,.0f}, got {self.core:,.0f}"
            context = {"text": text, "at": self.place("core"), "path": "core"}
            raise PydanticCustomError("placed", "{text}", context)
        return self


class CRoss(Company):
    """A company under C-ROSS II; amounts in yuan.

    company      property, life or reinsurer: which matrix its modules are aggregated by
    assets       for the relief of smaller companies; none without
    lapse        by which shock lapses of products move: type_one (break-even after 10 years) or
                 type_two
    life         capital of risks: PV of the adverse less that of the base scenario
    market, credit   capital of these modules, computed elsewhere
    """

    PACK: ClassVar[str] = "c_ross"
    LIFE: ClassVar[tuple[str, ...]] = (*LOSSES, "disease_trend", "expense", "lapse", *LAPSES)

    kind: Literal["c_ross"]
    company: Literal["property", "life", "reinsurer"]
    assets: Amount | None = None
    lapse: Literal["type_one", "type_two"] = "type_two"
    own_funds: OwnFunds
    non_life: tuple[CRossLine, ...] = ()
    catastrophe: Catastrophes | None = None
    market: Amount = 0.0
    credit: Amount = 0.0

    def required(self, factors: Factors, products: dict[str, float]) -> Item:
        """Give the minimum capital. Raises BadInput for a line that is not known.

        products  capital of life risks that products have, by risk
        """
        of_lines(self.non_life, LINES)
        modules = {
            "life": self._life(factors, amounts(self.life, products)),
            "non_life": self._non_life(factors),
            "market": Item("market", self.market, "as stated"),
            "credit": Item("credit", self.credit, "as stated"),
        }
        names = MODULES[self.company]
        matrix = factors.matrix(f"modules_{self.company}", names)
        whole = aggregated(
            "quantified", [modules[name] for name in names], matrix, "rule 2, by correlations"
        )
        if self.assets is None:
            return Item("minimum_capital", whole.amount, "", (whole,))
        of = "life" if self.company == "life" else "property"
        relief = factors.since(f"relief.{of}", self.assets)
        how = f"x {relief:g} for assets of {self.assets:,.0f}"
        return Item("minimum_capital", whole.amount * relief, how, (whole,))

    def ratios(self, required: Item, factors: Factors) -> tuple[Ratio, ...]:
        """Give the core and the comprehensive solvency ratio."""
        return (
            Ratio.of("core", self.own_funds.core, required.amount, factors.number("core_ratio")),
            Ratio.of(
                "comprehensive", self.own_funds.actual, required.amount, factors.number("ratio")
            ),
        )

    def _non_life(self, factors: Factors) -> Item:
        if not self.non_life and self.catastrophe is None:
            return Item("non_life", 0.0)
        rho = factors.number("correlation.premium_reserve")
        matrix = factors.matrix("lines", LINES)
        lines = [_line(line, factors, rho) for line in self.non_life]
        business = aggregated("premium_reserve", lines, matrix, "rule 4, lines by correlations")
        level = factors.number("catastrophe_level")
        perils = {
            name: peril_capital(name, getattr(self.catastrophe, name, 0.0), level)
            for name in Catastrophes.model_fields
        }
        typhoon = pair(
            "typhoon",
            perils["motor_typhoon"],
            perils["property_typhoon"],
            factors.number("correlation.typhoon_motor_property"),
        )
        inland = pair("domestic", typhoon, perils["earthquake"], 0.0)
        whole = pair("catastrophe", inland, perils["overseas"], 0.0)
        between = factors.number("correlation.premium_reserve_catastrophe")
        return pair("non_life", business, whole, between)

    def _life(self, factors: Factors, risks: dict[str, float]) -> Item:
        level, trend = items(("disease", "disease_trend"), risks)
        disease = pair("disease", level, trend, factors.number("correlation.disease"))
        parts = [disease if one.name == "disease" else one for one in items(LOSSES, risks)]
        loss = aggregated("loss", parts, factors.matrix("life", LOSSES), "rule 5, by correlations")
        (expense,) = items(("expense",), risks)
        parts = [loss, expense, worst_lapse(risks)]
        matrix = factors.matrix("life_outer", OUTER)
        return aggregated("life", parts, matrix, "rule 5, by correlations")

    def of_product(self, portfolio: "Portfolio", factors: Factors) -> dict[str, float]:
        """Give what each adverse scenario costs the contracts of a product."""
        from sandbox.capital.c_ross_life import of_product  # noqa: PLC0415 - brings the engine

        return of_product(portfolio, factors, self.lapse)


def _line(line: CRossLine, factors: Factors, rho: float) -> Item:
    """Give premium and reserve capital of a line: exposure x basic factor x (1 + K)."""
    return pair(
        line.line,
        _exposed("premium", line.line, line.premium, _premium_factors(line, factors), factors),
        _exposed("reserve", line.line, line.reserve, _reserve_factors(line, factors), factors),
        rho,
    )


def _exposed(risk: str, line: str, amount: float, found: list[Item], factors: Factors) -> Item:
    clip = factors.number("clip")
    k = min(max(summed("k", found).amount, -clip), clip)
    basic = factors.number(f"{risk}.{line}")
    how = f"{amount:,.0f} x {basic:g} x (1 + {k:g})"
    return Item(risk, amount * basic * (1.0 + k), how, tuple(found))


def _premium_factors(line: CRossLine, factors: Factors) -> list[Item]:
    found: list[Item] = []
    motor = line.line == "motor"
    if line.combined_ratio is not None:
        found.append(Item("k1", factors.above("k.combined_ratio", line.combined_ratio)))
    if motor and line.combined_ratio_change is not None:
        change = factors.above("k.combined_ratio_change", line.combined_ratio_change)
        found.append(Item("k2", change))
    if line.line in ("motor", "property") and line.excess_cession is not None:
        found.append(Item("k3", factors.since("k.excess_cession", line.excess_cession)))
    if motor and line.premium < factors.number("k.motor_size"):
        found.append(Item("k4", factors.number("k.small_motor")))
    elif motor and line.growth_over_market is not None:
        large = (line.market_share or 0.0) > factors.number("k.large_share")
        table = "k.growth_large_share" if large else "k.growth_small_share"
        found.append(Item("k4", factors.above(table, line.growth_over_market)))
    return found


def _reserve_factors(line: CRossLine, factors: Factors) -> list[Item]:
    if line.reserve_deviation is None:
        return []
    table = "k.deviation_motor" if line.line == "motor" else "k.deviation_other"
    return [Item("k1", factors.above(table, line.reserve_deviation))]
