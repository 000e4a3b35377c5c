"""Golden quotes: worked by hand beside the product, compared with what the plan gives."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, BadValue, Problem, Refused, nearest
from product_factory.examples import Quote
from rating.plan import RatingPlan, bind
from rating.quote import Quotation, quote
from rating.steps import Round

OUTCOMES = {"referred_by": "refer", "declined_by": "decline"}


def check_quotes(
    product: AssembledProduct, on: Callable[[date], AssembledProduct] | None = None
) -> tuple[Problem, ...]:
    """Compare every golden quote of a product; an empty result means that all agree.

    An expected value is met when the step's value, rounded half up to as many decimals as are
    written, is that decimal; the value of a step of kind `round` must be it exactly. A refusal,
    referral or decision to decline must be expected where it happens.

    on  assembles the product for the day of a quote that differs from the product's

    Raises BadInput and Stale as `bind` does.
    """
    plans = {product.on: bind(product)}
    findings: list[Problem] = []
    for place, entry in enumerate(product.files.get("quotes", ())):
        if entry.date not in plans:
            if on is None:
                text = f"is dated {entry.date}, but the product was assembled for {product.on}"
                findings.append(Problem(entry.at, f"quotes[{place}]", text))
                continue
            plans[entry.date] = bind(on(entry.date))
        findings += _compare(plans[entry.date], entry, f"quotes[{place}]")
    return tuple(findings)


def _compare(plan: RatingPlan, entry: Quote, path: str) -> list[Problem]:
    expected = entry.expect.get("refused_by")
    try:
        found = quote(plan, entry.given)
    except Refused as refusal:
        if expected == refusal.name:
            return []
        text = f"expected {_expected(entry)}, got a refusal by '{refusal.name}'"
        return [Problem(entry.at, f"{path}.expect", text)]
    except BadInput as error:
        return [
            Problem(p.at if p.at.line else entry.at, f"{path}.{p.path}", p.text)
            for p in error.problems
        ]
    except BadValue as error:
        return [Problem(entry.at, path, str(error))]
    problems = [
        Problem(entry.at, f"{path}.expect.{key}", text)
        for key, wanted in entry.expect.items()
        if (text := _difference(plan, found, key, wanted))
    ]
    return problems + _unexpected(entry, found, path)


def _expected(entry: Quote) -> str:
    return ", ".join(f"{key} {value}" for key, value in entry.expect.items())


def _difference(plan: RatingPlan, found: Quotation, key: str, wanted: str) -> str:
    if key == "refused_by":
        return f"expected a refusal by '{wanted}', got {found.outcome}"
    if key in OUTCOMES:
        names = {d.name for d in found.decisions if d.outcome == OUTCOMES[key]}
        return "" if wanted in names else f"expected '{wanted}', got {sorted(names) or 'none'}"
    if key not in found.values:
        return f"unknown step '{key}'{nearest(key, [*found.values, *OUTCOMES, 'refused_by'])}"
    values = found.values[key]
    if len(values) != 1:
        return f"expected a step of the policy, '{key}' is of items"
    step = next(step for step in plan.values if step.name == key)
    return _unequal(values[0], wanted, exact=isinstance(step.step, Round))


def _unequal(value: float, wanted: str, *, exact: bool) -> str:
    try:
        decimal = Decimal(wanted)
        places = Decimal(1).scaleb(int(decimal.as_tuple().exponent))
    except (InvalidOperation, ValueError):
        return f"expected a decimal in quotes, got {wanted}"
    got = Decimal(repr(value))
    rounded = got.quantize(places, ROUND_HALF_UP)
    if rounded != decimal or (exact and got != decimal):
        return f"expected {wanted}, got {got if exact else rounded} ({got})"
    return ""


def _unexpected(entry: Quote, found: Quotation, path: str) -> list[Problem]:
    told = {OUTCOMES[key] for key in OUTCOMES if key in entry.expect}
    return [
        Problem(entry.at, f"{path}.expect", f"'{decided.name}' decides to {decided.outcome}")
        for decided in found.decisions
        if decided.outcome not in told and "refused_by" not in entry.expect
    ]
