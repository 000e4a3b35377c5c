"""What `accepts` lets in: judged for given risks, and enumerated for rate tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.declared import Accepts
from product_factory.errors import At, BadInput, nearest
from product_factory.expressions.bind import Binder
from product_factory.expressions.operations import ITEM, Op
from product_factory.expressions.program import Builder, Program
from product_factory.expressions.run import run
from product_factory.strict import Bilingual
from product_factory.types import Type
from rating.encode import Readers, readers
from rating.steps.step import rating_scope

Floats = npt.NDArray[np.float64]
REFUSED = "refused"
MOST_CELLS = 5_000_000


@dataclass(frozen=True)
class Line:
    """One line of `accepts`: its name and what it says to the customer."""

    name: str
    says: Bilingual
    at: At


@dataclass(frozen=True)
class Domain:
    """The lines of `accepts` as one program; its result is the first line that refuses, or -1."""

    lines: tuple[Line, ...]
    program: Program

    @classmethod
    def of(cls, product: AssembledProduct) -> "Domain":
        """Bind `accepts`, once a product; BadInput for unknown names, items without `each`."""

        def bound() -> "Domain":
            builder = Builder()
            builder.results[REFUSED] = bind_refusals(builder, product)
            return cls(refusal_lines(product), builder.finish())

        return product.derive("domain", bound)

    def refused(
        self, columns: Mapping[str, Floats], offsets: npt.NDArray[np.int64] | None = None
    ) -> npt.NDArray[np.int64]:
        """Give for each policy the index of the first line that refuses it, or -1."""
        policies = _policies(columns, offsets)
        found = run(self.program, columns, offsets)[self.program.results[REFUSED]]
        return np.broadcast_to(found, (policies,)).astype(np.int64)


def _policies(columns: Mapping[str, Floats], offsets: npt.NDArray[np.int64] | None) -> int:
    if offsets is not None:
        return len(offsets) - 1
    return max((len(column) for column in columns.values()), default=1)


def refusal_lines(product: AssembledProduct) -> tuple[Line, ...]:
    """List the lines of `accepts`."""
    return tuple(Line(line.name, line.says, line.at) for line in product.product.accepts)


def bind_refusals(builder: Builder, product: AssembledProduct) -> int:
    """Bind all lines; the register holds the index of the first that refuses, or -1."""
    registers = [bind_line(builder, product, line) for line in product.product.accepts]
    return _first(builder, registers)


def _first(builder: Builder, registers: Sequence[int]) -> int:
    result = builder.constant(-1.0)
    for place in reversed(range(len(registers))):
        result = builder.emit(Op.WHERE, registers[place], builder.constant(place), result)
    return result


def bind_line(builder: Builder, product: AssembledProduct, line: Accepts) -> int:
    """Bind one line; the register holds 1 where it refuses."""
    binder, scope = Binder(builder), rating_scope(product)
    required = binder.value(line.require, scope, Type("yes_no")).register
    refused = builder.emit(Op.NOT, required)
    if line.when is not None:
        refused = builder.emit(Op.AND, binder.conditions(line.when, scope), refused)
    if builder.level(refused) != ITEM:
        return refused
    if line.each != "item":
        text = "this reads values of items; say 'each: item'"
        raise BadInput.one(line.place("require"), line.name, text)
    failing = builder.emit(Op.TOTAL_SUM, refused)
    return builder.emit(Op.GT, failing, builder.constant(0.0))


def cells(product: AssembledProduct, axes: Sequence[str]) -> dict[str, Floats]:
    """Enumerate every combination of policy variables that `accepts` lets in, last axis fastest.

    A line of `accepts` that reads a variable outside of the axes is not tested. Choices stand as
    their place in `of`.

    Raises BadInput for an axis that is unknown, has no end, for too many cells, or for none.
    """
    known = readers(product)
    grids = [_values(known, axis) for axis in axes]
    size = int(np.prod([grid.size for grid in grids], dtype=np.float64))
    if size > MOST_CELLS:
        text = f"expected at most {MOST_CELLS} cells of a rate table, got {size}"
        raise BadInput.one(product.product.at, "", text)
    mesh = np.meshgrid(*grids, indexing="ij")
    columns = {axis: grid.ravel() for axis, grid in zip(axes, mesh, strict=True)}
    builder = Builder()
    lines = [line for line in product.product.accepts if reads_only(product, line, set(axes))]
    builder.results[REFUSED] = _first(builder, [bind_line(builder, product, a) for a in lines])
    program = builder.finish()
    found = run(program, columns)[program.results[REFUSED]]
    inside = np.broadcast_to(found, (size,)) < 0.0
    if not inside.any():
        text = f"'accepts' refuses every combination of {', '.join(axes)}"
        raise BadInput.one(product.product.at, "accepts", text)
    return {axis: column[inside] for axis, column in columns.items()}


def _values(known: Readers, axis: str) -> Floats:
    if axis not in known.policy:
        raise BadInput.one(
            At(""), "axes", f"unknown variable '{axis}'{nearest(axis, known.policy)}"
        )
    return known.policy[axis].values()


def reads_only(product: AssembledProduct, line: Accepts, axes: set[str]) -> bool:
    """Tell whether a line of `accepts` reads no other variables than these."""
    builder = Builder()
    bind_line(builder, product, line)
    return {entry.name for entry in builder.inputs} <= axes
