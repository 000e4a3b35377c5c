"""A business told to a person or a program."""

from collections.abc import Iterator, Mapping, Sequence

from sandbox.business.measures import TAIL
from sandbox.business.members import Member
from sandbox.business.run import BusinessRun
from sandbox.dependence.told import diversification_lines, diversification_told
from sandbox.heads import portfolio_line, size_line
from sandbox.measures import Measured
from sandbox.measures.told import doubts, mark, measured_told, within
from sandbox.results.answers import answers_lines, answers_told
from sandbox.results.plots import Language
from sandbox.told import contract_lines, reject_lines, round_told
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

WORDS: Mapping[str, Mapping[str, str]] = {
    "one": {"zh": "{count} 个产品", "en": "{count} product"},
    "many": {"zh": "{count} 个产品", "en": "{count} products"},
    "business": {
        "zh": "{name}：{many}，金额单位 {currency}",
        "en": "{name}: {many}, amounts in {currency}",
    },
    "stream": {"zh": "，随机流 {name}", "en": ", stream {name}"},
    "rate": {"zh": "，1 {currency} 折合 {rate:g}", "en": ", 1 {currency} at {rate:g}"},
    "comma": {"zh": "，", "en": ", "},
    "colon": {"zh": "：", "en": ":"},
    "unshocked": {
        "zh": "情景不改变：{names}",
        "en": "the scenario changes nothing of: {names}",
    },
    "replaced": {
        "zh": "业务的再保险取代下列产品各自的再保险：{names}",
        "en": "its programme takes the place of those of: {names}",
    },
    "together": {"zh": "全部合计：", "en": "all together:"},
    "parts": {"zh": "{name} 中各产品的部分：", "en": "of {name}, each product's part:"},
    "after": {"zh": "再保后，", "en": "after reinsurance,"},
}


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
    """Give a run as lines: the products, what they cost together, and what each needs."""
    return list(_lines(run, language))


def _lines(run: BusinessRun, language: Language) -> Iterator[str]:
    table, says = run.table, {key: texts[language] for key, texts in WORDS.items()}
    annual = table.kind == "annual"
    scenario = "" if run.scenario is None else run.scenario.scenario
    many = says["one" if len(run.members) == 1 else "many"].format(count=len(run.members))
    name = run.file.says.business
    yield says["business"].format(name=name, many=many, currency=table.currency)
    for one in run.members:
        yield _member(one, says, language)
        yield from (f"  {line}" for line in reject_lines(one.portfolio.rejects, language))
    size = table.years, table.seed, language
    yield size_line(*size, long_term=not annual, basis=table.basis, scenario=scenario)
    if run.unshocked:
        yield says["unshocked"].format(names=", ".join(run.unshocked))
    if run.settlement is not None:
        own = [one.name for one in run.members if "reinsurance" in one.product.files]
        if own:
            yield says["replaced"].format(names=", ".join(own))
    for name, own_measures in run.by_product.items():
        shown = {key: own_measures[key] for key in _shown(own_measures)}
        yield f"{name}{says['colon']}"
        yield from _measures(shown, language)
    yield says["together"]
    yield from _measures(run.measures, language)
    yield from answers_lines(run.answers, run.bought, run.costless, language)
    if run.settlement is not None:
        yield from contract_lines(run.settlement, language, long_term=not annual)
    for word, parts in (("", run.parts), ("net ", run.net_parts)):
        if parts:
            yield says["parts"].format(name=f"{word}{TAIL}")
            yield from _measures(parts, language, tell=False)
    yield from diversification_lines(run.diversification, language)
    if run.net_diversification is not None:
        yield says["after"]
        yield from diversification_lines(run.net_diversification, language)


def _member(one: Member, says: Mapping[str, str], language: Language) -> str:
    """Say which product it is, and its policies."""
    stream = says["stream"].format(name=one.entry.stream) if one.entry.stream else ""
    currency = one.product.product.currency
    rate = "" if one.rate == 1.0 else says["rate"].format(currency=currency, rate=one.rate)
    named = "" if one.name == one.product.name else f" ({one.product.name})"
    line = portfolio_line(one.portfolio, language)
    return f"  {one.name}{named}{stream}{rate}{says['comma']}{line}"


def _shown(measures: Mapping[str, Measured]) -> Iterator[str]:
    for name in SHOWN:
        yield from (key for key in (name, f"net {name}") if key in measures)


def _measures(
    measures: Mapping[str, Measured], language: Language, *, tell: bool = True
) -> Iterator[str]:
    for name, one in measures.items():
        error = f"{within(one.error, 4, language)}{mark(one)}"
        yield f"  {name:<38} {one.value:>18,.4f} {error}"
    if tell:
        yield from doubts((one.why for one in measures.values()), language)
