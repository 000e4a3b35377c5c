"""Risks in columns, with their items; a cell is a set of policies that are identical."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledProduct
from product_factory.errors import At, BadInput
from product_factory.expressions.bind import Binder
from product_factory.expressions.program import Builder, Program
from product_factory.expressions.run import run
from product_factory.expressions.scope import InputLeaf, Leaf, Names
from product_factory.expressions.tree import Conditions, Expression
from product_factory.numbers.hashing import hash64
from product_factory.scopes import general_scope, item_variables
from product_factory.types import Type
from rating.engines.collective.members import Members
from rating.engines.collective.periods import YEAR, Periods
from rating.payout import CONTEXT

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
DAYS = 365.0
TAKEN = 1.0
"""A choice of yes or no that is yes."""


@dataclass(frozen=True)
class RiskCells:
    """Identical policies, one row a cell; choices stand as their place.

    policies      [cell] how many policies
    columns       policy variable → [cell]
    item_columns  item variable → [cell, item], NaN where the item is not insured
    present       [cell, item] 1 where the item is insured
    keys          [cell] 64-bit hash of what the risk is, which names its random numbers
    years         [cell] the policy year that is priced, of a contract of many; None: the first
    periods       when the policies are on risk; None: the whole year, which begins with each
    members       those of the items of which several may stand in a policy; None where none may
    item          [row] of rows as `rows_of` gives them: which item, -1 for a policy as a whole
    policy        [row] of such rows: the cell of its policy
    elapsed       [cell] policy years that are over on the day of the run, of a contract of many;
                  None: none of any
    """

    product: AssembledProduct
    policies: Integers
    columns: Mapping[str, Floats]
    item_columns: Mapping[str, Floats]
    present: Integers
    keys: npt.NDArray[np.uint64]
    years: Floats | None = None
    periods: Periods | None = None

    @property
    def share(self) -> Floats:
        """The part of the year for which a policy of each cell is on risk."""
        return np.ones(self.size) if self.periods is None else self.periods.share

    @property
    def days(self) -> tuple[Integers, Integers]:
        """The first day on risk of each cell, and the day after the last."""
        if self.periods is not None:
            return self.periods.first, self.periods.last
        return np.zeros(self.size, dtype=np.int64), np.full(self.size, YEAR, dtype=np.int64)

    members: Members | None = None
    item: Integers | None = None
    policy: Integers | None = None
    elapsed: Integers | None = None

    @property
    def policy_years(self) -> Floats:
        """The policy year of each cell."""
        return np.ones(self.size) if self.years is None else self.years

    @property
    def years_to_come(self) -> Floats:
        """The year from the day of the run on, 1 for the first, that each cell's policy year is."""
        return self.policy_years if self.elapsed is None else self.policy_years - self.elapsed

    @property
    def size(self) -> int:
        """The number of cells."""
        return len(self.policies)

    @cached_property
    def begun(self) -> Floats:
        """The `context` of every cell before any premium."""
        return context(self)

    def where(self, rows: Integers) -> "RiskCells":
        """Give some of the cells."""
        return replace(
            self,
            policies=self.policies[rows],
            columns={name: column[rows] for name, column in self.columns.items()},
            item_columns={name: column[rows] for name, column in self.item_columns.items()},
            present=self.present[rows],
            keys=self.keys[rows],
            years=None if self.years is None else self.years[rows],
            periods=None if self.periods is None else self.periods.where(rows),
            members=None if self.members is None else self.members.where(rows),
            item=None if self.item is None else self.item[rows],
            policy=None if self.policy is None else self.policy[rows],
            elapsed=None if self.elapsed is None else self.elapsed[rows],
        )

    def shown(self, cell: int) -> str:
        """Name a cell for a message: with its policy year, where there are many."""
        shown = describe(self.product, {n: float(c[cell]) for n, c in self.columns.items()})
        if self.years is None:
            return shown
        year = float(self.years[cell])
        shown = f"{shown}, policy year {year:g}"
        if "age" not in self.columns:
            return shown
        return f"{shown}, attained age {self.columns['age'][cell] + year - 1.0:g}"


def describe(product: AssembledProduct, values: Mapping[str, float]) -> str:
    """Write a risk as `city xiamen, deductible 500`."""
    words = []
    for name, value in values.items():
        kind = product.variables[name].type
        words.append(f"{name} {kind.of[int(value)] if kind.chosen else f'{value:.12g}'}")
    return ", ".join(words)


def risk_cells(  # noqa: PLR0913 - each is a part of what tells risks apart
    product: AssembledProduct,
    policies: Integers,
    columns: Mapping[str, Floats],
    item_columns: Mapping[str, Floats],
    present: Integers,
    periods: Periods | None = None,
    members: Members | None = None,
    *,
    elapsed: Integers | None = None,
) -> RiskCells:
    """Make cells; a cell's key hashes what the risk is, so it does not depend on the others.

    The choice of an optional cover names random numbers only where it is left out: who takes it has
    those of a product that has the cover for all, or that does not have it yet.
    """
    kinds = {name: variable.type for name, variable in product.variables.items()}
    kinds |= {name: variable.type for name, variable in item_variables(product).items()}
    promises = (*product.product.covers, *product.product.riders)
    optional = {use.alias for use in promises if use.optional}
    keys = np.zeros(len(policies), dtype=np.uint64)
    for cell in range(len(policies)):
        words = [
            f"{name}={_word(kinds[name], column[cell])}"
            for name, column in sorted(columns.items())
            if not (name in optional and column[cell] == TAKEN)
        ]
        for place, item in enumerate(product.items):
            if present[cell, place]:
                words += [
                    f"{item}.{n}={_word(kinds[n], column[cell, place])}"
                    for n, column in sorted(item_columns.items())
                ]
        if members is not None:
            items = list(product.items)
            for row in range(members.offsets[cell], members.offsets[cell + 1]):
                words.append(items[members.item[row]])
                words += [f"{n}={_word(kinds[n], c[row])}" for n, c in members.sorted_columns]
        if periods is not None and periods.named(cell):
            words.append(periods.named(cell))
        if elapsed is not None and elapsed[cell]:
            words.append(f"{elapsed[cell]} years elapsed")
        keys[cell] = hash64("|".join(words))
    return RiskCells(
        product,
        policies,
        columns,
        item_columns,
        present,
        keys,
        periods=periods,
        members=members,
        elapsed=elapsed,
    )


