"""The values and conditions of one cover or exclusion, written onto a program of its own."""

from dataclasses import dataclass

from product_factory.assembled import Cover
from product_factory.errors import At, BadInput
from product_factory.expressions.bind import Binder
from product_factory.expressions.operations import Op
from product_factory.expressions.program import Builder, Input
from product_factory.expressions.scope import InputLeaf, Layers, Names, Scope
from product_factory.expressions.tree import Conditions, Expression
from product_factory.module import AdjustLine, Then
from product_factory.types import Type
from rating.kernels import settle as k
from rating.payout.plan import CONTEXT, Entry

MONEY, DAYS, DATE = Type("money"), Type("days"), Type("date")


@dataclass(frozen=True)
class Known:
    """The names that a claim brings, in the order of the plan's arrays."""

    facts: tuple[str, ...]
    item_facts: tuple[str, ...]
    marks: tuple[str, ...]
    item_marks: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """One entry while the plan is being written; keys: at which stage each of its lines stands."""

    entry: Entry
    builder: Builder
    parts: dict[int, tuple[int, int, int]]
    lines: tuple[AdjustLine, ...]
    then: Then | None
    sources: dict[str, tuple[int, int]]
    keys: tuple[str, ...] = ()


class Parts:
    """Writes the parts of one entry onto one program."""

    def __init__(self, known: Known, cover: Cover, scope: Scope) -> None:
        """Start an empty program whose names are found in the scope."""
        self.known = known
        self.cover = cover
        self.scope = scope
        self.builder = Builder()
        self.binder = Binder(self.builder)
        self.parts: dict[int, tuple[int, int, int]] = {}

    def written(
        self,
        entry: Entry,
        lines: tuple[AdjustLine, ...],
        then: Then | None,
        keys: tuple[str, ...] = (),
    ) -> Written:
        """Close the program, with the place of each of its inputs."""
        sources = {one.name: self._source(one) for one in self.builder.inputs}
        return Written(entry, self.builder, self.parts, lines, then, sources, keys)

    def value(
        self,
        part: int,
        value: Expression,
        wanted: Type,
        line: int | None = None,
        scope: Scope | None = None,
    ) -> None:
        """Write a value; that of a line may read what the lines above left."""
        scope = scope or self.scope
        if line is not None:
            # `so_far` differs from line to line, so each line has an input of its own
            so_far = InputLeaf(f"so_far[{line}]", MONEY)
            scope = Layers((Names({"so_far": so_far}), scope))
        first = self._open()
        bound = self.binder.value(value, scope, wanted)
        self._close(part, first, bound.register)

    def condition(
        self, part: int, conditions: Conditions | None, scope: Scope | None = None
    ) -> None:
        """Write conditions, if there are any."""
        if conditions is None:
            return
        first = self._open()
        self._close(part, first, self.binder.conditions(conditions, scope or self.scope))

    def waiting(self, length: Expression, by: str, at: At) -> None:
        """Write whether a date lies within the waiting period since first inception."""
        first = self._open()
        waiting = self.binder.value(length, self.scope, DAYS)
        day = self.builder.input("date", DATE)
        if by != "date":
            leaf = self.scope.find(by)
            if not isinstance(leaf, InputLeaf) or leaf.type.kind != "date":
                raise BadInput.one(
                    at, "pays.waits.by", f"expected a mark that is a date, got '{by}'"
                )
            day = self.builder.input(by, DATE)
        start = self.builder.input("start", DATE)
        days = self.builder.emit(Op.SUB, day, start)
        self._close(k.WAITS, first, self.builder.emit(Op.LT, days, waiting.register))

    def _open(self) -> int:
        self.builder.separate()
        return len(self.builder.operations)

    def _close(self, part: int, first: int, register: int) -> None:
        self.parts[part] = (first, len(self.builder.operations), register)
        self.builder.results[str(part)] = register

    def _source(self, entry: Input) -> tuple[int, int]:
        known, name = self.known, entry.name
        if name.startswith("so_far["):
            return k.SO_FAR, int(name[7:-1])
        if name == "item":
            return k.ITEM, 0
        groups = (
            (k.MARK, known.marks),
            (k.ITEM_MARK, known.item_marks),
            (k.FACT, known.facts),
            (k.ITEM_FACT, known.item_facts),
            (k.CONTEXT, CONTEXT),
        )
        for kind, names in groups:
            if name in names:
                return kind, names.index(name)
        at = self.cover.module.at
        raise BadInput.one(at, self.cover.alias, f"'{name}' is not known when a claim is paid")
