"""What a name may stand for, and the scopes in which names are found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol, TypeAlias

from product_factory.errors import At
from product_factory.expressions.tree import Expression
from product_factory.tables import Table
from product_factory.types import Type


@dataclass(frozen=True)
class InputLeaf:
    """A value that a risk, a claim or a step brings, by its name in the program's inputs."""

    name: str
    type: Type
    level: int = 0


@dataclass(frozen=True)
class ConstantLeaf:
    """A known number: a dated parameter, an interest rate."""

    value: float
    type: Type


@dataclass(frozen=True)
class InlineLeaf:
    """A value written elsewhere (a term, a loading): its expression, read in its own scope."""

    expression: Expression
    scope: "Scope"
    type: Type | None


@dataclass(frozen=True)
class TableLeaf:
    """A table, or one value column of it; its keys are found by name where it is used."""

    table: Table
    column: str


@dataclass(frozen=True)
class ScheduleLeaf:
    """A schedule: each row holds from that point of `by` on."""

    starts: tuple[float, ...]
    values: tuple[float, ...]
    by: str
    type: Type


@dataclass(frozen=True)
class RegisterLeaf:
    """A value that the program has computed already, such as an earlier step."""

    register: int
    type: Type


@dataclass(frozen=True)
class AbsentLeaf:
    """A dated parameter that has no value on the day that is asked for, and why."""

    says: str


@dataclass(frozen=True)
class CurrencyLeaf:
    """The currency of the product, in which money is that states none."""

    code: str


Leaf: TypeAlias = (
    InputLeaf
    | ConstantLeaf
    | InlineLeaf
    | TableLeaf
    | ScheduleLeaf
    | RegisterLeaf
    | AbsentLeaf
    | CurrencyLeaf
)


class Scope(Protocol):
    """Where names are found."""

    def find(self, name: str) -> Leaf | None:
        """Give what a name stands for, or None."""

    def names(self) -> Iterable[str]:
        """List the names that can be found, for "did you mean"."""


@dataclass(frozen=True)
class Names:
    """A scope made of a mapping."""

    leaves: Mapping[str, Leaf]

    def find(self, name: str) -> Leaf | None:
        """Give what a name stands for, or None."""
        return self.leaves.get(name)

    def names(self) -> Iterable[str]:
        """List the names."""
        return self.leaves.keys()


@dataclass(frozen=True)
class Home:
    """A scope that knows the currency of the product, under a name that nobody can write."""

    code: str

    NAME: ClassVar[str] = "the currency of the product"

    def find(self, name: str) -> Leaf | None:
        """Give the currency."""
        return CurrencyLeaf(self.code) if name == self.NAME else None

    def names(self) -> Iterable[str]:
        """List nothing."""
        return ()

    @classmethod
    def of(cls, scope: Scope) -> str:
        """Give the code of the product's currency, nothing in a scope of no product."""
        leaf = scope.find(cls.NAME)
        return leaf.code if isinstance(leaf, CurrencyLeaf) else ""


@dataclass(frozen=True)
class Layers:
    """Scopes one behind another: the first that knows a name gives it."""

    layers: tuple[Scope, ...]

    def find(self, name: str) -> Leaf | None:
        """Give what a name stands for in the first layer that knows it."""
        return next((leaf for s in self.layers if (leaf := s.find(name)) is not None), None)

    def names(self) -> Iterable[str]:
        """List the names of all layers."""
        return [name for layer in self.layers for name in layer.names()]


@dataclass(frozen=True)
class Read:
    """One name that a calculation reads, and where it is written.

    through  the names on the way from what is calculated to this one, none where it is read there
    table    whether it stands for a table or a column of one
    """

    name: str
    at: At
    through: tuple[str, ...] = ()
    table: bool = False
