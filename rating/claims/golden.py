"""Golden claims: worked by hand beside the product, compared to the cent with what is paid."""

from collections.abc import Iterator
from datetime import date

from product_factory.assembled import AssembledProduct
from product_factory.errors import BadInput, BadValue, Problem, Refused
from product_factory.examples import Claim
from product_factory.numbers.rounding import round_half_up
from rating.claims.pay import pay_with
from rating.claims.settlement import Settlement
from rating.payout import PayoutPlan, bind

Key = tuple[date, str, str]


def check_claims(product: AssembledProduct) -> tuple[Problem, ...]:
    """Compare every golden claim of a product; an empty result means that all agree.

    An expected amount must be paid to the cent, 0.00 by a cover or exclusion that answers; an
    amount above 0 must be expected. Amounts of one date, cover and item are added up.

    Raises BadInput as `bind` does.
    """
    plan = bind(product)
    return tuple(
        problem
        for place, entry in enumerate(product.files.get("claims", ()))
        for problem in _compare(plan, entry, f"claims[{place}]")
    )


def _compare(plan: PayoutPlan, entry: Claim, path: str) -> list[Problem]:
    try:
        settlement = pay_with(plan, entry.policy, entry.events)
    except BadInput as error:
        return [
            Problem(p.at if p.at.line else entry.at, f"{path}.{p.path}".rstrip("."), p.text)
            for p in error.problems
        ]
    except (BadValue, Refused) as error:
        return [Problem(entry.at, path, str(error))]
    return [*_payments(settlement, entry, path), *_state(settlement, entry, path)]


def _payments(settlement: Settlement, entry: Claim, path: str) -> Iterator[Problem]:
    paid: dict[Key, float] = {}
    for payment in settlement.payments:
        key = (payment.date, payment.name, payment.item)
        paid[key] = round_half_up(paid.get(key, 0.0) + payment.amount, 1.0, 100.0)
    expected: set[Key] = set()
    for number, line in enumerate(entry.expect):
        here = f"{path}.expect[{number}]"
        key = (line.date, line.cover or line.exclusion or "", line.item or "")
        if (line.cover is None) == (line.exclusion is None):
            yield Problem(line.at, here, "expected one of the keys cover and exclusion")
        elif key in expected:
            yield Problem(line.at, here, f"{_told(key)} is expected twice")
        elif key not in paid:
            text = f"expected {line.amount}, but {_told(key)} pays nothing"
            yield Problem(line.place("amount"), f"{here}.amount", text)
        elif f"{paid[key]:.2f}" != line.amount:
            text = f"expected {line.amount}, got {paid[key]:.2f}"
            yield Problem(line.place("amount"), f"{here}.amount", text)
        expected.add(key)
    for key, amount in paid.items():
        if amount > 0.0 and key not in expected:
            text = f"{_told(key)} pays {amount:.2f}, which is not expected"
            yield Problem(entry.place("expect"), f"{path}.expect", text)


def _told(key: Key) -> str:
    day, name, item = key
    return f"'{name}.{item}' on {day}" if item else f"'{name}' on {day}"


def _state(settlement: Settlement, entry: Claim, path: str) -> Iterator[Problem]:
    if settlement.after != entry.after:
        text = f"expected {entry.after}, got {settlement.after}"
        yield Problem(entry.place("after"), f"{path}.after", text)
    paid = settlement.premiums_paid
    got = "no premium" if paid is None else f"{paid:.2f}"
    if entry.premiums_paid and got != entry.premiums_paid:
        text = f"expected {entry.premiums_paid}, got {got}"
        yield Problem(entry.place("premiums_paid"), f"{path}.premiums_paid", text)
