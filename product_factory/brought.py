"""Experience brought to the period priced: the one factor by which an assumption is multiplied.

It multiplies the mean number of an event, or the ground-up size of a mark before any term of the
contract applies, so that what exceeds a fixed deductible grows by more than the trend. Whatever
prices, simulates or explains reads it here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from product_factory.assembled import AssembledBasis, AssembledProduct
from product_factory.constants import constant
from product_factory.errors import BadInput
from product_factory.experience import DAYS_A_YEAR, Experience
from product_factory.numbers.portable import power
from product_factory.scopes import general_scope
from product_factory.types import Type

if TYPE_CHECKING:
    from product_factory.expressions.scope import Scope
    from product_factory.expressions.tree import Expression

NUMBER, RATIO = Type("number"), Type("ratio")
FROM = {
    "development": (0.0, "more than 0"),
    "large_losses": (0.0, "0% or more"),
    "trend": (-1.0, "more than -100%"),
}
"""What each figure is at least, also in words."""
MOST = 100.0
"""Beyond it a factor is a slip."""


@dataclass(frozen=True)
class Brought:
    """The factor of one event or mark, and what it is made of.

    development, large_losses, trend  each as a factor;  rate: the yearly trend, over `years`
    """

    key: str
    entry: Experience
    development: float
    large_losses: float
    rate: float
    years: float
    trend: float

    @property
    def factor(self) -> float:
        """What the assumption is multiplied by."""
        return self.development * self.large_losses * self.trend

    @property
    def parts(self) -> tuple[str, ...]:
        """Each part as a person reads it."""
        found: list[str] = []
        if self.entry.development is not None:
            found.append(f"development x {self.development:.6g}")
        if self.entry.large_losses is not None:
            found.append(f"large losses + {(self.large_losses - 1.0) * 100:.6g}%")
        if self.entry.span is not None:
            first, last = self.entry.span
            found.append(
                f"trend {self.rate * 100:.6g}% a year from {first} to {last} x {self.trend:.6g}"
            )
        return tuple(found)

    def told(self) -> dict[str, object]:
        """Give it as plain values for JSON."""
        span = self.entry.span
        return {
            "of": self.key,
            "factor": self.factor,
            "development": self.development,
            "large_losses": self.large_losses - 1.0,
            "trend": self.rate,
            "from": None if span is None else span[0].isoformat(),
            "to": None if span is None else span[1].isoformat(),
            "source": self.entry.source,
            "at": str(self.entry.at),
        }


def brought(
    product: AssembledProduct, basis: AssembledBasis, process: str, key: str
) -> Brought | None:
    """Give the factor of an event or mark; None where the basis says nothing of it.

    Raises BadInput where a figure depends on the risk, or is beyond what it can be.
    """
    entry = basis.experience.get(process, {}).get(key)
    if entry is None:
        return None
    path = f"{basis.name}.experience.{process}.{key}"
    return brought_of(entry, f"{process}.{key}", path, general_scope(product))


def brought_of(entry: Experience, key: str, path: str, scope: "Scope") -> Brought:
    """Give the factor of an entry. key: what it is of;  path: where it stands, for messages.

    Raises BadInput where a figure is not one for all in this scope, or is beyond what it can be.
    """

    def value(name: str, wanted: Type, otherwise: float) -> float:
        said: Expression | None = getattr(entry, name)
        if said is None:
            return otherwise
        found = constant(said, scope, wanted)
        where = f"{path}.{name}"
        if found is None:
            text = "expected one figure for all, got one that depends on the risk or the year"
            raise BadInput.one(said.at, where, text)
        low, least = FROM[name]
        if not (low < found <= MOST or (name == "large_losses" and found == low)):
            most, got = (f"{x:g}" if wanted is NUMBER else f"{x * 100:g}%" for x in (MOST, found))
            raise BadInput.one(said.at, where, f"expected {least}, at most {most}, got {got}")
        return found

    rate = value("trend", RATIO, 0.0)
    years = entry.days / DAYS_A_YEAR
    found = Brought(
        key=key,
        entry=entry,
        development=value("development", NUMBER, 1.0),
        large_losses=1.0 + value("large_losses", RATIO, 0.0),
        rate=rate,
        years=years,
        trend=float(power(1.0 + rate, years)),
    )
    if not 0.0 < found.factor <= MOST:
        text = f"expected a factor above 0, at most {MOST:g}, got {found.factor:g}"
        raise BadInput.one(entry.at, path, f"{text}: {', '.join(found.parts)}")
    return found


def all_brought(product: AssembledProduct, basis: AssembledBasis) -> Iterator[Brought]:
    """Give every factor of a basis, in the order of its file."""
    for process, entries in basis.experience.items():
        for key in entries:
            found = brought(product, basis, process, key)
            if found is not None:
                yield found
