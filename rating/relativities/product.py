"""A fit as a whole product: what is sold, assumed, charged and expected, on a shelf of its own.

One policy year of one cover: every claim is paid. What is charged are the fitted steps; what is
assumed are the same relativities, as the frequency of claims and the distribution of their
amounts. So the price is the mean of the simulation, and large losses raise every claim in
proportion: the distribution has no tail of its own.
"""

import json
import math
from collections.abc import Iterator
from datetime import date

from product_factory.errors import BadInput
from product_factory.strict import Bilingual
from rating.relativities.asked import Asked, asked_of, scalar
from rating.relativities.result import Modelled, Result
from rating.relativities.specification import Relativities, Sold
from rating.relativities.worked import quotes
from rating.relativities.write import folded, steps, table_name, tables

COVER = "claims"
EVENT = "claim"
DIGITS = 7
SHARE_DECIMALS = 4
"""Of the shares of a portfolio, in per cent."""


def product_files(result: Result) -> dict[str, str]:
    """Give the files of the product's folder by their name on the shelf.

    Raises BadInput for a product that cannot be told as claims and their amounts.
    """
    spec, sold = result.spec, result.spec.product
    assert sold is not None  # noqa: S101 - asked where there is one
    name = sold.product
    asked = asked_of(result)
    own = {
        "product.yaml": _product(spec, sold, asked),
        "bases.yaml": _bases(result, sold),
        "rating.yaml": steps(result),
        "gates.yaml": _gates(),
        "portfolio.yaml": _portfolio(asked),
        "quotes.yaml": quotes(result, asked, sold.effective),
        "claims.yaml": _claims(sold, asked),
    }
    own |= {f"tables/{table}.csv": text for table, text in tables(result).items()}
    return {f"{name}/{file}": text for file, text in own.items()}


def shared_files(spec: Relativities, sold: Sold) -> dict[str, str]:
    """Give the module and the process that the product stands on, by their name on the shelf."""
    return {
        f"modules/{sold.line}/{sold.product}.yaml": _module(spec, sold),
        f"processes/{sold.product}_claims.yaml": _process(spec, sold),
    }


def _titled(title: Bilingual) -> str:
    zh, en = (json.dumps(text, ensure_ascii=False) for text in (title.zh, title.en))
    return f"title: {{zh: {zh}, en: {en}}}"


def _product(spec: Relativities, sold: Sold, asked: tuple[Asked, ...]) -> str:
    process, module = f"{sold.product}_claims", f"{sold.line}/{sold.product}"
    lines = [
        f"product: {sold.product}",
        f"version: {sold.version}",
        _titled(spec.title),
        f"line: {sold.line}",
        f"sold_to: {sold.sold_to}",
        f"channel: {sold.channel}",
        f"jurisdiction: {sold.jurisdiction}",
        f"currency: {sold.currency}",
        f"effective: {sold.effective.isoformat()}",
        "for_sale: no",
        "contract: {term: 1, pay: 1, renewal: none}",
        "insured:",
        *(f"  {one.name}: {one.declared()}" for one in asked),
        f"processes: {{{process}: {process}@^1}}",
        "covers:",
        f"  - {{use: {module}@^1, as: {COVER}}}",
    ]
    return "\n".join(lines) + "\n"


def _module(spec: Relativities, sold: Sold) -> str:
    return f"""\
module: {sold.line}/{sold.product}
version: 1.0.0
{_titled(spec.title)}
kind: indemnity                  # never more than the loss
line: {sold.line}
pays:
  event: {sold.product}_claims.{EVENT}
  amount: loss                   # a draft: deductibles, limits and exclusions are written here
"""


def _process(spec: Relativities, sold: Sold) -> str:
    return f"""\
process: {sold.product}_claims
version: 1.0.0
{_titled(spec.title)}
kind: collective                 # a number of claims a year, each with its amount
drawn: policy
events:
  {EVENT}: {{title: {{zh: 索赔, en: Claim}}}}
marks:
  loss: {{type: money}}
"""


def _bases(result: Result, sold: Sold) -> str:
    lines = [
        "# the relativities of rating.yaml, as claims a year and amounts a claim; what amounts",
        "# exceed the cap by is spread: it raises every claim alike, and leaves no tail of its own",
        "pricing:",
        "  risk:",
        f"    {sold.product}_claims:",
        *_risk(result),
        "best_estimate:",
        "  inherits: pricing",
    ]
    return "\n".join(lines) + "\n"


