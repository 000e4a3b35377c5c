"""What a name may stand for, and the scopes in which names are found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

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


Leaf: TypeAlias = (
    InputLeaf | ConstantLeaf | InlineLeaf | TableLeaf | ScheduleLeaf | RegisterLeaf | AbsentLeaf
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
class Home:
    """A scope of no names, which knows the currency of money that states none."""

    code: str

    def find(self, _name: str) -> Leaf | None:
        """Give None."""
        return None

    def names(self) -> Iterable[str]:
        """List nothing."""
        return ()

    @classmethod
    def of(cls, scope: Scope) -> str:
        """Give the code of the product's currency, nothing in a scope of no product."""
        if isinstance(scope, Layers):
            return next((code for layer in scope.layers if (code := cls.of(layer))), "")
        return scope.code if isinstance(scope, Home) else ""


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