def rows_of(cells: RiskCells, hit: Collection[int]) -> RiskCells:
    """Give the cells, then a row for each of their items that events hit one by one.

    hit  places of such items among those of the product. The rows stand policy after policy, the
    items of one in the order of the product; a row knows its policy, and no item but its own.
    """
    policy, item = np.nonzero(cells.present)
    found = {name: column[policy, item] for name, column in cells.item_columns.items()}
    if cells.members is not None:
        policy = np.concatenate([policy, cells.members.policy])
        item = np.concatenate([item, cells.members.item])
        found = {n: np.concatenate([c, cells.members.columns[n]]) for n, c in found.items()}
    rows = np.lexsort((item, policy))
    rows = rows[np.isin(item[rows], list(hit))]
    policy, item = policy[rows], item[rows].astype(np.int64)
    of = np.concatenate([np.arange(cells.size), policy])
    rest, place = np.arange(cells.size, of.size), np.full(of.size, -1, dtype=np.int64)
    place[rest] = item
    present = cells.present[of]
    present[rest] = 0
    present[rest, item] = 1
    columns = {}
    for name, column in cells.item_columns.items():
        columns[name] = column[of]
        columns[name][rest] = np.nan
        columns[name][rest, item] = found[name][rows]
    whole = replace(cells, members=None).where(of)
    return replace(whole, item_columns=columns, present=present, item=place, policy=of)


def _word(kind: Type, value: float) -> str:
    if kind.chosen and np.isfinite(value) and value >= 0.0:
        return kind.of[int(value)]
    return repr(float(value))


class CellValues:
    """Evaluates expressions for every cell, or for one item of every cell.

    marks  choices of an event that are known: name → (type, place)
    """

    def __init__(
        self, cells: RiskCells, marks: Mapping[str, tuple[Type, float]] | None = None
    ) -> None:
        """Lay out what a contract knows at the start of the policy year."""
        marks = marks or {}
        self.cells = cells
        leaves: dict[str, Leaf] = {name: InputLeaf(name, kind) for name, (kind, _) in marks.items()}
        self.scope = general_scope(cells.product, Names(leaves))
        ones, years = np.ones(cells.size), cells.policy_years
        self.known: dict[str, Floats] = dict(cells.columns)
        age = cells.columns.get("age")
        if age is not None:
            self.known.setdefault("attained_age", age + (years - 1.0))
        self.known.setdefault("policy_year", years)
        if cells.item is not None and (cells.item >= 0).all():
            rows = np.arange(cells.size)
            self.known |= {n: column[rows, cells.item] for n, column in cells.item_columns.items()}
            self.known["item"] = cells.item.astype(np.float64)
        self.known |= {name: ones * place for name, (_, place) in marks.items()}

    def value(self, expression: Expression, wanted: Type, item: int = -1) -> Floats:
        """Give one value a cell."""
        builder = Builder()
        bound = Binder(builder).value(expression, self.scope, wanted)
        return self._run(builder, bound.register, expression.at, item)

    def holds(self, conditions: Conditions, item: int = -1) -> npt.NDArray[np.bool_]:
        """Tell for each cell whether conditions hold."""
        builder = Builder()
        register = Binder(builder).conditions(conditions, self.scope)
        return np.asarray(self._run(builder, register, conditions.at, item) != 0.0, dtype=np.bool_)

    def _run(self, builder: Builder, register: int, at: At, item: int) -> Floats:
        builder.results["value"] = register
        program: Program = builder.finish()
        known = dict(self.known)
        if item >= 0:
            known |= {name: column[:, item] for name, column in self.cells.item_columns.items()}
            known["item"] = np.full(self.cells.size, float(item))
        for entry in program.inputs:
            if entry.name not in known:
                text = f"'{entry.name}' is not known to the collective engine here"
                raise BadInput.one(at, "", text)
        offsets = np.arange(self.cells.size + 1)
        value = run(program, known, offsets)[program.results["value"]]
        return np.broadcast_to(value, (self.cells.size,)).astype(np.float64)


def context(cells: RiskCells, premiums: Floats | None = None) -> Floats:
    """Give the closed list at the start of the policy year: [cell, name of CONTEXT].

    Days are counted from the start of the contract, 365 to a year; they are below 0 where it begins
    within the year.
    """
    begun = cells.policy_years - 1.0
    days = DAYS * begun if cells.periods is None else cells.periods.before.astype(np.float64)
    found = np.full((cells.size, len(CONTEXT)), np.nan)
    values = CellValues(cells).known
    for place, name in enumerate(CONTEXT):
        if name in values:
            found[:, place] = values[name]
        elif name in ("premium", "premiums_paid") and premiums is not None:
            found[:, place] = premiums
        elif name in ("date", "time_in_force.days"):
            found[:, place] = days
        elif name == "time_in_force.years":
            found[:, place] = (
                begun if cells.periods is None else np.floor(np.maximum(days, 0.0) / DAYS)
            )
        elif name == "start":
            found[:, place] = 0.0
    return found