def _risk(result: Result) -> Iterator[str]:
    spec, premium = result.spec, result.premium
    if premium is None or spec.premium is None:
        text = "a product charges a premium; say under 'premium' of which models"
        raise BadInput.one(spec.place("product"), "product", text)
    share = [_exposed(spec)] if spec.premium.pro_rata else []
    loads = [f"{one:.6f}" for one in (premium.balance, premium.load) if one != 1.0]
    models = {entry.model.family: entry for entry in result.models if entry.name in premium.of}
    if "tweedie" in models:
        mean, amount, spread = _compound(result, models["tweedie"])
    else:
        mean, amount = _factors(models["poisson"]), _factors(models["gamma"])
        spread = math.sqrt(models["gamma"].fitted.dispersion)
    yield f"      {EVENT}:"
    yield "        kind: poisson"
    yield from folded("        mean:", [*mean, *share])
    yield "      loss:"
    yield "        kind: gamma"
    yield from folded("        mean:", [*amount, *loads])
    yield f"        cv: {spread:.{DIGITS}g}"


def _compound(result: Result, entry: Modelled) -> tuple[list[str], list[str], float]:
    """Part a Tweedie mean into one frequency for all, and amounts with the spread of its power."""
    own, power = result.policies, entry.model.power
    if result.spec.claims is None:
        text = "a product simulates claims; name their column under 'claims'"
        raise BadInput.one(result.spec.place("product"), "product", text)
    frequency = float((own.claims * own.weight).sum() / (own.exposure * own.weight).sum())
    frequency = float(f"{frequency:.{DIGITS}g}")
    base, *others = _factors(entry)
    return (
        [f"{frequency}"],
        [f"{base} / {frequency}", *others],
        math.sqrt((power - 1) / (2 - power)),
    )


def _factors(entry: Modelled) -> list[str]:
    tabled = [f"{table_name(term.name)}.{entry.name}" for term in entry.fitted.terms]
    offset = [] if entry.model.offset is None else [entry.model.offset]
    return [f"{entry.filed.base:.9g}", *tabled, *offset]


def _exposed(spec: Relativities) -> str:
    column, most = spec.exposure.column, spec.exposure.most
    return column if most is None else f"min({most:g}, {column})"


def _gates() -> str:
    return """\
- name: pure_premium               # claims cost what is charged: a loading is yours to add
  figure: claims_over_premium
  measure: {kind: mean}
  at_least: 85%
  at_most: 115%
"""


def _portfolio(asked: tuple[Asked, ...]) -> str:
    lines = [
        "# each fact by its share of the exposure observed; together they are taken as independent",
        "policies: 10000",
        "seed: 1",
        "mix:",
    ]
    for one in asked:
        lines.append(f"  {one.name}:{'' if len(one.mix) > 1 else f' {one.mix[0][0]}'}")
        if len(one.mix) > 1:
            lines += [f"    {scalar(word)}: {share}" for word, share in _shares(one)]
    return "\n".join([*lines, "refused: redraw"]) + "\n"


def _shares(one: Asked) -> list[tuple[str, str]]:
    """Give shares in per cent that add up to 100."""
    unit = 10**SHARE_DECIMALS
    whole = sum(weight for _, weight in one.mix)
    parts = [round(100 * unit * weight / whole) for _, weight in one.mix]
    parts[parts.index(max(parts))] += 100 * unit - sum(parts)
    return [
        (word, f"{part / unit:.{SHARE_DECIMALS}f}%")
        for (word, _), part in zip(one.mix, parts, strict=True)
        if part > 0
    ]


def _claims(sold: Sold, asked: tuple[Asked, ...]) -> str:
    given = ", ".join(f"{one.name}: {scalar(one.base)}" for one in asked)
    start = sold.effective
    day = date(start.year + (start.month == 12), start.month % 12 + 1, 1).isoformat()  # noqa: PLR2004 - the first of the next month
    return f"""\
- name: 损失多少赔多少 The loss is paid
  policy: {{start: {start.isoformat()}, {given}}}
  events:
    - {{date: {day}, event: {sold.product}_claims.{EVENT}, marks: {{loss: 1000}}}}
  expect:
    - {{date: {day}, cover: {COVER}, amount: "1000.00"}}
  after: in_force
  working: no term takes anything away from 1,000
"""
