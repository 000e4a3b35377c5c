"""What a basis spends on a contract, and what it states on the grid, as arrays."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from product_factory.assembled import AssembledBasis
from product_factory.basis import Expense
from product_factory.constants import constant
from product_factory.errors import At, BadInput
from product_factory.expenses import EXPENSES
from product_factory.expressions.scope import Scope
from product_factory.expressions.tree import Name
from product_factory.numbers.dates import MONTHS_IN_YEAR
from product_factory.numbers.portable import power
from product_factory.types import Type
from rating.engines.multistate.grid import Grid

Floats = npt.NDArray[np.float64]
MONEY, RATIO = Type("money"), Type("ratio")


def stated(values: Floats, within: Floats, grid: Grid, path: str, at: At) -> Floats:
    """Give values where the contract runs, 0 elsewhere. Raises BadInput where one is no number."""
    bad = ~np.isfinite(values) & (within > 0.0)
    if bad.any():
        cell, step = np.argwhere(bad)[0]
        where = grid.cells.shown(grid.product, int(cell))
        text = f"no value at {where}, policy year {int(step) // grid.per_year + 1}"
        raise BadInput.one(at, path, f"expected a number, got {text}: the table ends")
    return np.where(within > 0.0, values, 0.0)


def spent(
    basis: AssembledBasis,
    grid: Grid,
    scope: Scope,
    within: Floats,
    first: npt.NDArray[np.bool_],
    faster: Mapping[str, Floats] | None = None,
) -> dict[str, Floats]:
    """Add up expenses by what they are for; those of a year fall in its first step.

    faster  what they are for → what is added to their yearly growth, [cell, step]
    """
    found = {name: np.zeros_like(within) for name in EXPENSES}
    for expense in basis.expenses:
        kind = EXPENSES[expense.per]
        path = f"{basis.name}.expenses.{expense.name}"
        fits = within * grid.holds(expense.when, scope, {})
        amount = grid.value(expense.amount, scope, kind.amount)
        amount = stated(amount, fits, grid, f"{path}.amount", expense.amount.at)
        if expense.grows is not None:
            amount = amount * _since_stated(_grown(expense, grid, scope, path), grid)
        if faster and (kind.joins or kind.name) in faster:
            amount = amount * _sped(expense, grid, scope, faster[kind.joins or kind.name])
        if expense.per == "sum_insured":
            amount = amount * grid.value(Name("sum_insured", expense.at), scope, MONEY)
        if kind.falls == "year":
            fits = fits * first[None, :]
        elif kind.falls == "month":
            fits = fits * (MONTHS_IN_YEAR / grid.per_year)
        found[kind.joins or kind.name] += amount * fits
    return found


def _grown(expense: Expense, grid: Grid, scope: Scope, path: str) -> Floats:
    """Give how much an expense of 1 has grown by each step's start: [step]."""
    assert expense.grows is not None  # noqa: S101 - asked for those that grow
    growth = constant(expense.grows, scope, RATIO) or 0.0
    if growth <= -1.0:
        text = f"expected growth above -100%, got {growth:.6%}"
        raise BadInput.one(expense.grows.at, f"{path}.grows", text)
    if expense.grows_every == "month":
        return _by_month(growth, grid.steps, grid.per_year)
    factors = np.cumprod(np.concatenate([[1.0], np.full(grid.years - 1, 1.0 + growth)]))
    grown: Floats = factors[np.arange(grid.steps) // grid.per_year]
    return grown


def _since_stated(grown: Floats, grid: Grid) -> Floats:
    """Give growth from the day on which amounts are stated: [cell or 1, step].

    grown  [step] growth from issue, which is that day but for contracts in force
    """
    if grid.cells.elapsed is None:
        return grown[None, :]
    over = grid.cells.elapsed[:, None] * grid.per_year
    since: Floats = grown[np.maximum(np.arange(grid.steps)[None, :] - over, 0)]
    return since


def _sped(expense: Expense, grid: Grid, scope: Scope, faster: Floats) -> Floats:
    """Give what an expense is multiplied by where its growth is another: [cell, step].

    A year's growth of g becomes g + faster, so that the level moves by (1 + g + faster) / (1 + g).
    """
    growth = 0.0
    if expense.grows is not None:
        growth = constant(expense.grows, scope, RATIO) or 0.0
    rise = np.maximum(1.0 + growth + faster, 0.0) / (1.0 + growth)
    apart = grid.per_year
    if expense.grows_every == "month":
        kinds, place = np.unique(rise, return_inverse=True)
        each = np.array([power(one, 1.0 / apart) for one in kinds.tolist()])
        rise, apart = each[place].reshape(faster.shape), 1
    level = np.ones(faster.shape)
    for step in range(1, faster.shape[1]):
        level[:, step] = level[:, step - 1] * (rise[:, step] if step % apart == 0 else 1.0)
    return level


@lru_cache(maxsize=8)
def _by_month(growth: float, steps: int, per_year: int) -> Floats:
    """Powers are dear, and every block of points asks for the same ones."""
    found = np.array([power(1.0 + growth, k / per_year) for k in range(steps)])
    found.setflags(write=False)
    return found
