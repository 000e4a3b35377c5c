"""Risks in columns, and the grid cell × year on which everything long-term is evaluated."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder, Program
from product_factory.expressions.run import run
from product_factory.expressions.scope import Scope
from product_factory.expressions.tree import Conditions, Expression, Name
from product_factory.scopes import general_scope
from product_factory.types import Type

Floats = npt.NDArray[np.float64]
LONGEST = 130


@dataclass(frozen=True)
class Cells:
    """Risks in columns, encoded: variable name → one float a cell (a choice is its place)."""

    columns: Mapping[str, Floats]

    @property
    def size(self) -> int:
        """The number of cells."""
        return len(next(iter(self.columns.values())))

    def shown(self, product: AssembledProduct, cell: int) -> str:
        """Name a cell for a message: `age 35, sex M, term 20`."""
        words = []
        for name, column in self.columns.items():
            kind = product.variables[name].type if name in product.variables else None
            value = column[cell]
            text = kind.of[int(value)] if kind and kind.chosen else f"{value:g}"
            words.append(f"{name} {text}")
        return ", ".join(words)


class Grid:
    """Evaluates expressions on the grid cell × year."""

    def __init__(
        self, product: AssembledProduct, cells: Cells, extra: Mapping[str, Floats]
    ) -> None:
        self.product = product
        self.cells = cells
        self.term = self.once(Name("term", product.product.at))
        self.pay = self.once(Name("pay", product.product.at))
        self.years = int(self.term.max())
        if not 0 < self.years <= LONGEST or not np.isfinite(self.term).all():
            raise BadInput.one(product.product.at, "term", f"expected 1 to {LONGEST} years")
        year = np.arange(1, self.years + 1, dtype=np.float64)
        age = cells.columns.get("age", np.zeros(cells.size))
        self.known: dict[str, Floats] = {
            name: np.repeat(column, self.years) for name, column in cells.columns.items()
        }
        self.known["policy_year"] = np.tile(year, cells.size)
        self.known["attained_age"] = np.repeat(age, self.years) + self.known["policy_year"] - 1.0
        self.known["time_in_force.years"] = self.known["policy_year"] - 1.0
        self.known["time_in_force.days"] = 365.0 * self.known["time_in_force.years"]
        self.known |= {name: column.ravel() for name, column in extra.items()}

    def once(self, expression: Expression) -> Floats:
        """Evaluate what does not change with the year: one value a cell."""
        builder = Builder()
        bound = Binder(builder).value(expression, general_scope(self.product), Type("years"))
        builder.results["value"] = bound.register
        program = builder.finish()
        known = dict(self.cells.columns)
        value = self._run(program, known, expression.at)
        return np.broadcast_to(value, (self.cells.size,)).astype(np.float64)

    def value(
        self,
        expression: Expression,
        scope: Scope,
        wanted: Type | None,
        marks: Mapping[str, float] | None = None,
    ) -> Floats:
        """Evaluate on the grid: [cell, year]."""
        builder = Builder()
        bound = Binder(builder).value(expression, scope, wanted)
        builder.results["value"] = bound.register
        return self._shaped(builder.finish(), expression.at, marks or {})

    def holds(
        self, conditions: Conditions | None, scope: Scope, marks: Mapping[str, float]
    ) -> Floats:
        """Evaluate conditions on the grid: 1 where they hold."""
        builder = Builder()
        register = (
            Binder(builder).conditions(conditions, scope) if conditions else builder.constant(1.0)
        )
        builder.results["value"] = register
        at = conditions.at if conditions else At("")
        return self._shaped(builder.finish(), at, marks)

    def _shaped(self, program: Program, at: At, marks: Mapping[str, float]) -> Floats:
        size = self.cells.size * self.years
        known = {**self.known, **{name: np.full(size, value) for name, value in marks.items()}}
        value = self._run(program, known, at)
        return np.broadcast_to(value, (size,)).reshape(self.cells.size, self.years).copy()

    def _run(self, program: Program, known: Mapping[str, Floats], at: At) -> Floats:
        missing = [entry.name for entry in program.inputs if entry.name not in known]
        if missing:
            text = f"'{missing[0]}' is not known to the multistate engine here"
            raise BadInput.one(at, "", text)
        return run(program, known)[program.results["value"]]
