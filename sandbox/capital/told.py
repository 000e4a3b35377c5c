"""Capital told to a person or a program: every amount with how it comes about."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sandbox.capital.assess import Capital
from sandbox.capital.item import Item
from sandbox.capital.ratio import Ratio

if TYPE_CHECKING:
    from product_factory.parameters import DatedValue


def capital_lines(capital: Capital) -> list[str]:
    """Give the requirement as a tree, the ratios, and the factors that were not read."""
    found = [f"{capital.company.PACK}, on {capital.company.on}"]
    found += list(_tree(capital.required, 0))
    for ratio in capital.ratios:
        verdict = "met" if ratio.met else "NOT MET"
        found.append(
            f"{ratio.name}: {ratio.funds:,.2f} = {ratio.value:.2%}, at least {ratio.least:.0%}: "
            f"{verdict}"
        )
    if capital.weak:
        found.append("to be verified; these factors were not read in their source:")
    families: dict[tuple[str, str, str], list[DatedValue]] = {}
    for value in capital.weak:
        key = (value.name.rpartition(".")[0], value.trust, value.reference)
        families.setdefault(key, []).append(value)
    for (family, trust, reference), values in families.items():
        names = ", ".join(value.name.rpartition(".")[2] for value in values)
        found.append(f"  {family}: {names} ({trust}; {reference}) {values[0].at}")
    return found


def capital_told(capital: Capital) -> dict[str, object]:
    """Give capital as plain values for JSON."""
    return {
        "kind": capital.company.PACK,
        "on": capital.company.on.isoformat(),
        "required": _item(capital.required),
        "ratios": {ratio.name: _ratio(ratio) for ratio in capital.ratios},
        "met": capital.met,
        "verify": [
            {
                "parameter": value.name,
                "value": value.said(),
                "since": value.since.isoformat(),
                "reference": value.reference,
                "trust": value.trust,
            }
            for value in capital.weak
        ],
    }


def _tree(item: Item, depth: int) -> Iterator[str]:
    """Give an item and its parts, without parts that are nothing."""
    label = f"{'  ' * depth}{item.name}"
    yield f"{label:<36} {item.amount:>22,.2f}  {item.how}".rstrip()
    for part in item.parts:
        if part.amount and not part.name.startswith("k"):
            yield from _tree(part, depth + 1)


def _item(item: Item) -> dict[str, object]:
    return {
        "name": item.name,
        "amount": item.amount,
        "how": item.how,
        "parts": [_item(part) for part in item.parts],
    }


def _ratio(ratio: Ratio) -> dict[str, object]:
    finite = ratio.value if ratio.value != float("inf") else None
    return {"value": finite, "funds": ratio.funds, "least": ratio.least, "met": ratio.met}
