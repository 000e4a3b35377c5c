"""Risks in columns, and the grid cell × step on which everything long-term is evaluated."""

from collections.abc import Mapping
from copy import copy
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
from rating.engines.multistate.amount import UNKNOWN, Amount

Floats = npt.NDArray[np.float64]
LONGEST = 130
LIFE = "life"
ELAPSED = "elapsed_years"


@dataclass(frozen=True)
class Cells:
    """Risks in columns, encoded: variable name → one float a cell (a choice is its place).

    elapsed  [cell] whole policy years that are over on the day that is time 0; None: none of any.
             Columns are those of the issue. What a basis states by time (interest, growth of
             expenses, inflation) is counted from that day; all else by policy year
    """

    columns: Mapping[str, Floats]
    elapsed: npt.NDArray[np.int64] | None = None

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
        if self.elapsed is not None:
            words.append(f"{ELAPSED} {self.elapsed[cell]}")
        return ", ".join(words)


class Grid:
    """Evaluates expressions on the grid cell × step.

    term      [cell] how many years the contract lasts;  pay: [cell] in how many a premium is due
    per_year  steps in a policy year

    `policy_year` and `attained_age` are those of the step's policy year, `time_in_force` counts to
    the step's start.
    """

    def __init__(
        self, product: AssembledProduct, cells: Cells, term: Floats, per_year: int = 1
    ) -> None:
        self.product = product
        self.cells = cells
        self.term = term
        self.per_year = per_year
        if not ((term > 0).all() and (term <= LONGEST).all()):
            raise BadInput.one(product.product.at, "term", f"expected 1 to {LONGEST} years")
        self.years = int(np.ceil(term.max()))
        self.steps = self.years * per_year
        declared = product.product.contract.pay
        self.pay = term if declared == LIFE else once(product, cells, "pay")
        step = np.arange(self.steps, dtype=np.float64)
        year = np.floor(step / per_year) + 1.0
        age = cells.columns.get("age", np.zeros(cells.size))
        self.known: dict[str, Floats] = {
            name: np.repeat(column, self.steps) for name, column in cells.columns.items()
        }
        if product.product.contract.term == LIFE:
            self.known["term"] = np.repeat(term, self.steps)
        if declared == LIFE:
            self.known["pay"] = np.repeat(term, self.steps)
        self.known["policy_year"] = np.tile(year, cells.size)
        self.known["attained_age"] = np.repeat(age, self.steps) + self.known["policy_year"] - 1.0
        self.known["time_in_force.years"] = np.tile(step / per_year, cells.size)
        self.known["exact_age"] = np.repeat(age, self.steps) + self.known["time_in_force.years"]
        self.known["time_in_force.days"] = 365.0 * self.known["time_in_force.years"]

    def of_life(self, facts: Mapping[str, str], life: str) -> "Grid":
        """Give the grid as the rates of one of two lives see it.

        facts  name → the fact of that life that it stands for. Raises BadInput for one not known.
        """
        own = copy(self)
        missing = next((fact for fact in facts.values() if fact not in self.known), "")
        if missing:
            text = f"'{missing}' is not known to the multistate engine here"
            raise BadInput.one(self.product.product.place("lives"), f"lives.{life}", text)
        own.known = {**self.known, **{name: self.known[fact] for name, fact in facts.items()}}
        if "age" in facts:
            own.known["attained_age"] = own.known["age"] + own.known["policy_year"] - 1.0
            own.known["exact_age"] = own.known["age"] + own.known["time_in_force.years"]
        return own

    def value(
        self,
        expression: Expression,
        scope: Scope,
        wanted: Type | None,
        marks: Mapping[str, float] | None = None,
    ) -> Floats:
        """Evaluate what depends on nothing unknown: [cell, step]."""
        amount = self.amount(expression, scope, wanted, marks)
        if amount.reads:
            name = min(amount.reads)
            text = f"'{name}' is not known to the multistate engine here"
            raise BadInput.one(expression.at, "", text)
        return amount.whole({})

    def amount(
        self,
        expression: Expression,
        scope: Scope,
        wanted: Type | None,
        marks: Mapping[str, float] | None = None,
    ) -> Amount:
        """Bind an amount, which may read what is not known yet."""
        builder = Builder()
        bound = Binder(builder).value(expression, scope, wanted)
        builder.results["value"] = bound.register
        return self._amount(builder.finish(), expression.at, marks or {})

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
        amount = self._amount(builder.finish(), at, marks)
        if amount.reads:
            text = f"conditions cannot wait for '{min(amount.reads)}', which is solved for"
            raise BadInput.one(at, "", text)
        return amount.whole({})

    def _amount(self, program: Program, at: At, marks: Mapping[str, float]) -> Amount:
        size = self.cells.size * self.steps
        known = {**self.known, **{name: np.full(size, value) for name, value in marks.items()}}
        for entry in program.inputs:
            if entry.name not in known and entry.name not in UNKNOWN:
                text = f"'{entry.name}' is not known to the multistate engine here"
                raise BadInput.one(at, "", text)
        return Amount.of(program, known, self.cells.size, self.steps)


YEARS = Type("years")


def once(product: AssembledProduct, cells: Cells, name: str, wanted: Type = YEARS) -> Floats:
    """Evaluate `term` or `pay`, in years, or another fact or choice: one value a cell."""
    at = product.product.at
    builder = Builder()
    bound = Binder(builder).value(Name(name, at), general_scope(product), wanted)
    builder.results["value"] = bound.register
    program = builder.finish()
    missing = [entry.name for entry in program.inputs if entry.name not in cells.columns]
    if missing:
        raise BadInput.one(at, name, f"'{missing[0]}' is not known to the multistate engine here")
    value = run(program, dict(cells.columns))[program.results["value"]]
    return np.broadcast_to(value, (cells.size,)).astype(np.float64)
