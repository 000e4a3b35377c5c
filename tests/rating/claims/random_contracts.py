"""Contracts made at random from the whole language of promises, as the files of a shelf.

Covers listen to the events of one process; each draws its trigger, amount, lines and effects from
what the language offers, and pools join or stand over them.
"""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from product_factory.examples import ClaimEvent
from tests.rating.claims.shelf_products import START, event

PROCESS = """\
process: hit
version: 1.0.0
title: {zh: 事故, en: Hit}
kind: collective
drawn: policy
events:
  a: {title: {zh: 甲, en: a}}
  b: {title: {zh: 乙, en: b}}
marks:
  grade:     {type: choice, of: [low, high]}
  diagnosed: {type: date, is: date}
  bill:      {type: money}
"""
BASES = """\
pricing:
  risk:
    hit: {a: {kind: poisson, mean: 1}, b: {kind: poisson, mean: 1}, grade: {low: 50%, high: 50%}, bill: {kind: lognormal, mean: 100, cv: 1}}
"""  # noqa: E501 - a line of YAML
PRODUCT = """\
product: made
version: 1.0.0
title: {{zh: 随机, en: Made}}
line: health
sold_to: individual
channel: agent
jurisdiction: CN
currency: CNY
effective: 2026-03-01
for_sale: no
contract: {{term: 4, pay: {pay}, renewal: none}}
insured:
  age: {{type: age, min: 0, max: 80}}
offers:
  sum_insured: {{type: money, min: 1000, max: 1000000, step: 1000}}
processes: {{hit: hit@^1}}
covers:
{covers}
"""
AMOUNTS = (
    ("lump_sum", "sum_insured * 20%"),
    ("lump_sum", "max(sum_insured * 10%, premiums_paid * ratio)"),
    ("lump_sum", "[{when: {attained_age: {below: 18}}, is: premiums_paid}, {otherwise: rest}]"),
    ("indemnity", "bill"),
    ("indemnity", "min(bill, sum_insured)"),
)
LINES = (
    "{deductible: 100, per: PER}",
    "{share: 80%}",
    "{share: [{when: {grade: high}, is: 50%}, {otherwise: 100%}]}",
    "{franchise: 50, per: event}",
    "{corridor: 200, above: 150, per: PER}",
    "{limit: 5000, per: PER}",
    "{limit: so_far * 90%, per: event}",
)
PERIODS = ("claim", "event", "policy_year", "contract")
LASTING = ("policy_year", "contract")


@st.composite
def contracts(draw: st.DrawFn) -> dict[str, str]:
    """The files of a shelf with one product, `made`."""
    aliases = [f"c{n}" for n in range(draw(st.integers(1, 3)))]
    per = draw(st.sampled_from(LASTING))
    joined = [alias for alias in aliases if draw(st.booleans())]
    joined = joined if len(joined) > 1 else []
    files = {"processes/hit.yaml": PROCESS, "made/bases.yaml": BASES}
    for alias in aliases:
        files[f"modules/x/{alias}.yaml"] = draw(modules(alias, per, aliases))
    uses = "\n".join(f"  - {{use: x/{alias}@^1, as: {alias}}}" for alias in aliases)
    product = PRODUCT.format(covers=uses, pay=draw(st.integers(1, 4)))
    pools = [f"  both: {{joins: [{', '.join(f'{a}.cap' for a in joined)}]}}"] * bool(joined)
    if draw(st.booleans()):
        over = ", ".join(draw(st.sampled_from([aliases, aliases[:1]])))
        line = draw(st.sampled_from([f"{{limit: 9000, per: {per}}}", "{share: 90%}"]))
        pools.append(f"  top: {{over: [{over}], adjust: [{line}]}}")
    if pools:
        product += "pools:\n" + "\n".join(pools) + "\n"
    return files | {"made/product.yaml": product}


@st.composite
def modules(draw: st.DrawFn, alias: str, per: str, aliases: list[str]) -> str:
    """One module; its last line is a limit `cap` that pools join and payments reduce."""
    kind, amount = draw(st.sampled_from(AMOUNTS))
    chosen = draw(st.lists(st.sampled_from(LINES), max_size=2))
    lines = [line.replace("PER", draw(st.sampled_from(PERIODS))) for line in chosen]
    lines.append(f"{{limit: cap, per: {per}}}")
    parts = [f"  event: {draw(st.sampled_from(['hit.a', '[hit.a, hit.b]', 'which']))}"]
    parts += draw(st.sampled_from([[], ["  where: {grade: high}"]]))
    parts += draw(st.sampled_from([[], [f"  waits: {{for: 60 days{draw(waits())}}}"]]))
    parts += draw(st.sampled_from([[], ["  gap: gap"]]))
    parts += draw(st.sampled_from([[], ["  times: times"]]))
    then = draw(thens(aliases))
    parts += [f"  then: {{{then}}}"] if then else []
    return f"""\
module: x/{alias}
version: 1.0.0
title: {{zh: {alias}, en: {alias}}}
kind: {kind}
terms:
  which: {{type: event, of: [hit.a, hit.b], default: hit.b}}
  times: {{type: integer, default: {draw(st.integers(1, 3))}}}
  gap:   {{type: days, default: {draw(st.sampled_from([0, 1, 90, 365]))} days}}
  cap:   {{type: money, default: 8000}}
  rest:  {{type: money, is: "max(sum_insured - premiums_paid, 0)"}}
  ratio: {{type: schedule, by: attained_age, default: {{0: 100%, 18: 160%, 41: 140%}}}}
pays:
{chr(10).join(parts)}
  amount: {amount if amount.startswith("[") else f'"{amount}"'}
  adjust: [{", ".join(lines)}]
"""


@st.composite
def waits(draw: st.DrawFn) -> str:
    parts = [", by: diagnosed", ", unless: {grade: high}", ", meanwhile: premiums_paid"]
    return "".join(part for part in parts if draw(st.booleans()))


@st.composite
def thens(draw: st.DrawFn, aliases: list[str]) -> str:
    """What a payment does: nothing most of the time."""
    target = draw(st.sampled_from(["sum_insured", *(f"{alias}.cap" for alias in aliases)]))
    days = draw(st.sampled_from([0, 30, 365]))
    choices = ["waives: premium", f"reduces: {target}", "ends: cover", "ends: contract"]
    choices += [f"restores: {target}", f"restores: {{{target}: {days} days}}"]
    found = draw(st.lists(st.sampled_from(choices), max_size=3))
    return ", ".join({part.partition(":")[0]: part for part in found}.values())


def policies() -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda age, sums, premium: {
            "start": START,
            "age": age,
            "sum_insured": sums * 1000,
            "premium": premium * 100,
        },
        st.integers(10, 70),
        st.integers(1, 60),
        st.integers(0, 20),
    )


@st.composite
def happenings(draw: st.DrawFn) -> list[ClaimEvent]:
    """Events on few dates, some near one another, so that gaps and times and balances matter."""
    days = draw(st.lists(st.integers(0, 1500) | st.integers(55, 65), min_size=1, max_size=6))
    found = []
    for _ in range(draw(st.integers(1, 8))):
        day = START + timedelta(days=draw(st.sampled_from(days)))
        marks: dict[str, Any] = {
            "grade": draw(st.sampled_from(["low", "high"])),
            "bill": draw(st.integers(0, 200)) * 50,
        }
        if draw(st.booleans()):
            marks["diagnosed"] = max(START, day - timedelta(days=draw(st.integers(0, 90))))
        found.append(event(day, draw(st.sampled_from(["hit.a", "hit.b"])), marks))
    return found
