"""Conformance cases of prices: risks, and what each named step makes of them."""

from collections.abc import Iterator

from product_factory.errors import BadInput, BadValue, Refused
from product_factory.types import number
from rating.encode import encode
from rating.export.covering import Chosen, choose
from rating.export.expressions import Json
from rating.export.plan import decimals
from rating.export.risks import as_given, beside_boundaries, drawn, given, outside, text
from rating.export.traits import CELLS, REFUSALS, known_traits, traits_of
from rating.plan import RatingPlan
from rating.quote import Quotation, quote
from rating.steps import BoundStep

POOL = 4
"""How many risks are drawn for each case that is wanted."""
LEAST_POOL = 1000
OUTSIDE = 10
"""One case in so many, at most, states what no variable takes."""


def quote_cases(plan: RatingPlan, count: int, seed: int) -> tuple[list[Json], Chosen]:
    """Give the cases, and how much of the plan they show.

    Quotes worked by hand beside the product stand first, then what no variable takes.
    """
    wrong = list(_outside(plan, seed))[: max(count // OUTSIDE, 1)]
    golden = [(one.name, one.given) for one in plan.product.files.get("quotes", ())]
    told = [(f"quotes.yaml: {name}", texts(plan, v)) for name, v in golden if _reads(plan, v)]
    found = [*told[: count - len(wrong)], *wrong][:count]
    pool = drawn(plan, seed, max(count * POOL, LEAST_POOL))
    pool = pool.joined(beside_boundaries(plan, pool))
    traits = traits_of(plan, pool)
    dull = frozenset(n for n, one in enumerate(traits) if any(t[0] == REFUSALS for t in one))
    most, known = count - len(found), known_traits(plan)
    chosen = choose(traits, most, known=known, last=CELLS, dull=dull)
    found += [(chosen.because(place), given(plan, pool, place)) for place in chosen.places]
    cases = [{"id": n + 1, "why": why, **case(plan, risk)} for n, (why, risk) in enumerate(found)]
    return cases, chosen


def case(plan: RatingPlan, risk: dict[str, object]) -> Json:
    """Price a risk as an export tells it."""
    told: Json = {"given": risk}
    try:
        priced = quote(plan, risk)
    except BadInput as error:
        wrong = sorted({problem.path for problem in error.problems})
        return told | {"outcome": "not_offered", "not_offered": wrong}
    except Refused as refusal:
        return told | {"outcome": "refused", "refused_by": refusal.name}
    except BadValue as error:
        return told | {"outcome": "no_rate", "no_rate": str(error).partition(":")[0]}
    return told | _priced(plan, priced)


def _priced(plan: RatingPlan, priced: Quotation) -> Json:
    return {
        "outcome": priced.outcome,
        "decided_by": [decided.name for decided in priced.decisions],
        "premium": premium_text(plan, priced.premium),
        "premiums_a_year": priced.times,
        "steps": {
            step.name: _value(step, priced.values[step.name], priced.items) for step in plan.values
        },
    }


def premium_text(plan: RatingPlan, premium: float) -> str:
    """Write a premium with the decimals to which the tariff rounds it."""
    places = decimals(plan.premium)
    return number(premium) if places is None else f"{premium:.{places}f}"


def _value(step: BoundStep, values: tuple[float, ...], items: tuple[str, ...]) -> object:
    kind = step.bound.type
    texts = [kind.of[int(one)] if kind.chosen else number(one) for one in values]
    return dict(zip(items, texts, strict=True)) if step.level else texts[0]


def _reads(plan: RatingPlan, values: dict[str, object]) -> bool:
    try:
        encode(plan.readers, values)
    except BadInput:
        return False
    return True


def texts(plan: RatingPlan, values: dict[str, object]) -> dict[str, object]:
    """Write a golden risk as an export gives it: read, and written out again."""
    known = plan.readers
    risk = encode(known, values)
    found: dict[str, object] = {
        name: text(reader, float(risk.columns[name][0])) for name, reader in known.policy.items()
    }
    if risk.offsets is not None:
        names, here = list(known.items), dict[str, list[dict[str, str]]]()
        for row, code in enumerate(risk.columns["item"]):
            group = known.items[names[int(code)]]
            told = {n: text(r, float(risk.columns[n][row])) for n, r in group.items()}
            here.setdefault(names[int(code)], []).append(told)
        found["items"] = as_given(known, here)
    return found


def _outside(plan: RatingPlan, seed: int) -> Iterator[tuple[str, dict[str, object]]]:
    """Take a risk that is priced, and state what one of its variables does not take."""
    pool = drawn(plan, seed + 1, LEAST_POOL)
    good = next(
        (risk for n in range(pool.size) if "steps" in case(plan, risk := given(plan, pool, n))),
        None,
    )
    if good is None:
        return
    for name, reader in plan.readers.policy.items():
        for wrong in outside(reader):
            yield f"not offered: {name} {wrong}", {**good, name: wrong}
    items = good.get("items")
    if isinstance(items, dict):
        for item, ones in items.items():
            group, path = (ones[0], f"{item}.1") if isinstance(ones, list) else (ones, item)
            for name in group:
                for wrong in outside(plan.readers.items[item][name]):
                    one = {**group, name: wrong}
                    changed = {**items, item: [one, *ones[1:]] if path != item else one}
                    yield f"not offered: {path}.{name} {wrong}", {**good, "items": changed}
