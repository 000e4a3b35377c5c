"""A business told to a person or a program."""

from collections.abc import Iterator, Mapping, Sequence

from sandbox.bought import costless
from sandbox.business.measures import TAIL
from sandbox.business.run import BusinessRun
from sandbox.dependence.told import diversification_lines, diversification_told
from sandbox.measures import Measured
from sandbox.measures.told import doubts, mark, measured_told, within
from sandbox.results.answers import answers_lines, answers_told
from sandbox.results.plots import Language
from sandbox.told import portfolio_line, reject_lines, round_told
from sandbox.until import Round

SHOWN = (
    "claims.mean",
    "claims.value_at_risk 99.5%",
    TAIL,
    "claims_over_premium.mean",
    "combined_ratio.mean",
    "new_business_value.mean",
)
"""What lines tell of each product, where it has the figure; files tell all."""


def products_told(run: BusinessRun) -> dict[str, object]:
    """Give what is told of each product, and of what they need alone and together."""
    measures = run.by_product
    net = run.net_diversification
    return {
        "products": {
            one.name: {
                "product": one.product.name,
                "portfolio": portfolio_line(one.portfolio),
                "currency": one.product.product.currency,
                "rate": one.rate,
                "measures": {name: measured_told(m) for name, m in measures[one.name].items()},
            }
            for one in run.members
        },
        "diversification": diversification_told(run.diversification),
        "net_diversification": None if net is None else diversification_told(net),
        "allocation": {name: measured_told(one) for name, one in run.parts.items()},
        "net_allocation": {name: measured_told(one) for name, one in run.net_parts.items()},
    }


def business_told(run: BusinessRun, rounds: Sequence[Round] = ()) -> dict[str, object]:
    """Give a run as plain values for JSON; rounds: of a run until a measure is known."""
    return {
        "business": run.file.says.business,
        "years": run.table.years,
        "seed": run.table.seed,
        "basis": run.table.basis,
        "scenario": "" if run.scenario is None else run.scenario.scenario,
        "unshocked": list(run.unshocked),
        "currency": run.table.currency,
        "measures": {name: measured_told(one) for name, one in run.measures.items()},
        "reinsurance": {} if run.settlement is None else run.settlement.means(),
        **answers_told(run.answers, run.bought),
        **products_told(run),
        **({"until": [round_told(one) for one in rounds]} if rounds else {}),
    }


def business_lines(run: BusinessRun, language: Language = "en") -> list[str]:
    """Give a run as lines: the products, what they cost together, and what each needs.

    language  of answers and of what reinsurance buys
    """
    return list(_lines(run, language))


def _lines(run: BusinessRun, language: Language) -> Iterator[str]:
    table = run.table
    rows = "run-offs" if table.kind == "cohort" else "years"
    scenario = "" if run.scenario is None else f", scenario {run.scenario.scenario}"
    many = f"{len(run.members)} product" + ("s" if len(run.members) > 1 else "")
    yield f"{run.file.says.business}: {many}, amounts in {table.currency}"
    for one in run.members:
        stream = f", stream {one.entry.stream}" if one.entry.stream else ""
        rate = "" if one.rate == 1.0 else f", 1 {one.product.product.currency} at {one.rate:g}"
        named = "" if one.name == one.product.name else f" ({one.product.name})"
        yield f"  {one.name}{named}{stream}{rate}, {portfolio_line(one.portfolio)}"
        yield from (f"  {line}" for line in reject_lines(one.portfolio.rejects))
    yield f"{table.years:,} {rows}, seed {table.seed}, basis {table.basis}{scenario}"
    if run.unshocked:
        yield f"the scenario changes nothing of: {', '.join(run.unshocked)}"
    if run.settlement is not None:
        own = [one.name for one in run.members if "reinsurance" in one.product.files]
        if own:
            yield f"its programme takes the place of those of: {', '.join(own)}"
    for name, own_measures in run.by_product.items():
        shown = {key: own_measures[key] for key in _shown(own_measures)}
        yield f"{name}:"
        yield from _measures(shown)
    yield "all together:"
    yield from _measures(run.measures)
    yield from answers_lines(run.answers, run.bought, costless(run.settlement), language)
    if run.settlement is not None:
        mean = "mean of a year" if table.kind == "annual" else "mean present value of a run-off"
        yield f"reinsurance, {mean} by contract:"
        for name, means in run.settlement.means().items():
            known = (f"{what} {amount:,.2f}" for what, amount in means.items() if amount)
            yield f"  {name:<38} {', '.join(known) or 'nothing'}"
    for word, parts in (("", run.parts), ("net ", run.net_parts)):
        if parts:
            yield f"of {word}{TAIL}, each product's part:"
            yield from _measures(parts, tell=False)
    yield from diversification_lines(run.diversification)
    if run.net_diversification is not None:
        yield "after reinsurance,"
        yield from diversification_lines(run.net_diversification)


def _shown(measures: Mapping[str, Measured]) -> Iterator[str]:
    for name in SHOWN:
        yield from (key for key in (name, f"net {name}") if key in measures)


def _measures(measures: Mapping[str, Measured], *, tell: bool = True) -> Iterator[str]:
    for name, one in measures.items():
        yield f"  {name:<38} {one.value:>18,.4f} {within(one.error, 4)}{mark(one)}"
    if tell:
        yield from doubts(one.why for one in measures.values())
