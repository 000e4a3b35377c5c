"""The recursion as lines of at most 80 columns in Chinese and English, and as plain values."""

from collections.abc import Iterator, Sequence

from rating.page import padded, wrapped
from rating.recursion.notation import Notation
from rating.recursion.recursion import Recursion, Step, Term
from rating.recursion.state_words import state_words

SYMBOL, INDENT = 46, 6
AMOUNT = 24


def recursion_told(found: Recursion, year: int | None = None) -> dict[str, object]:
    """Give the recursion as plain values: every number as the kernels have it."""
    notation = _notation(found)
    return {
        "product": found.model.product.name,
        "basis": found.model.basis.name,
        "premium": found.premium,
        "net": found.net,
        "steps_per_year": found.per_year,
        "steps": [_step_told(notation, step) for step in found.steps(year)],
    }


def _step_told(notation: Notation, step: Step) -> dict[str, object]:
    told: dict[str, object] = {
        "t": step.time,
        "state": step.state,
        "value": step.value,
        "terms": _terms_told(notation, step, "V"),
    }
    if step.each is not None:
        each = {"value": step.each.value, "terms": _terms_told(notation, step.each, "b")}
        told["for_each_premium_paid"] = each
    return told


def _terms_told(notation: Notation, step: Step, letter: str) -> list[dict[str, object]]:
    return [
        {
            "symbol": notation.symbol(term, step.time, letter),
            "factors": list(term.factors),
            "amount": term.amount,
            "zh": notation.says(term, "zh"),
            "en": notation.says(term, "en"),
        }
        for term in step.terms
    ]


def recursion_lines(found: Recursion, year: int | None = None) -> Iterator[str]:
    """Give the recursion as lines: each step in notation, with its numbers, and in words."""
    notation = _notation(found)
    yield from _head(found)
    for step in found.steps(year):
        yield ""
        yield from wrapped("  ".join(notation.head(step)), 2)
        yield from _written(notation, step, "V")
        if step.each is not None and any(term.amount for term in step.each.terms):
            yield "  " + "每已交一期保险费的价值  the value for each premium paid so far"
            yield from _written(notation, step.each, "b")


def _head(found: Recursion) -> Iterator[str]:
    product = found.model.product
    yield from wrapped(
        f"{product.title.zh}  {product.title.en}  {product.name}, on {product.on}", 2
    )
    kind = ("净保费准备金", "net premium reserve")
    if not found.net:
        kind = ("未来支出减未来收入的现值", "future outgo less future income")
    yield from wrapped(f"V: {kind[0]}  {kind[1]}, basis {found.model.basis.name}", 2)
    yield f"P: {found.premium:.12g} {product.product.currency}, each time that one falls due"
    if found.counts:
        yield from wrapped("n 为已交保险费期数：价值 = V + n·b  n premiums paid: worth V + n·b", 2)


def _written(notation: Notation, step: Step, letter: str) -> Iterator[str]:
    name = notation.value(step.time, step.state, letter)
    yield f"  {padded(name, SYMBOL)} {step.value:>{AMOUNT},.10f}".rstrip()
    for term in step.terms:
        yield from _term(notation, term, step.time, letter)


def _term(notation: Notation, term: Term, time: int, letter: str) -> Iterator[str]:
    sign = "-" if term.factors[0] < 0.0 else "+"
    symbol = f"{sign} {notation.symbol(term, time, letter)}"
    amount = f"{term.amount:>{AMOUNT},.10f}"
    if len(symbol) > SYMBOL - 2:
        yield from wrapped(symbol, 4, start=4)
        symbol = ""
    yield f"    {padded(symbol, SYMBOL - 2)} {amount}"
    yield from wrapped(f"= {_product(term.factors)}", INDENT + 2, start=INDENT)
    for language in ("zh", "en"):
        yield from wrapped(notation.says(term, language), INDENT + 2, start=INDENT)


def _product(factors: Sequence[float]) -> str:
    return " × ".join(f"{factor!r}" for factor in factors)


def _notation(found: Recursion) -> Notation:
    model = found.model
    age = model.cells.columns.get("age")
    entry = None if age is None else float(age[0])
    return Notation(model.product, entry, found.per_year, state_words(model))
