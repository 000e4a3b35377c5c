"""What kind of change it is when a value changes: price, benefit, wording, rule or metadata."""

from collections.abc import Iterable

from product_factory.effective.entry import KINDS, ORDER, Kind

# By the last key: what is printed, and what only explains.
LAST: dict[str, Kind] = dict.fromkeys(("zh", "en", "printed", "clauses", "defines"), "wording")
LAST |= dict.fromkeys(("because", "source", "working", "reference", "reason", "role"), "metadata")
LAST |= dict.fromkeys(("trust", "status", "version", "for_sale", "use"), "metadata")

# By the first key. One that is not listed is a benefit: nothing that may move money is overlooked.
FIRST: dict[str, Kind] = dict.fromkeys(
    ("bases", "rating", "tables", "built", "currency", "contract.pay"), "price"
)
FIRST |= dict.fromkeys(("line", "design", "sold_to", "channel", "jurisdiction"), "rule")
FIRST |= dict.fromkeys(("gates", "waivers", "rules", "parameters"), "rule")
FIRST |= dict.fromkeys(("provisions", f"covers{ORDER}"), "wording")
FIRST |= dict.fromkeys(("product", "effective", "drafted", "extends", "overlays"), "metadata")
FIRST |= dict.fromkeys(("quotes", "claims", "portfolio", "reinsurance", "scenarios"), "metadata")


def kind_of(path: str) -> Kind:
    """Give the kind of a value by its path."""
    if path in FIRST:
        return FIRST[path]
    parts = path.removesuffix(ORDER).split(".")
    if parts[0] in FIRST and FIRST[parts[0]] in ("rule", "metadata"):
        return FIRST[parts[0]]
    if parts[-1] in LAST:
        return LAST[parts[-1]]
    return FIRST.get(".".join(parts[:2])) or FIRST.get(parts[0], "benefit")


def foremost(kinds: Iterable[Kind], otherwise: Kind = "metadata") -> Kind:
    """Give the kind that moves most."""
    return min(kinds, key=KINDS.index, default=otherwise)
