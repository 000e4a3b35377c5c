"""What every step of a tariff shares: its name, its level, and how it is bound."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput
from product_factory.expressions.bind import Binder, Bound
from product_factory.expressions.operations import ITEM, POLICY, Op
from product_factory.expressions.scope import Home, Layers, Names, Read, RegisterLeaf
from product_factory.expressions.tree import Name
from product_factory.scopes import (
    BasesLayer,
    CoverTerms,
    TablesLayer,
    parameters_layer,
    variables_layer,
)
from product_factory.strict import Strict, Word

Level: TypeAlias = Literal["policy", "item"]
LEVELS: dict[str, int] = {"policy": POLICY, "item": ITEM}


class RatingStep(Strict):
    """One line of `rating.yaml`: it leaves a named value, or it decides about the risk.

    cover  the cover of the product that it belongs to, as one whose premium or minimum it is
    """

    DECIDES: ClassVar[bool] = False

    name: Word
    cover: Word | None = None


@dataclass(frozen=True)
class Operand:
    """A name that a step reads, with the register that holds its value."""

    name: str
    register: int
    bound: Bound


@dataclass(frozen=True)
class BoundStep:
    """A step whose names are resolved.

    register  holds its value, or 1 where it decides
    type      of the value
    level     0 policy, 1 item
    operands  the names that its formula shows, with their values
    reads     every name that it reads, with its place
    """

    step: RatingStep
    register: int
    bound: Bound
    level: int
    operands: tuple[Operand, ...]
    reads: tuple[Read, ...]

    @property
    def name(self) -> str:
        """The step's name."""
        return self.step.name

    @property
    def decides(self) -> bool:
        """Whether it refers or declines instead of leaving a value."""
        return self.step.DECIDES


@dataclass(frozen=True)
class Context:
    """What a step may read: earlier steps, facts and choices, tables, bases, parameters."""

    product: AssembledProduct
    binder: Binder
    earlier: Mapping[str, BoundStep]

    @property
    def scope(self) -> Layers:
        """The names in the order in which they are looked up."""
        steps = {
            name: RegisterLeaf(entry.register, entry.bound.type)
            for name, entry in self.earlier.items()
            if not entry.decides
        }
        return Layers((Names(steps), rating_scope(self.product)))

    def step_value(self, name: str, at: At) -> Bound:
        """Give the value of an earlier step or another name. Raises BadInput when it is unknown."""
        return self.binder.value(Name(name, at), self.scope)

    def at_level(self, bound: Bound, level: Level, at: At) -> Bound:
        """Bring a value to the level of its step. Raises BadInput for a way up without a total."""
        builder = self.binder.builder
        if builder.level(bound.register) == LEVELS[level]:
            return bound
        if level == "policy":
            text = "this reads values of items; say 'level: item', or bring them up with a total"
            raise BadInput.one(at, "", text)
        if not self.product.items:
            raise BadInput.one(at, "", "the product has no items, so no step is of level item")
        return Bound(builder.emit(Op.GATHER, bound.register), bound.type)


def rating_scope(product: AssembledProduct) -> Layers:
    """Give the names that are known when a policy is rated: nothing that only time brings."""
    return product.derive("rating_scope", lambda: _rating(product))


def _rating(product: AssembledProduct) -> Layers:
    return Layers(
        (
            Names(variables_layer(product)),
            CoverTerms(product),
            TablesLayer(product.tables),
            BasesLayer(product),
            Names(parameters_layer(product)),
            Home(product.product.currency),
        )
    )
