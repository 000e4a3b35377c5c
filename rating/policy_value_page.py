"""The values of a policy as plain values for JSON, as lines, and with their working."""

from collections.abc import Iterator

from product_factory.numbers.rounding import round_half_up
from rating.page import padded, wrapped
from rating.policy_value import PolicyValue, Worth

CENTS = 100.0
NAME, AMOUNT, INDENT = 24, 13, 4


def value_told(found: PolicyValue) -> dict[str, object]:
    """Give the values as plain values for JSON: money to the cent, times as whole numbers."""
    told: dict[str, object] = {"on": found.day.isoformat(), "policy_year": found.policy_year}
    return told | {one.name: _text(one) for one in found.figures}


def value_lines(found: PolicyValue) -> list[str]:
    """Give the values as lines."""
    return [
        f"{name.replace('_', ' '):<{NAME}} {text:>{AMOUNT}}"
        for name, text in value_told(found).items()
    ]


def explained(found: PolicyValue) -> list[str]:
    """Give the values line by line with their working and where they are declared."""
    return [line for one in found.figures for line in _explained(one)]


def _explained(one: Worth) -> Iterator[str]:
    yield f"{padded(one.name.replace('_', ' '), NAME)} {_text(one):>{AMOUNT}}"
    yield from wrapped(one.working, INDENT, start=INDENT)
    if one.at is not None and one.at.file:
        yield from wrapped(str(one.at), INDENT, start=INDENT)


def _text(one: Worth) -> str:
    if one.unit != "money":
        return f"{one.amount:.0f}"
    return f"{round_half_up(one.amount, 1, CENTS):.2f}"
